package paisandbox

import (
	"context"
	"fmt"
)

// Service is a server that logs its requests and applies faults to its responses. It is the API itself, or a service
// that StartService started.
type Service struct {
	Server
	sandbox *Sandbox
	product string                                  // for the links in error responses
	admit   func(x *exchange) (operation, *Refusal) // returns the operation, or refuses the request

	log    requestLog
	faults faultList
}

// ServiceOptions configures a Service.
type ServiceOptions struct {
	Product string // names the service in its errors
	Addr    string // address to listen on; DefaultAddr if empty
	TLS     bool   // serve HTTPS with a certificate of the sandbox's authority
	Handler Handler
}

// Handler checks a request of a service. It returns a function that creates the response, or a refusal. The function is
// called only if no fault replaces the response. Faults don't apply to refused requests.
type Handler func(Request) (func() (*Response, *Refusal), *Refusal)

// StartService starts a service of the sandbox. It serves until it or the sandbox is closed, or until ctx ends.
func (s *Sandbox) StartService(ctx context.Context, o ServiceOptions) (*Service, error) {
	service := &Service{sandbox: s, product: o.Product, admit: func(x *exchange) (operation, *Refusal) {
		if x.queryErr != nil {
			return operation{}, Unparsable("query", x.queryErr)
		}
		respond, refusal := o.Handler(x.request())
		return operation{serve: func(*exchange, []Effect) (*Response, *Refusal) { return respond() }}, refusal
	}}
	var authority *Authority
	if o.TLS {
		authority = s.authority
	}
	err := service.startServing(ctx, o.Addr, authority, service.handle)
	if err == nil {
		err = s.addDependent(&service.Server)
	}
	if err != nil {
		return nil, fmt.Errorf("start sandbox service %s: %w", o.Product, err)
	}
	return service, nil
}

// Requests returns every request in order of arrival, including refused ones. A request is listed once its header has
// been read. Its Status is set before the first byte of the response is sent.
func (s *Service) Requests() []Request { return s.log.all() }

// TakeRequests returns the requests that have ended, in order of arrival, and removes them from the log. Long runs call
// it to limit the memory that the log uses.
func (s *Service) TakeRequests() []Request { return s.log.take() }

// PeakRequests returns the largest number of requests that were in progress at the same time.
func (s *Service) PeakRequests() int { return s.log.peakRequests() }

// AddFault adds a fault, which applies from the next request on.
func (s *Service) AddFault(f Fault) { s.faults.add(f) }

// ClearFaults removes every fault.
func (s *Service) ClearFaults() { s.faults.clear() }

// BeforeRequest calls a function once, before the nth of the following requests is answered.
func (s *Service) BeforeRequest(n int, call func(*Sandbox)) {
	s.AddFault(Fault{Skip: n - 1, Times: 1, Do: Call(call)})
}

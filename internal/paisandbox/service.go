package paisandbox

import (
	"context"
	"fmt"
)

// Service is a server that logs requests and whose responses faults can change: the API, or one that StartService started.
type Service struct {
	Server
	sandbox *Sandbox
	product string                                  // as the links in its errors name it
	admit   func(x *exchange) (operation, *Refusal) // finds the operation, and refuses requests that aren't allowed

	log    requestLog
	faults faultList
}

// ServiceOptions says what a service is and how it is started.
type ServiceOptions struct {
	Product string // names the service in its errors
	Addr    string // address to listen on, DefaultAddr when empty
	TLS     bool   // serve HTTPS with a certificate of the sandbox's authority
	Handler Handler
}

// Handler checks a request of a service and returns the function that makes the response, or a refusal. The function is
// called only if no fault replaces the response. Faults don't apply to refused requests.
type Handler func(Request) (func() (*Response, *Refusal), *Refusal)

// StartService starts a service that belongs to the sandbox. It serves until Close is called, ctx ends or the sandbox does.
func (s *Sandbox) StartService(ctx context.Context, o ServiceOptions) (*Service, error) {
	service := &Service{sandbox: s, product: o.Product, admit: func(x *exchange) (operation, *Refusal) {
		if x.queryErr != nil {
			return operation{}, Unparsable("query", x.queryErr)
		}
		respond, refused := o.Handler(x.seen())
		return operation{serve: func(*exchange, []Effect) (*Response, *Refusal) { return respond() }}, refused
	}}
	var authority *Authority
	if o.TLS {
		authority = s.authority
	}
	err := service.start(ctx, o.Addr, authority, service.handle)
	if err == nil {
		err = s.adopt(&service.Server)
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %s: %w", o.Product, err)
	}
	return service, nil
}

// Requests lists every request that arrived, in order of arrival, refused ones too. A request is listed from the
// moment its header was read, and its Status is set before the first byte of the response is sent.
func (s *Service) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	all := make([]Request, 0, len(s.log.requests))
	for _, r := range s.log.requests {
		all = append(all, r.clone())
	}
	return all
}

// TakeRequests lists the requests that have ended, in order of arrival, and removes them from the log, which would
// otherwise grow without bound in a long run.
func (s *Service) TakeRequests() []Request { return s.log.take() }

// Peak returns the largest number of requests that were under way at once.
func (s *Service) Peak() int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.peak
}

// AddFault turns a fault on.
func (s *Service) AddFault(f Fault) { s.faults.add(f) }

// ClearFaults turns every fault off.
func (s *Service) ClearFaults() { s.faults.clear() }

// Before runs a function between two requests: after n-1 more requests have arrived, before the response to the nth.
func (s *Service) Before(n int, do func(*Sandbox)) {
	s.AddFault(Fault{Skip: n - 1, Times: 1, Do: Change(do)})
}

package paisandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
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

// Server is an HTTP server on this machine. It stops when it is closed, when its context ends, or when the sandbox that
// it belongs to stops.
type Server struct {
	scheme, host string
	certificate  []byte // PEM
	http         *http.Server
	ctx          context.Context // ends when the server stops; parent of every request's context
	cancel       context.CancelFunc
	serving      sync.WaitGroup
	closeOnce    sync.Once
	closeErr     error
	override     certificateOverride

	mu         sync.Mutex
	dependents []*Server // stop with this server
}

// discardLog discards the messages of net/http about failed handshakes and aborted requests, which tests cause on
// purpose.
var discardLog = log.New(io.Discard, "", 0)

// StartServer listens on an address, DefaultAddr if empty, and serves until Close is called or ctx ends. It serves
// HTTPS if there is an authority.
func StartServer(
	ctx context.Context, addr string, authority *Authority, handler http.HandlerFunc,
) (*Server, error) {
	s := new(Server)
	if err := s.startServing(ctx, addr, authority, handler); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) startServing(ctx context.Context, addr string, authority *Authority, handler http.HandlerFunc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(addr, DefaultAddr))
	if err != nil {
		return err
	}
	ip, port := dialAddress(listener.Addr())
	s.scheme, s.host = "http", net.JoinHostPort(ip, port)
	s.http = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ConnContext:       withConnection,
		ErrorLog:          discardLog,
	}
	serve := s.http.Serve
	if authority != nil {
		config, err := authority.ServerConfig(ip)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		config.GetConfigForClient = s.override.configFunc(authority)
		s.scheme, s.certificate, s.http.TLSConfig = "https", authority.PEM(), config
		serve = func(l net.Listener) error { return s.http.ServeTLS(l, "", "") }
	}
	s.ctx, s.cancel = context.WithCancel(ctx)
	s.serving.Go(func() {
		if err := serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.cancel()
		}
	})
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return nil
}

// dialAddress returns the address at which a client on this machine reaches the listener.
func dialAddress(addr net.Addr) (host, port string) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr.String(), ""
	}
	if tcp.IP.IsUnspecified() {
		return "127.0.0.1", fmt.Sprint(tcp.Port)
	}
	return tcp.IP.String(), fmt.Sprint(tcp.Port)
}

// URL returns the server's base URL, such as http://127.0.0.1:41233.
func (s *Server) URL() string { return s.scheme + "://" + s.host }

// Host returns the host and port of URL.
func (s *Server) Host() string { return s.host }

// Context returns a context that ends when the server stops.
func (s *Server) Context() context.Context { return s.ctx }

// CertificatePEM returns the certificate that a client must trust, or nil without TLS.
func (s *Server) CertificatePEM() []byte { return append([]byte(nil), s.certificate...) }

// addDependent registers a server to close with this one. If this one has already stopped, it closes that server and
// returns an error.
func (s *Server) addDependent(d *Server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ctx.Err(); err != nil {
		return errors.Join(errors.New("the sandbox is closed"), d.Close())
	}
	s.dependents = append(s.dependents, d)
	return nil
}

// Close closes the listener and every connection, and ends delayed and hanging requests. For a Sandbox it also closes
// the services that were started for it.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.cancel()
		s.closeErr = s.http.Close()
		s.serving.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, d := range s.dependents {
			s.closeErr = errors.Join(s.closeErr, d.Close())
		}
	})
	return s.closeErr
}

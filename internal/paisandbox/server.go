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

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
)

// Service is a server that logs its requests and applies faults to its responses. A Sandbox is a Service for the image
// API. StartService starts other services.
type Service struct {
	Server
	sandbox *Sandbox
	product string                                        // part of the links in error responses
	admit   func(x *exchange) (operation, *ErrorResponse) // returns the operation or an error response

	log    requestLog
	faults faultList
}

// ServiceOptions configures a Service.
type ServiceOptions struct {
	Product string // name of the service in error responses
	Addr    string // address to listen on; DefaultAddr if empty
	TLS     bool   // serve HTTPS with a certificate of the sandbox's authority
	Handler Handler
}

// Handler checks a request of a service. It returns an error response, or a function that creates the response. The
// service doesn't call the function if a fault replaces the response. Faults don't affect requests that get an error
// response from the Handler.
type Handler func(Request) (func() (*Response, *ErrorResponse), *ErrorResponse)

// StartService starts a service of the sandbox. The service stops if it or the sandbox is closed, or if ctx ends.
func (s *Sandbox) StartService(ctx context.Context, o ServiceOptions) (*Service, error) {
	service := &Service{sandbox: s, product: o.Product, admit: func(x *exchange) (operation, *ErrorResponse) {
		if x.queryErr != nil {
			return operation{}, Unparsable("query", x.queryErr)
		}
		respond, errResp := o.Handler(x.request())
		return operation{serve: func(*exchange, []Effect) (*Response, *ErrorResponse) { return respond() }}, errResp
	}}
	var authority *certs.Authority
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

// Requests returns all requests in order of arrival, including refused ones. It includes a request as soon as the
// header has been read. Status is set before the first byte of the response is sent.
func (s *Service) Requests() []Request { return s.log.all() }

// TakeRequests removes the ended requests from the log and returns them in order of arrival. Long runs call it to limit
// the memory of the log.
func (s *Service) TakeRequests() []Request { return s.log.take() }

// PeakRequests returns the largest number of requests that were in progress at the same time.
func (s *Service) PeakRequests() int { return s.log.peakRequests() }

// AddFault adds a fault. The fault applies from the next request on.
func (s *Service) AddFault(f Fault) { s.faults.add(f) }

// ClearFaults removes every fault.
func (s *Service) ClearFaults() { s.faults.clear() }

// BeforeRequest calls a function once, before the service handles the nth request after this call.
func (s *Service) BeforeRequest(n int, call func(*Sandbox)) {
	s.AddFault(Fault{Skip: n - 1, Times: 1, Do: Call(call)})
}

// Server is an HTTP server on this machine. It stops when it is closed, when its context ends, or when the server that
// it depends on stops.
type Server struct {
	scheme, host string
	certificate  []byte // PEM
	http         *http.Server
	ctx          context.Context // ends when the server stops; parent of the requests' contexts
	cancel       context.CancelFunc
	serving      sync.WaitGroup
	closeOnce    sync.Once
	closeErr     error
	override     certificateOverride

	mu         sync.Mutex
	dependents []*Server // closed when this server is closed
}

// discardLog discards the log messages of net/http. Tests cause failed handshakes and aborted requests on purpose.
var discardLog = log.New(io.Discard, "", 0)

// StartServer starts a server on an address, or on DefaultAddr if addr is empty. The server uses HTTPS if authority is
// not nil. It serves until Close is called or ctx ends.
func StartServer(
	ctx context.Context, addr string, authority *certs.Authority, handler http.HandlerFunc,
) (*Server, error) {
	s := new(Server)
	if err := s.startServing(ctx, addr, authority, handler); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) startServing(
	ctx context.Context, addr string, authority *certs.Authority, handler http.HandlerFunc,
) error {
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
	serverCtx, cancel := context.WithCancel(ctx)
	s.ctx, s.cancel = serverCtx, cancel
	s.serving.Go(func() {
		if err := serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.cancel()
		}
	})
	// Not on ctx, which would keep a closed server in memory until ctx ends.
	context.AfterFunc(serverCtx, func() { _ = s.Close() })
	return nil
}

// dialAddress returns the host and port with which a client on this machine can connect to the listener.
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

// Host returns the host and port of the URL.
func (s *Server) Host() string { return s.host }

// Context returns a context that ends when the server stops.
func (s *Server) Context() context.Context { return s.ctx }

// CertificatePEM returns the certificate that clients must trust, or nil if the server uses plain HTTP.
func (s *Server) CertificatePEM() []byte { return append([]byte(nil), s.certificate...) }

// addDependent registers d, so that Close of s also closes d. If s is already closed, addDependent closes d and returns
// an error.
func (s *Server) addDependent(d *Server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ctx.Err(); err != nil {
		return errors.Join(errors.New("the sandbox is closed"), d.Close())
	}
	s.dependents = append(s.dependents, d)
	return nil
}

// Close closes the listener and all connections, which also ends delayed and hanging requests. Close of a Sandbox also
// closes its services.
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

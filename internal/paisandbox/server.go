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

// Server is an HTTP server on this machine. It ends when it is closed, when its context ends, and with the sandbox that
// it belongs to.
type Server struct {
	scheme, host string
	certificate  []byte
	http         *http.Server
	alive        context.Context // ends when the server closes: delayed and hanging requests wait on it
	kill         context.CancelFunc
	serving      sync.WaitGroup
	closeOnce    sync.Once
	closeErr     error
	names        otherNames

	mu    sync.Mutex
	wards []*Server // servers that end with this one
}

// quiet takes what Go's servers complain of. Broken handshakes and aborted requests are what tests are about; they don't
// belong on their stderr.
var quiet = log.New(io.Discard, "", 0)

// StartServer listens on an address (DefaultAddr when empty) and serves until Close is called or ctx ends; over TLS where
// an authority is given.
func StartServer(ctx context.Context, addr string, authority *Authority, handler http.HandlerFunc) (*Server, error) {
	s := new(Server)
	if err := s.start(ctx, addr, authority, handler); err != nil {
		return nil, err
	}
	return s, nil
}

// start listens and serves until Close is called or ctx ends; over TLS where an authority is given.
func (s *Server) start(ctx context.Context, addr string, authority *Authority, handler http.HandlerFunc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(addr, DefaultAddr))
	if err != nil {
		return err
	}
	ip, port := reachable(listener.Addr())
	s.scheme, s.host = "http", net.JoinHostPort(ip, port)
	s.http = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.alive },
		ConnContext:       withConnection,
		ErrorLog:          quiet,
	}
	run := s.http.Serve
	if authority != nil {
		config, err := authority.ServerConfig(ip)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		config.GetConfigForClient = s.names.under(authority)
		s.scheme, s.certificate, s.http.TLSConfig = "https", authority.PEM(), config
		run = func(l net.Listener) error { return s.http.ServeTLS(l, "", "") }
	}
	s.alive, s.kill = context.WithCancel(ctx)
	s.serving.Go(func() {
		if err := run(listener); !errors.Is(err, http.ErrServerClosed) {
			s.kill()
		}
	})
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return nil
}

// reachable turns the address of a listener into one that a client on this machine can dial.
func reachable(addr net.Addr) (host, port string) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr.String(), ""
	}
	if tcp.IP.IsUnspecified() {
		return "127.0.0.1", fmt.Sprint(tcp.Port)
	}
	return tcp.IP.String(), fmt.Sprint(tcp.Port)
}

// URL is where the server answers, such as http://127.0.0.1:41233.
func (s *Server) URL() string { return s.scheme + "://" + s.host }

// Host is the host and port of URL.
func (s *Server) Host() string { return s.host }

// Context returns a context that ends when the server closes.
func (s *Server) Context() context.Context { return s.alive }

// CertificatePEM is the certificate to trust, nil without TLS.
func (s *Server) CertificatePEM() []byte { return append([]byte(nil), s.certificate...) }

// adopt makes another server end with this one.
func (s *Server) adopt(ward *Server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.alive.Err(); err != nil {
		return errors.Join(errors.New("its sandbox is closed"), ward.Close())
	}
	s.wards = append(s.wards, ward)
	return nil
}

// Close ends the listener, every connection and every delayed or hanging request; that of a sandbox ends the servers
// that were started for it, too.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.kill()
		s.closeErr = s.http.Close()
		s.serving.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, ward := range s.wards {
			s.closeErr = errors.Join(s.closeErr, ward.Close())
		}
	})
	return s.closeErr
}

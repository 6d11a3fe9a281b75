package paisandbox

import (
	"crypto/tls"
	"sync"
)

// otherNames says which handshakes of a server show the certificate of another one.
type otherNames struct {
	mu    sync.Mutex
	name  string // empty: none do
	times int    // how many more; 0: all
}

// ShowCertificateOf makes the server show a certificate for another name, as one does that took over the address: at the
// next handshakes, as many as are given, or with 0 at all. It is not for a server without TLS. Connections that are there
// stay: CloseAfter ends one.
func (s *Server) ShowCertificateOf(name string, times int) {
	s.names.mu.Lock()
	defer s.names.mu.Unlock()
	s.names.name, s.names.times = name, times
}

// next is the name to show at a handshake, empty for the right one.
func (o *otherNames) next() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	name := o.name
	if o.times--; o.times == 0 {
		o.name = ""
	}
	o.times = max(0, o.times)
	return name
}

// under is for tls.Config, which asks it at every handshake, and without an answer goes on as it is.
func (o *otherNames) under(authority *Authority) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(*tls.ClientHelloInfo) (*tls.Config, error) {
		name := o.next()
		if name == "" {
			return nil, nil
		}
		certificate, err := authority.certificateFor(name)
		if err != nil {
			return nil, err
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*certificate}}, nil
	}
}

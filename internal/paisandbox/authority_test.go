package paisandbox

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
)

// startTLSService starts a service of the sandbox over TLS.
func startTLSService(t *testing.T, s *Sandbox) *Service {
	t.Helper()
	service, err := s.StartService(t.Context(), ServiceOptions{
		Product: "test", TLS: true, Handler: func(Request) (func() (*Response, *Refusal), *Refusal) { return nil, InvalidVersion() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// certificateOf dials a server as if it had a name, and checks its certificate as a client that trusts one authority.
func certificateOf(t *testing.T, pem []byte, address, name string) (*x509.Certificate, error) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: pool, ServerName: name, MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0], nil
}

func TestOneAuthorityForAllServers(t *testing.T) {
	t.Parallel()
	shared, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	s, other := start(t, Options{TLS: true, Authority: shared}), start(t, Options{TLS: true, Authority: shared})
	service := startTLSService(t, s)
	for _, address := range []string{s.Host(), other.Host(), service.Host()} {
		for _, name := range []string{
			"127.0.0.1", "::1", "localhost", "sts.aliyuncs.com", "STS-vpc.cn-Hangzhou.aliyuncs.com",
			"aiworkspace.cn-hangzhou.aliyuncs.com", "oauth.aliyun.com",
		} {
			if _, err := certificateOf(t, shared.PEM(), address, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := certificateOf(t, shared.PEM(), address, "127.0.0.9"); err == nil {
			t.Error("a certificate for an address that nobody named")
		}
	}
	one, err := certificateOf(t, shared.PEM(), s.Host(), "sts.aliyuncs.com")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := certificateOf(t, shared.PEM(), service.Host(), "sts.aliyuncs.com"); err != nil || !again.Equal(one) || again.IsCA {
		t.Errorf("another certificate for the same name, or one that can make others (%v)", err)
	}
	if string(service.CertificatePEM()) != string(shared.PEM()) || string(s.CertificatePEM()) != string(shared.PEM()) {
		t.Error("servers name another authority than the one they were given")
	}
	shared.PEM()[0] = 'x'
	if string(service.CertificatePEM()) != string(shared.PEM()) || shared.PEM()[0] == 'x' {
		t.Error("the certificate can be changed from outside")
	}
}

func TestEverySandboxHasItsOwnAuthority(t *testing.T) {
	t.Parallel()
	secure, open := start(t, Options{TLS: true}), start(t, Options{})
	if open.CertificatePEM() != nil {
		t.Error("a certificate of a server without TLS")
	}
	service := startTLSService(t, secure)
	if _, err := certificateOf(t, secure.CertificatePEM(), service.Host(), "sts.aliyuncs.com"); err != nil {
		t.Errorf("the sandbox's service: %v", err)
	}
	if _, err := certificateOf(t, startTLSService(t, open).CertificatePEM(), service.Host(), "sts.aliyuncs.com"); err == nil {
		t.Error("another sandbox's authority vouches for it")
	}
}

func TestServerConfigForAnAddress(t *testing.T) {
	t.Parallel()
	authority, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	config, err := authority.ServerConfig("127.0.0.9", "not an address")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			go func(conn net.Conn) {
				_ = conn.(*tls.Conn).HandshakeContext(t.Context())
				_ = conn.Close()
			}(conn)
		}
	}()
	for name, want := range map[string]bool{"127.0.0.9": true, "127.0.0.1": true, "127.0.0.8": false} {
		if _, err := certificateOf(t, authority.PEM(), listener.Addr().String(), name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package certs_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
)

// startSandbox starts a sandbox and closes it at the end of the test.
func startSandbox(t *testing.T, o paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	s, err := paisandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// startTLSService starts a service of the sandbox that uses HTTPS.
func startTLSService(t *testing.T, s *paisandbox.Sandbox) *paisandbox.Service {
	t.Helper()
	refuse := func(paisandbox.Request) (
		func() (*paisandbox.Response, *paisandbox.ErrorResponse), *paisandbox.ErrorResponse,
	) {
		return nil, paisandbox.InvalidVersion()
	}
	service, err := s.StartService(t.Context(), paisandbox.ServiceOptions{Product: "test", TLS: true, Handler: refuse})
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// dialCertificate connects to a server, sends a server name and returns the server's certificate. It trusts only the
// authority in pem.
func dialCertificate(t *testing.T, pem []byte, address, name string) (*x509.Certificate, error) {
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

func TestSharedAuthority(t *testing.T) {
	t.Parallel()
	shared, err := certs.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	options := paisandbox.Options{TLS: true, Authority: shared}
	s, other := startSandbox(t, options), startSandbox(t, options)
	service := startTLSService(t, s)
	for _, address := range []string{s.Host(), other.Host(), service.Host()} {
		for _, name := range []string{
			"127.0.0.1", "::1", "localhost", "sts.aliyuncs.com", "STS-vpc.cn-Hangzhou.aliyuncs.com",
			"aiworkspace.cn-hangzhou.aliyuncs.com", "oauth.aliyun.com",
		} {
			if _, err := dialCertificate(t, shared.PEM(), address, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := dialCertificate(t, shared.PEM(), address, "127.0.0.9"); err == nil {
			t.Error("the certificate is valid for an address that the server doesn't listen on")
		}
	}
	first, err := dialCertificate(t, shared.PEM(), s.Host(), "sts.aliyuncs.com")
	if err != nil {
		t.Fatal(err)
	}
	second, err := dialCertificate(t, shared.PEM(), service.Host(), "sts.aliyuncs.com")
	if err != nil || !second.Equal(first) {
		t.Errorf("two servers have different certificates for the same name (%v)", err)
	}
	if first.IsCA {
		t.Error("a server's certificate can issue others")
	}
	if string(service.CertificatePEM()) != string(shared.PEM()) || string(s.CertificatePEM()) != string(shared.PEM()) {
		t.Error("CertificatePEM is not that of the shared authority")
	}
	shared.PEM()[0] = 'x'
	if string(service.CertificatePEM()) != string(shared.PEM()) || shared.PEM()[0] == 'x' {
		t.Error("PEM doesn't return a copy")
	}
}

func TestDefaultAuthority(t *testing.T) {
	t.Parallel()
	s, other := startSandbox(t, paisandbox.Options{TLS: true}), startSandbox(t, paisandbox.Options{})
	if other.CertificatePEM() != nil {
		t.Error("a sandbox without TLS has a certificate")
	}
	service, otherService := startTLSService(t, s), startTLSService(t, other)
	if _, err := dialCertificate(t, s.CertificatePEM(), service.Host(), "sts.aliyuncs.com"); err != nil {
		t.Errorf("the sandbox's certificate is not valid for its service: %v", err)
	}
	if _, err := dialCertificate(t, otherService.CertificatePEM(), service.Host(), "sts.aliyuncs.com"); err == nil {
		t.Error("the certificate of another sandbox is valid for the service")
	}
}

func TestServerConfigAddresses(t *testing.T) {
	t.Parallel()
	authority, err := certs.NewAuthority()
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
		if _, err := dialCertificate(t, authority.PEM(), listener.Addr().String(), name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package identity

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// tunnelTo opens a tunnel by hand.
func tunnelTo(t *testing.T, p *Proxy, host, more string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.Host())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, "CONNECT "+host+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n"+more); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v, %+v", err, response)
	}
	_ = response.Body.Close()
	return conn, reader
}

func TestTunnelCarriesEverything(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", paisandbox.DefaultAddr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() { // answers after the other side has said all it has to say
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			said, _ := io.ReadAll(conn)
			_, _ = conn.Write(slices.Concat([]byte("you said "), said))
			_ = conn.Close()
		}
	}()
	p := startProxy(
		t, map[string]string{"echo.example:7": listener.Addr().String(), "echo.example:443": listener.Addr().String()},
	)
	for _, host := range []string{"ECHO.example:7", "echo.example"} {
		conn, reader := tunnelTo(t, p, host, "before, ")
		_, _ = io.WriteString(conn, "after")
		_ = conn.(*net.TCPConn).CloseWrite()
		if got, err := io.ReadAll(reader); err != nil || string(got) != "you said before, after" {
			t.Errorf("%s: got %q, %v", host, got, err)
		}
	}
}

func TestTunnelEndsWithItsProxy(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{TLS: true})
	p := startProxy(t, map[string]string{"api.example:443": s.Host()})
	conn, _ := tunnelTo(t, p, "api.example:443", "")
	config := trusting(s.CertificatePEM()).Transport.(*http.Transport).TLSClientConfig
	config.ServerName = "api.example"
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := secure.Read(make([]byte, 1)); err == nil || time.Since(begun) > time.Second {
		t.Errorf("the tunnel outlived its proxy by %s: %v", time.Since(begun), err)
	}
}

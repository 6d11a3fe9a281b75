package identity

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func startProxy(t *testing.T, route map[string]string) *Proxy {
	t.Helper()
	p, err := StartProxy(t.Context(), ProxyOptions{Route: route})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// newProxyClient returns a client that sends all requests through a proxy.
func newProxyClient(t *testing.T, p *Proxy, pem []byte) *http.Client {
	t.Helper()
	address, err := url.Parse(p.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := newTLSClient(pem)
	client.Transport.(*http.Transport).Proxy = http.ProxyURL(address)
	return client
}

func checkProxyRequests(t *testing.T, p *Proxy, want []ProxyRequest) {
	t.Helper()
	if diff := cmp.Diff(want, p.Requests(), cmpopts.IgnoreFields(ProxyRequest{}, "Header")); diff != "" {
		t.Errorf("requests to the proxy (-want +got):\n%s", diff)
	}
}

func TestProxyOfSTS(t *testing.T) {
	t.Parallel()
	sts := startSTS(t, startSandbox(t, paisandbox.Options{}), STSOptions{})
	p := startProxy(t, map[string]string{"sts.cn-hangzhou.aliyuncs.com:443": sts.Host()})
	client := newProxyClient(t, p, sts.CertificatePEM())
	const query = "/?Action=AssumeRole&Version=2015-04-01&Format=JSON"
	got := fetch(t, client, http.MethodGet, "https://sts.cn-hangzhou.aliyuncs.com"+query, nil)
	if code := got.errorCode(t); code != "MissingAccessKeyId" {
		t.Errorf("code %s", code)
	}
	if r := sts.Requests(); len(r) != 1 || r[0].Host != "sts.cn-hangzhou.aliyuncs.com" {
		t.Errorf("requests to STS %+v", r)
	}
	err := getError(t, client, "https://sts.aliyuncs.com/")
	if err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
		t.Errorf("a host without a route: %v", err)
	}
	checkProxyRequests(t, p, []ProxyRequest{
		{Method: "CONNECT", Host: "sts.cn-hangzhou.aliyuncs.com:443", Routed: true},
		{Method: "CONNECT", Host: "sts.aliyuncs.com:443"},
	})
}

func TestProxyOfMetadata(t *testing.T) {
	t.Parallel()
	m := startMetadata(t, startSandbox(t, paisandbox.Options{}), MetadataOptions{})
	p := startProxy(t, map[string]string{MetadataHost: m.Host()})
	client := newProxyClient(t, p, nil)
	get := func(address string) httpResponse {
		return fetch(t, client, http.MethodGet, address, http.Header{"X-Mine": {"1"}})
	}
	if got := get("http://100.100.100.200" + metadataRolePath); string(got.body) != DefaultMetadataRole {
		t.Errorf("%s: %s, want the role", got.Status, got.body)
	}
	if got := get("http://100.100.100.200:8080/"); got.StatusCode != http.StatusBadGateway {
		t.Errorf("another port: %s", got.Status)
	}
	direct, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL()+metadataRolePath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	direct.Host = "100.100.100.200"
	if got := send(t, newTLSClient(nil), direct); got.StatusCode != http.StatusBadGateway {
		t.Errorf("a request that isn't for a proxy: %s", got.Status)
	}
	received := m.Requests()
	if len(received) != 1 || received[0].Host != "100.100.100.200" || received[0].Header.Get("X-Mine") != "1" ||
		received[0].Header.Get("X-Forwarded-For") != "" {
		t.Errorf("requests to the metadata %+v", received)
	}
	checkProxyRequests(t, p, []ProxyRequest{
		{Method: "GET", Host: MetadataHost, Path: metadataRolePath, Routed: true},
		{Method: "GET", Host: "100.100.100.200:8080", Path: "/"},
		{Method: "GET", Host: MetadataHost, Path: metadataRolePath},
	})
	p.Requests()[0].Header.Set("X-Mine", "changed by the caller")
	if got := p.Requests()[0].Header.Get("X-Mine"); got != "1" {
		t.Errorf("the header has become %q", got)
	}
}

func TestProxyOfClosedServer(t *testing.T) {
	t.Parallel()
	closed := startSandbox(t, paisandbox.Options{})
	_ = closed.Close()
	p := startProxy(t, map[string]string{"a.example:80": closed.Host(), "a.example:443": closed.Host()})
	client := newProxyClient(t, p, nil)
	got := fetch(t, client, http.MethodGet, "http://a.example/", nil)
	if got.StatusCode != http.StatusBadGateway || !strings.Contains(string(got.body), "refused") {
		t.Errorf("%s: %s", got.Status, got.body)
	}
	if err := getError(t, client, "https://a.example/"); err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
		t.Errorf("HTTPS: %v", err)
	}
}

// openTunnel sends a CONNECT request together with the first bytes for the server.
func openTunnel(t *testing.T, p *Proxy, host, first string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.Host())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, "CONNECT "+host+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n"+first); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	r, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("response %+v, error %v", r, err)
	}
	_ = r.Body.Close()
	return conn, reader
}

// TestTunnelIsComplete checks that a client receives the whole response of a server that responds only after the client
// has closed its side.
func TestTunnelIsComplete(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", paisandbox.DefaultAddr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			received, _ := io.ReadAll(conn)
			_, _ = conn.Write(slices.Concat([]byte("received "), received))
			_ = conn.Close()
		}
	}()
	address := listener.Addr().String()
	p := startProxy(t, map[string]string{"echo.example:7": address, "echo.example:443": address})
	for _, host := range []string{"ECHO.example:7", "echo.example"} {
		conn, reader := openTunnel(t, p, host, "first, ")
		_, _ = io.WriteString(conn, "second")
		_ = conn.(*net.TCPConn).CloseWrite()
		if got, err := io.ReadAll(reader); err != nil || string(got) != "received first, second" {
			t.Errorf("%s: %q, error %v", host, got, err)
		}
	}
}

func TestCloseEndsTunnel(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{TLS: true})
	p := startProxy(t, map[string]string{"api.example:443": s.Host()})
	conn, _ := openTunnel(t, p, "api.example:443", "")
	config := newTLSClient(s.CertificatePEM()).Transport.(*http.Transport).TLSClientConfig
	config.ServerName = "api.example"
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := secure.Read(make([]byte, 1)); err == nil || time.Since(begin) > time.Second {
		t.Errorf("the tunnel ended after %s, error %v", time.Since(begin), err)
	}
}

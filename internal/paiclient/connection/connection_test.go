package connection

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

const limit = 250 * time.Millisecond

// listen returns a listener that accepts connections and never responds.
func listen(t *testing.T) net.Listener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = connection.Close() })
		}
	}()
	return listener
}

// send sends a GET request and returns its error.
func send(ctx context.Context, transport http.RoundTripper, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}

// TestLimit checks that each step of connecting is limited, and that the error names the step that was not finished.
func TestLimit(t *testing.T) {
	t.Parallel()
	silent := listen(t).Addr().String()
	for name, test := range map[string]struct {
		host    string
		proxy   *url.URL
		dial    func(context.Context, string, string) (net.Conn, error) // nil for the dialer of the transport
		timeout time.Duration                                           // of the request; 0 for none
		step    string
	}{
		"TLS handshake": {host: silent, step: "TLS handshake"},
		"CONNECT": {
			host: "api.example.com:443", proxy: &url.URL{Scheme: "http", Host: silent, User: url.UserPassword("user", "secret")},
			step: "proxy to CONNECT",
		},
		"TLS handshake of a proxy": {
			host: "api.example.com:443", proxy: &url.URL{Scheme: "https", Host: silent}, step: "TLS handshake",
		},
		"name server": {
			host: "api.example.com:443", step: "name server",
			dial: (&net.Dialer{Resolver: &net.Resolver{
				PreferGo: true,
				Dial:     func(context.Context, string, string) (net.Conn, error) { c, _ := net.Pipe(); return c, nil },
			}}).DialContext,
		},
		"dial": {
			host: silent, step: "no connection",
			dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
		},
		"shorter limit of the request": {host: silent, timeout: limit / 2, step: "TLS handshake"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := &http.Transport{Proxy: http.ProxyURL(test.proxy)}
			transport := NewTransport(next, limit)
			if test.dial != nil {
				next.DialContext = test.dial
			}
			ctx, want := t.Context(), limit
			if test.timeout > 0 {
				want = test.timeout
				limited, cancel := context.WithTimeout(ctx, test.timeout)
				defer cancel()
				ctx = limited
			}
			begin := time.Now()
			err := send(ctx, transport, "https://"+test.host+"/")
			failure, ok := errors.AsType[*Error](err)
			if !ok || failure.Host != test.host || !strings.Contains(failure.Err.Error(), test.step) {
				t.Fatalf("got %v, want an Error with host %s and %q", err, test.host, test.step)
			}
			if took := time.Since(begin); took < want || took > want+5*time.Second {
				t.Errorf("took %s, want %s", took, want)
			}
			// The deadline of the request is the limit minus the time since its start.
			if failure.Timeout > want || failure.Timeout < want*9/10 {
				t.Errorf("got timeout %s, want %s", failure.Timeout, want)
			}
			if failure.Proxy != nil && failure.Proxy.String() != test.proxy.Scheme+"://"+silent {
				t.Errorf("got proxy %s", failure.Proxy)
			}
			if got := strings.Contains(err.Error(), "through the proxy "+silent); got != (test.proxy != nil) {
				t.Errorf("got %q, which names a proxy: %t", err, got)
			}
		})
	}
}

// TestFailedConnection checks the error of connections that fail before the limit.
func TestFailedConnection(t *testing.T) {
	t.Parallel()
	closed := listen(t)
	_ = closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	refused := "http://" + closed.Addr().String()
	denying := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "", http.StatusProxyAuthRequired)
	}))
	t.Cleanup(denying.Close)
	for name, test := range map[string]struct {
		address string
		proxy   string
		want    error
		text    string
	}{
		"refused":               {address: "https://" + closed.Addr().String(), want: syscall.ECONNREFUSED, text: "refused"},
		"server without TLS":    {address: "https://" + plain.Listener.Addr().String(), want: http.ErrSchemeMismatch},
		"default port":          {address: "https://127.0.0.1", want: syscall.ECONNREFUSED, text: "127.0.0.1:443"},
		"denied by the proxy":   {address: "https://api.example.com", proxy: denying.URL, text: "Proxy Authentication"},
		"refused by the proxy":  {address: "https://api.example.com", proxy: refused, text: "refused"},
		"attempts in the error": {address: "https://" + closed.Addr().String(), text: "failed (2 attempts): "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := &http.Transport{}
			if proxy, _ := url.Parse(test.proxy); test.proxy != "" {
				next.Proxy = http.ProxyURL(proxy)
			}
			failure, ok := errors.AsType[*Error](send(t.Context(), NewTransport(next, time.Minute), test.address))
			if !ok || failure.Timeout != 0 || test.want != nil && !errors.Is(failure, test.want) {
				t.Fatalf("got %+v, want an Error without a timeout that wraps %v", failure, test.want)
			}
			if text := failure.Describe("2 attempts"); !strings.Contains(text, test.text) {
				t.Errorf("got %q, want %q in it", text, test.text)
			}
		})
	}
}

// TestConnectedRequestsAreNotLimited checks that the limit does not apply to responses, neither on a new connection nor
// on a reused one, and that a broken response is not reported as a failed connection.
func TestConnectedRequestsAreNotLimited(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			panic(http.ErrAbortHandler)
		}
		time.Sleep(2 * limit)
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
	})
	for name, start := range map[string]func(*httptest.Server){
		"HTTP/1.1": (*httptest.Server).Start, "TLS": (*httptest.Server).StartTLS,
		"HTTP/2": func(s *httptest.Server) { s.EnableHTTP2 = true; s.StartTLS() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(handler)
			start(server)
			t.Cleanup(server.Close)
			next := &http.Transport{
				TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the certificate is not the subject
				ForceAttemptHTTP2: true,
			}
			t.Cleanup(next.CloseIdleConnections)
			transport := NewTransport(next, limit)
			for range 2 {
				if err := send(t.Context(), transport, server.URL); err != nil {
					t.Error(err)
				}
			}
			err := send(t.Context(), transport, server.URL+"/broken")
			if _, ok := errors.AsType[*Error](err); ok || err == nil {
				t.Errorf("got %v, want another error than a failed connection", err)
			}
		})
	}
}

// TestCancel checks that a cancelled request returns the error of its context at once.
func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(limit, cancel)
	begin := time.Now()
	err := send(ctx, NewTransport(&http.Transport{}, time.Minute), "https://"+listen(t).Addr().String())
	if _, ok := errors.AsType[*Error](err); ok || !errors.Is(err, context.Canceled) || time.Since(begin) > time.Second {
		t.Errorf("got %v after %s", err, time.Since(begin))
	}
}

// TestLocalhost checks that a name below localhost is reached on this machine, over IPv4 or IPv6, without a proxy and
// without a name server.
func TestLocalhost(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{"IPv4": "127.0.0.1:0", "IPv6": "[::1]:0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
			if err != nil {
				t.Skip(err)
			}
			hosts := make(chan string, 3)
			server := &httptest.Server{Listener: listener, Config: &http.Server{
				ReadHeaderTimeout: time.Minute,
				Handler:           http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { hosts <- r.Host }),
			}}
			server.Start()
			t.Cleanup(server.Close)
			_, port, err := net.SplitHostPort(listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			// Nothing listens at the address of the proxy.
			next := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: "127.0.0.1:1"})}
			t.Cleanup(next.CloseIdleConnections)
			transport := NewTransport(next, time.Minute)
			for _, host := range []string{"cn-shanghai.localhost:" + port, "A.B.LocalHost:" + port, "localhost:" + port} {
				if err := send(t.Context(), transport, "http://"+host); err != nil {
					t.Fatal(err)
				}
				if got := <-hosts; got != host {
					t.Errorf("got a request to %s, want %s", got, host)
				}
			}
			failure, ok := errors.AsType[*Error](send(t.Context(), transport, "http://localhost.example.com:"+port))
			if !ok || failure.Proxy == nil {
				t.Errorf("got %v, want a failed connection to the proxy", failure)
			}
		})
	}
	refused := send(t.Context(), NewTransport(&http.Transport{}, time.Minute), "http://cn-shanghai.localhost:1")
	if !errors.Is(refused, syscall.ECONNREFUSED) || !strings.Contains(refused.Error(), "127.0.0.1:1") {
		t.Errorf("got %v, want a refused connection to 127.0.0.1", refused)
	}
}

// TestGotConnWithoutGetConn checks the hooks of a request over an HTTP/2 connection that another request has just
// opened. http.Transport then calls only GotConn.
func TestGotConnWithoutGetConn(t *testing.T) {
	t.Parallel()
	a := &attempt{}
	a.trace(false).GotConn(httptrace.GotConnInfo{})
	if a.connecting {
		t.Error("the request waits for a connection")
	}
}

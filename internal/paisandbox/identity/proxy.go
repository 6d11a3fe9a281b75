package identity

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// ProxyOptions says how a proxy is started.
type ProxyOptions struct {
	Addr string // address to listen on, paisandbox.DefaultAddr when empty

	// Route maps what a client may request to the server on this machine that responds, both as host:port, such as
	// "sts.cn-hangzhou.aliyuncs.com:443" to sts.Host(), or MetadataHost to metadata.Host().
	Route map[string]string
}

// Proxy is a proxy for HTTPS_PROXY and HTTP_PROXY. It routes the names of real services to servers on this machine and
// refuses every other name, so that no request through it reaches a network.
type Proxy struct {
	*paisandbox.Server
	route   map[string]string
	forward *httputil.ReverseProxy

	mu       sync.Mutex
	requests []ProxyRequest
}

// ProxyRequest is a request that a client sent to a proxy.
type ProxyRequest struct {
	Method string      // CONNECT, or that of a request over plain HTTP
	Host   string      // host:port
	Path   string      // over plain HTTP
	Header http.Header // as received
	Routed bool        // false: refused
}

// StartProxy serves until Close is called or ctx ends.
func StartProxy(ctx context.Context, o ProxyOptions) (*Proxy, error) {
	p := &Proxy{route: maps.Clone(o.Route)}
	p.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", p.route[withPort(r.In.Host, "80")]
			r.Out.Host = r.In.Host
		},
		Transport:    &http.Transport{DisableKeepAlives: true}, // ignores the proxies of the environment
		ErrorLog:     log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) { refuseHost(w, r.Host, err) },
	}
	var err error
	if p.Server, err = paisandbox.StartServer(ctx, o.Addr, nil, p.handle); err != nil {
		return nil, fmt.Errorf("sandbox: proxy: %w", err)
	}
	return p, nil
}

// Requests lists the requests to the proxy, in order of arrival, refused ones too.
func (p *Proxy) Requests() []ProxyRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	requests := slices.Clone(p.requests)
	for i := range requests {
		requests[i].Header = requests[i].Header.Clone()
	}
	return requests
}

func (p *Proxy) handle(w http.ResponseWriter, r *http.Request) {
	port := "80"
	if r.Method == http.MethodConnect {
		port = "443"
	}
	request := ProxyRequest{Method: r.Method, Host: withPort(r.Host, port), Path: r.URL.Path, Header: r.Header.Clone()}
	address, ok := p.route[request.Host]
	// A path without a host is a request to a server, not to a proxy.
	request.Routed = ok && (r.Method == http.MethodConnect || r.URL.IsAbs())
	p.mu.Lock()
	p.requests = append(p.requests, request)
	p.mu.Unlock()
	switch {
	case !request.Routed:
		hosts := strings.Join(slices.Sorted(maps.Keys(p.route)), ", ")
		refuseHost(w, request.Host, fmt.Errorf("the sandbox's proxy routes only %s", hosts))
	case r.Method == http.MethodConnect:
		p.tunnel(w, r, address)
	default:
		p.forward.ServeHTTP(w, r)
	}
}

// withPort returns host:port in lower case, as routes are written.
func withPort(host, port string) string {
	host = strings.ToLower(host)
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

func refuseHost(w http.ResponseWriter, host string, err error) {
	http.Error(w, fmt.Sprintf("can't reach %s: %v", host, err), http.StatusBadGateway)
}

// tunnel copies bytes in both directions until both sides have ended or the proxy closes.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request, address string) {
	far, err := new(net.Dialer).DialContext(r.Context(), "tcp", address)
	if err != nil {
		refuseHost(w, r.Host, err)
		return
	}
	defer func() { _ = far.Close() }()
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuseHost(w, r.Host, err)
		return
	}
	defer func() { _ = near.Close() }()
	// An HTTP server doesn't close a hijacked connection, so this does. The request's context isn't used: it ends when the
	// client has sent everything, while the response may still be on its way.
	defer context.AfterFunc(p.Context(), func() { //nolint:contextcheck // see above
		_ = near.Close()
		_ = far.Close()
	})()
	if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { copyAndClose(far, buffered) }) // the client's first bytes may be in the buffer
	both.Go(func() { copyAndClose(near, far) })
	both.Wait()
}

// copyAndClose copies until src ends, and closes dst for writing.
func copyAndClose(dst net.Conn, src io.Reader) {
	_, _ = io.Copy(dst, src) // a side that disconnects is not an error of the proxy
	if half, ok := dst.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

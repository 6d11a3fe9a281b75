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

// ProxyOptions configures a Proxy.
type ProxyOptions struct {
	Addr string // address to listen on; paisandbox.DefaultAddr if empty

	// Route maps the hosts that clients request to servers on this machine, both as host:port. For example, it maps
	// "sts.cn-hangzhou.aliyuncs.com:443" to sts.Host(), or MetadataHost to metadata.Host().
	Route map[string]string
}

// Proxy is a proxy for HTTPS_PROXY and HTTP_PROXY. It routes the hosts of real services to servers on this machine. It
// refuses all other hosts, so no request through it reaches a network.
type Proxy struct {
	*paisandbox.Server
	route   map[string]string
	forward *httputil.ReverseProxy

	mu       sync.Mutex
	requests []ProxyRequest
}

// ProxyRequest is a request that a proxy received.
type ProxyRequest struct {
	Method string      // CONNECT, or the method of a plain HTTP request
	Host   string      // host:port
	Path   string      // path of a plain HTTP request
	Header http.Header // as received
	Routed bool        // false if the proxy refused the request
}

// StartProxy starts a proxy. It serves until Close is called or ctx ends.
func StartProxy(ctx context.Context, o ProxyOptions) (*Proxy, error) {
	p := &Proxy{route: maps.Clone(o.Route)}
	p.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", p.route[withPort(r.In.Host, "80")]
			r.Out.Host = r.In.Host
		},
		Transport:    &http.Transport{DisableKeepAlives: true}, // does not use the proxies set in the environment
		ErrorLog:     log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) { refuseHost(w, r.Host, err) },
	}
	var err error
	if p.Server, err = paisandbox.StartServer(ctx, o.Addr, nil, p.handle); err != nil {
		return nil, fmt.Errorf("start sandbox proxy: %w", err)
	}
	return p, nil
}

// Requests returns all requests in order of arrival, including refused ones.
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
	// A request to a proxy contains an absolute URL. A request with only a path is meant for a server.
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

// withPort returns host:port in lower case, the form of the keys of Route.
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

// tunnel copies bytes in both directions until both sides have closed the connection or the proxy is closed.
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
	// Close the connection when the proxy is closed, because an HTTP server doesn't close hijacked connections. The
	// request's context can't be used for this: it ends when the client has sent everything, which may be before the
	// client has received the whole response.
	defer context.AfterFunc(p.Context(), func() { //nolint:contextcheck // see above
		_ = near.Close()
		_ = far.Close()
	})()
	if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { copyAndClose(far, buffered) }) // the buffer may contain the client's first bytes
	both.Go(func() { copyAndClose(near, far) })
	both.Wait()
}

// copyAndClose copies src to dst until src ends, and then closes dst for writing.
func copyAndClose(dst net.Conn, src io.Reader) {
	_, _ = io.Copy(dst, src) // either side may disconnect at any time
	if half, ok := dst.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

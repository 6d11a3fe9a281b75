package paisandbox

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"
)

// ProxyOptions says how a proxy is started.
type ProxyOptions struct {
	Addr string // address to listen on, DefaultAddr when empty

	// Route leads from what a client may ask for to the server on this machine that answers, both as host:port, such as
	// "sts.cn-hangzhou.aliyuncs.com:443" to sts.Host(), or MetadataHost to metadata.Host().
	Route map[string]string
}

// Proxy is what HTTPS_PROXY and HTTP_PROXY name. It knows servers on this machine by the names of real ones, and
// refuses to lead anywhere else, so nothing that goes through it reaches a network.
type Proxy struct {
	server
	route   map[string]string
	forward *httputil.ReverseProxy

	asking sync.Mutex
	asked  []Asked
}

// Asked is what a client asked of a proxy.
type Asked struct {
	Method string      // CONNECT, or that of a request over plain HTTP
	Host   string      // host:port
	Path   string      // over plain HTTP
	Header http.Header // as it came
	Routed bool        // led on, not refused
}

// StartProxy serves until Close is called or ctx ends.
func StartProxy(ctx context.Context, o ProxyOptions) (*Proxy, error) {
	p := &Proxy{route: maps.Clone(o.Route)}
	p.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", p.route[withPort(r.In.Host, "80")]
			r.Out.Host = r.In.Host
		},
		Transport:    &http.Transport{DisableKeepAlives: true}, // without a proxy of its own
		ErrorLog:     quiet,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) { refuse(w, r.Host, err) },
	}
	if err := p.start(ctx, o.Addr, nil, p.handle); err != nil {
		return nil, fmt.Errorf("sandbox: proxy: %w", err)
	}
	return p, nil
}

// Asked lists what the proxy was asked for, in order of arrival, what it refused too.
func (p *Proxy) Asked() []Asked {
	p.asking.Lock()
	defer p.asking.Unlock()
	all := slices.Clone(p.asked)
	for k := range all {
		all[k].Header = all[k].Header.Clone()
	}
	return all
}

func (p *Proxy) handle(w http.ResponseWriter, r *http.Request) {
	port := "80"
	if r.Method == http.MethodConnect {
		port = "443"
	}
	a := Asked{Method: r.Method, Host: withPort(r.Host, port), Path: r.URL.Path, Header: r.Header.Clone()}
	address, known := p.route[a.Host]
	// A path without a host is for a server, not for a proxy.
	a.Routed = known && (r.Method == http.MethodConnect || r.URL.IsAbs())
	p.asking.Lock()
	p.asked = append(p.asked, a)
	p.asking.Unlock()
	switch {
	case !a.Routed:
		refuse(w, a.Host, fmt.Errorf("the sandbox's proxy leads to %s alone", strings.Join(slices.Sorted(maps.Keys(p.route)), ", ")))
	case r.Method == http.MethodConnect:
		p.tunnel(w, r, address)
	default:
		p.forward.ServeHTTP(w, r)
	}
}

// withPort is host:port in small letters, as routes are written.
func withPort(host, port string) string {
	host = strings.ToLower(host)
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

func refuse(w http.ResponseWriter, host string, why error) {
	http.Error(w, fmt.Sprintf("can't reach %s: %v", host, why), http.StatusBadGateway)
}

// Package connection limits the time in which an HTTP request gets a connection, and connects to this machine for the
// host names that RFC 6761 reserves for it.
//
// The limits of http.Transport apply to single steps, and its limit for the response of a proxy to CONNECT is a minute.
package connection

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Transport is an http.RoundTripper with a limit for the time until a request has a new or reused connection. The time
// includes the lookup of the host name, the connection to the host or the proxy, the response of the proxy to CONNECT,
// and the TLS handshake.
type Transport struct {
	next  *http.Transport
	limit time.Duration
}

// NewTransport returns a Transport that sends requests through next. It sets the dialer and the limits of next, and
// replaces its function Proxy, so that requests to loopback addresses are sent directly.
func NewTransport(next *http.Transport, limit time.Duration) *Transport {
	// http.Transport continues to connect after the request has ended. These limits end that, too.
	dialer := &net.Dialer{Timeout: limit + time.Second, KeepAlive: 30 * time.Second}
	next.DialContext, next.TLSHandshakeTimeout = dialWith(dialer), limit+time.Second
	if proxy := next.Proxy; proxy != nil {
		next.Proxy = func(request *http.Request) (*url.URL, error) {
			if IsLoopback(request.URL.Hostname()) {
				return nil, nil
			}
			return proxy(request)
		}
	}
	return &Transport{next: next, limit: limit}
}

// IsLoopback reports whether a Transport reaches the host on this machine: a loopback IP address, localhost, or a host
// name that ends in ".localhost".
func IsLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return isLocalhost(host) || err == nil && address.IsLoopback()
}

// isLocalhost reports whether RFC 6761 reserves the host name for this machine.
func isLocalhost(host string) bool {
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// dialWith returns a function for http.Transport.DialContext. It connects to 127.0.0.1 or ::1 for the names that
// isLocalhost accepts, because not every resolver knows names such as cn-shanghai.localhost.
func dialWith(dialer *net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil || !isLocalhost(host) {
			return dialer.DialContext(ctx, network, address)
		}
		conn, err := dialer.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			return conn, nil
		}
		if conn, errIPv6 := dialer.DialContext(ctx, network, net.JoinHostPort("::1", port)); errIPv6 == nil {
			return conn, nil
		}
		return nil, err
	}
}

// Error means that a request got no connection and was not sent.
type Error struct {
	Host    string        // host and port of the request
	Proxy   *url.URL      // proxy through which the request was to be sent, without user and password; nil if none
	Timeout time.Duration // time limit that ended the attempt; 0 if the attempt failed for another reason
	Err     error         // reason of the failure; after a timeout, the step that was not finished
}

// Error returns the fields as one line of text.
func (e *Error) Error() string { return e.Describe("") }

// Describe returns the fields as one line of text. attempts is empty, or a number of attempts such as "3 attempts".
func (e *Error) Describe(attempts string) string {
	var b strings.Builder
	b.WriteString("connecting to " + e.Host)
	if e.Proxy != nil {
		b.WriteString(" through the proxy " + e.Proxy.Host)
	}
	if e.Timeout > 0 {
		b.WriteString(" timed out after " + e.Timeout.String())
	} else {
		b.WriteString(" failed")
	}
	if attempts != "" {
		b.WriteString(" (" + attempts + ")")
	}
	return b.String() + ": " + e.Err.Error()
}

// Unwrap returns the reason of the failure.
func (e *Error) Unwrap() error { return e.Err }

var errLimit = errors.New("time limit for connecting")

// RoundTrip sends the request. If the request gets no connection, RoundTrip returns an *Error, except if the context of
// the request was cancelled.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	proxy, err := t.proxy(request)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(request.Context())
	a := &attempt{transport: t, ctx: ctx, cancel: cancel}
	a.step.Store("no connection")
	traced := request.WithContext(httptrace.WithClientTrace(ctx, a.trace(proxy != nil)))
	response, err := t.next.RoundTrip(traced)
	if err == nil { // the context must not end before the body is read; it ends with the context of the request
		return response, nil
	}
	defer cancel(nil)
	if !a.connecting || errors.Is(err, context.Canceled) {
		return nil, err
	}
	a.stopTimer()
	if record, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(record.RecordHeader[:]) == "HTTP/" {
		err = http.ErrSchemeMismatch // http.Client replaces only an error that is not wrapped
	}
	failure := &Error{Host: hostAndPort(request.URL), Proxy: proxy, Err: err}
	// At a deadline, http.Client can cancel the request itself, with another error than that of ctx.
	deadline, ok := ctx.Deadline()
	if errors.Is(err, errLimit) || ok && !time.Now().Before(deadline) {
		failure.Timeout, failure.Err = a.limit.Round(time.Millisecond), errors.New(a.step.Load().(string))
	}
	return nil, failure
}

// proxy returns the proxy for the request without user and password, or nil if there is none.
func (t *Transport) proxy(request *http.Request) (*url.URL, error) {
	if t.next.Proxy == nil {
		return nil, nil
	}
	proxy, err := t.next.Proxy(request)
	if proxy == nil || err != nil {
		return nil, err
	}
	return &url.URL{Scheme: proxy.Scheme, Host: proxy.Host}, nil
}

// attempt is the state of a request. http.Transport calls the hooks GetConn and GotConn in the goroutine of RoundTrip,
// and the other hooks in goroutines of its own.
type attempt struct {
	transport  *Transport
	ctx        context.Context
	cancel     context.CancelCauseFunc
	connecting bool          // whether the request waits for a connection
	limit      time.Duration // the transport's limit, or the time until the deadline of ctx if that is shorter
	timer      *time.Timer   // ends the request after the transport's limit
	step       atomic.Value  // the string that describes the step that is not finished
}

func (a *attempt) trace(hasProxy bool) *httptrace.ClientTrace {
	const handshake, proxyResponse = "no response to the TLS handshake", "no response from the proxy to CONNECT"
	awaitProxy := func(err error) {
		if err == nil && hasProxy {
			a.step.Store(proxyResponse)
		}
	}
	return &httptrace.ClientTrace{
		GetConn: func(string) { // called again if a reused connection turns out to be broken
			a.stopTimer()
			a.connecting, a.limit = true, a.transport.limit
			if deadline, ok := a.ctx.Deadline(); ok {
				a.limit = min(a.limit, time.Until(deadline))
			}
			a.timer = time.AfterFunc(a.transport.limit, func() { a.cancel(errLimit) })
		},
		GotConn: func(httptrace.GotConnInfo) {
			a.connecting = false
			a.stopTimer() // GetConn wasn't called if another request has just opened the HTTP/2 connection
		},
		DNSStart:          func(httptrace.DNSStartInfo) { a.step.Store("no response from the name server") },
		ConnectStart:      func(_, address string) { a.step.Store("no response from " + address) },
		ConnectDone:       func(_, _ string, err error) { awaitProxy(err) },
		TLSHandshakeStart: func() { a.step.Store(handshake) },
		TLSHandshakeDone:  func(_ tls.ConnectionState, err error) { awaitProxy(err) }, // of an https proxy
	}
}

// stopTimer stops the timer, if GetConn was called.
func (a *attempt) stopTimer() {
	if a.timer != nil {
		a.timer.Stop()
	}
}

// hostAndPort returns the host and the port of a URL with the scheme http or https.
func hostAndPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

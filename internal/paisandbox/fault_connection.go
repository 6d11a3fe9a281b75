package paisandbox

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
)

// Delay delays the response. If the client disconnects or the sandbox closes during the delay, it sends no response.
func Delay(d time.Duration) Effect {
	return Effect{before: func(x *exchange) bool {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return true
		case <-x.http.Context().Done():
			return false
		}
	}}
}

// Hang never responds. It ends when the client disconnects or the sandbox closes.
func Hang() Effect {
	return Effect{before: func(x *exchange) bool {
		<-x.http.Context().Done()
		return false
	}}
}

// Stall sends the header and half of the body, and then waits until the client disconnects or the sandbox closes.
func Stall() Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.sendHalf(r)
		<-x.http.Context().Done()
		panic(http.ErrAbortHandler)
	}}
}

// Truncate sends a Content-Length for the whole body, but only half of the body, and closes the connection.
func Truncate() Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.sendHalf(r)
		panic(http.ErrAbortHandler)
	}}
}

// CloseAfter sends the response and closes the connection, so that the client's next request uses a new one. It informs
// the client before the end of the response, both over HTTP/1.1 and over HTTP/2.
func CloseAfter() Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.writer.Header().Set("Connection", "close")
		x.compress(r)
		x.sendHeader(r)
		_ = http.NewResponseController(x.writer).Flush()
		x.waitForClient()
		_, _ = x.writer.Write(r.Body)
	}}
}

// Reset resets the connection (RST) before the first byte of the response.
func Reset() Effect {
	return Effect{send: func(x *exchange, _ *Response) {
		x.connection.reset()
		panic(http.ErrAbortHandler)
	}}
}

// ResetReused resets the connection as Reset does, but only for a request on a connection that has carried an earlier
// request. Other requests are not affected and not counted. After such a reset, Go's transport sends a GET again
// automatically, with a nonce that is already used.
func ResetReused() Effect {
	e := Reset()
	e.condition = func(r Request) bool { return r.Reused }
	return e
}

// ResetInHeader resets the connection (RST) in the middle of the header. HTTP/2 can't send a partial header, so over
// HTTP/2 the effect is the same as that of Reset.
func ResetInHeader() Effect {
	return Effect{send: func(x *exchange, r *Response) {
		if conn, _, err := http.NewResponseController(x.writer).Hijack(); err == nil {
			x.service.log.update(func() { x.record.Status, x.record.ErrorCode = r.Status, r.code })
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/js") // the client may have disconnected
			x.waitForClient()
		}
		x.connection.reset()
		panic(http.ErrAbortHandler)
	}}
}

// ResetInBody sends the header and half of the body, and resets the connection (RST).
func ResetInBody() Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.sendHalf(r)
		x.waitForClient()
		x.connection.reset()
		panic(http.ErrAbortHandler)
	}}
}

func (x *exchange) sendHalf(r *Response) {
	x.compress(r)
	x.sendHeader(r)
	_, _ = x.writer.Write(r.Body[:len(r.Body)/2])
	_ = http.NewResponseController(x.writer).Flush()
}

// waitForClient waits 10 ms, so that the client can read the data that was sent. Some kernels discard unread data when
// they receive an RST.
func (x *exchange) waitForClient() {
	timer := time.NewTimer(10 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.http.Context().Done():
	}
}

// connection is the TCP connection of one or more requests.
type connection struct {
	conn     net.Conn
	requests atomic.Int64
}

type connectionKey struct{}

func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{conn: c})
}

func connectionOf(r *http.Request) *connection {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	return c
}

// reset closes the connection with RST. It acts on the TCP connection below TLS and HTTP/2, so that clients see the
// same fault with and without them.
func (c *connection) reset() {
	conn := c.conn
	if tlsConn, ok := conn.(*tls.Conn); ok {
		conn = tlsConn.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// PresentCertificateFor replaces the server's certificate with one for name in the next n TLS handshakes, or in all if
// n is 0. It doesn't affect open connections; use CloseAfter to close one.
func (s *Server) PresentCertificateFor(name string, n int) {
	s.override.mu.Lock()
	defer s.override.mu.Unlock()
	s.override.name, s.override.remaining = name, n
}

// certificateOverride holds the name that the server's next certificates are for, in place of the server name.
type certificateOverride struct {
	mu        sync.Mutex
	name      string // "" for the server's own certificate
	remaining int    // number of handshakes left; 0 means all
}

// next returns the name to use in a handshake, or "" for the server's own certificate.
func (o *certificateOverride) next() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	name := o.name
	if o.remaining--; o.remaining == 0 {
		o.name = ""
	}
	o.remaining = max(0, o.remaining)
	return name
}

// configFunc returns a function for tls.Config.GetConfigForClient. The function returns nil to use the server's own
// configuration.
func (o *certificateOverride) configFunc(authority *certs.Authority) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(*tls.ClientHelloInfo) (*tls.Config, error) {
		name := o.next()
		if name == "" {
			return nil, nil
		}
		certificate, err := authority.CertificateFor(name)
		if err != nil {
			return nil, err
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*certificate}}, nil
	}
}

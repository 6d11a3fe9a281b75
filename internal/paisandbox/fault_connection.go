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
)

// Delay delays the response. It sends none if the client disconnects or the sandbox closes during the delay.
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

// Truncate announces the whole body, sends half of it and closes the connection.
func Truncate() Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.sendHalf(r)
		panic(http.ErrAbortHandler)
	}}
}

// CloseAfter sends the response and closes the connection, so that the client's next request uses a new one. It
// announces the close before the end of the response, over HTTP/1.1 and HTTP/2.
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

// ResetReused is Reset for requests on a connection that has carried an earlier request. It doesn't affect or count
// other requests. In this case Go's transport repeats a GET by itself, with the nonce that the first attempt has used
// up.
func ResetReused() Effect {
	e := Reset()
	e.condition = func(r Request) bool { return r.Reused }
	return e
}

// ResetInHeader resets the connection (RST) in the middle of the header. Over HTTP/2, which can't send a partial
// header, it is Reset.
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

// waitForClient waits a moment so that the client can read what was sent. Some kernels discard unread data on RST.
func (x *exchange) waitForClient() {
	timer := time.NewTimer(10 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.http.Context().Done():
	}
}

// connection is the TCP connection of a request.
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

// reset closes the connection with RST. It bypasses TLS and HTTP/2, so that the client sees the same fault with and
// without them.
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

// PresentCertificateFor presents a certificate for another name at the next n TLS handshakes, or at all handshakes if n
// is 0. Open connections are not affected; CloseAfter closes one.
func (s *Server) PresentCertificateFor(name string, n int) {
	s.override.mu.Lock()
	defer s.override.mu.Unlock()
	s.override.name, s.override.remaining = name, n
}

// certificateOverride holds the name that a server presents in place of its own.
type certificateOverride struct {
	mu        sync.Mutex
	name      string // empty: the server's own
	remaining int    // number of handshakes; 0: all
}

// next returns the name to present at a handshake, or "" for the server's own.
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

// configFunc returns a function for tls.Config.GetConfigForClient. Its nil result keeps the server's configuration.
func (o *certificateOverride) configFunc(authority *Authority) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(*tls.ClientHelloInfo) (*tls.Config, error) {
		name := o.next()
		if name == "" {
			return nil, nil
		}
		certificate, err := authority.certificateFor(name)
		if err != nil {
			return nil, err
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*certificate}}, nil
	}
}

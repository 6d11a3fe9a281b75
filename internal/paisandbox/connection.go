package paisandbox

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
)

// connection is what the sandbox knows of the TCP connection that a request came on.
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

// reset makes the kernel answer with RST instead of an orderly end. It goes below TLS and HTTP/2, so that it is the
// same fault for all of them.
func (c *connection) reset() {
	conn := c.conn
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

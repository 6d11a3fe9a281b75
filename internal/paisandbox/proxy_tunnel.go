package paisandbox

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
)

// tunnel leads bytes to and fro until both sides have ended or the proxy closes. What they say it can't read.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request, address string) {
	far, err := new(net.Dialer).DialContext(r.Context(), "tcp", address)
	if err != nil {
		refuse(w, r.Host, err)
		return
	}
	defer func() { _ = far.Close() }()
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuse(w, r.Host, err)
		return
	}
	defer func() { _ = near.Close() }()
	// The server forgets a connection that is taken from it, so it has to be closed here. The request's context won't do:
	// it ends when the client has said all, while the answer may still be on its way.
	defer context.AfterFunc(p.alive, func() { //nolint:contextcheck // see above
		_ = near.Close()
		_ = far.Close()
	})()
	if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { pour(far, buffered) }) // a client may have sent its first bytes already
	both.Go(func() { pour(near, far) })
	both.Wait()
}

// pour copies until there is no more, and says so.
func pour(into net.Conn, from io.Reader) {
	_, _ = io.Copy(into, from) // a side that went away is no error of the proxy's
	if half, ok := into.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

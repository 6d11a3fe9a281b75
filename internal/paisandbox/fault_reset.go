package paisandbox

import (
	"io"
	"net/http"
)

// Reset breaks the connection with RST before any byte of the answer.
func Reset() Effect {
	return Effect{send: func(x *exchange, _ *Response) {
		x.connection.reset()
		panic(http.ErrAbortHandler)
	}}
}

// ResetReused is Reset for requests on a connection that has served another one before; others it neither hits nor
// counts. Go's transport sends a GET again by itself when that happens, as it was: with the nonce that the broken
// attempt has used up.
func ResetReused() Effect {
	e := Reset()
	e.only = func(r Request) bool { return r.Reused }
	return e
}

// ResetInHeader breaks the connection with RST in the middle of the header. Over HTTP/2, where nothing but a whole header
// can be sent, it is Reset.
func ResetInHeader() Effect {
	return Effect{send: func(x *exchange, a *Response) {
		if conn, _, err := http.NewResponseController(x.writer).Hijack(); err == nil {
			x.service.log.change(func() { x.record.Status, x.record.ErrorCode = a.Status, a.code })
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/js") // a client may be gone by now
			x.waitForClient()
		}
		x.connection.reset()
		panic(http.ErrAbortHandler)
	}}
}

// ResetInBody sends the header and half of the body, and breaks the connection with RST.
func ResetInBody() Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.sendHalf(a)
		x.waitForClient()
		x.connection.reset()
		panic(http.ErrAbortHandler)
	}}
}

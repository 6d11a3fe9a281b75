package paisandbox

import (
	"net/http"
	"time"
)

// Delay answers normally after a while, and not at all when the client has gone by then or the sandbox closes.
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

// Hang never answers. It ends when the client goes or the sandbox closes.
func Hang() Effect {
	return Effect{before: func(x *exchange) bool {
		<-x.http.Context().Done()
		return false
	}}
}

// Stall sends the header and half of the body, and then nothing until the client goes or the sandbox closes.
func Stall() Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.sendHalf(a)
		<-x.http.Context().Done()
		panic(http.ErrAbortHandler)
	}}
}

// Truncate promises the whole body, sends half of it and closes the connection.
func Truncate() Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.sendHalf(a)
		panic(http.ErrAbortHandler)
	}}
}

// CloseAfter answers and closes the connection, in both versions of HTTP before the client has the whole answer: what it
// asks next comes on a new one.
func CloseAfter() Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.writer.Header().Set("Connection", "close")
		x.compress(a)
		x.sendHeader(a)
		_ = http.NewResponseController(x.writer).Flush()
		x.waitForClient()
		_, _ = x.writer.Write(a.Body)
	}}
}

func (x *exchange) sendHalf(a *Response) {
	x.compress(a)
	x.sendHeader(a)
	_, _ = x.writer.Write(a.Body[:len(a.Body)/2])
	_ = http.NewResponseController(x.writer).Flush()
}

// letRead gives the client a moment to read what was sent, before something follows that would overtake it: RST has some
// kernels throw away what waits to be read.
func (x *exchange) waitForClient() {
	timer := time.NewTimer(10 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.http.Context().Done():
	}
}

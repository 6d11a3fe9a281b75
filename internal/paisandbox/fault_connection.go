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
	return Effect{send: func(x *exchange, a *reply) {
		x.sendHalf(a)
		<-x.http.Context().Done()
		panic(http.ErrAbortHandler)
	}}
}

// Truncate promises the whole body, sends half of it and closes the connection.
func Truncate() Effect {
	return Effect{send: func(x *exchange, a *reply) {
		x.sendHalf(a)
		panic(http.ErrAbortHandler)
	}}
}

func (x *exchange) sendHalf(a *reply) {
	x.compress(a)
	x.sendHeader(a)
	_, _ = x.writer.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(x.writer).Flush()
}

// Reset breaks the connection with RST before any byte of the answer.
func Reset() Effect {
	return Effect{send: func(x *exchange, _ *reply) {
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

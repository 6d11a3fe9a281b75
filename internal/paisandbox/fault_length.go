package paisandbox

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"slices"
	"sync"
	"time"
)

// blank is what answers are made longer with. It means nothing in JSON, so that a client that reads it all finds the
// answer whole.
var blank = bytes.Repeat([]byte(" "), 1<<20)

// compressedBlank is blank as a member of a gzip file, of which any number may follow each other.
var compressedBlank = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(blank)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // a buffer takes whatever is written
	}
	return b.Bytes()
})

// Long sends the answer with some MiB of blanks after it, not compressed.
func Long(mebibytes int) Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.sendHeaderFor(a, len(a.Body)+mebibytes*len(blank))
		x.pour(a.Body, blank, mebibytes)
	}}
}

// GzipBomb sends the answer with some MiB of blanks after it in a thousandth of that, to a client that takes gzip.
func GzipBomb(mebibytes int) Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.compress(a)
		if a.Header.Get("Content-Encoding") != "gzip" {
			x.send(a)
			return
		}
		x.sendHeaderFor(a, len(a.Body)+mebibytes*len(compressedBlank()))
		x.pour(a.Body, compressedBlank(), mebibytes)
	}}
}

// pour writes one thing, and then another many times, until the client has enough.
func (x *exchange) pour(first, then []byte, times int) {
	_, err := x.writer.Write(first)
	for ; times > 0 && err == nil; times-- {
		_, err = x.writer.Write(then)
	}
}

// Trickle sends the header at once and the body byte by byte, until the client goes or the sandbox closes. No wait between
// two bytes is long; only all together are.
func Trickle(every time.Duration) Effect {
	return Effect{send: func(x *exchange, a *Response) {
		x.compress(a)
		x.sendHeader(a)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for piece := range slices.Chunk(a.Body, 1) {
			if _, err := x.writer.Write(piece); err != nil {
				panic(http.ErrAbortHandler)
			}
			_ = http.NewResponseController(x.writer).Flush()
			select {
			case <-ticker.C:
			case <-x.http.Context().Done():
				panic(http.ErrAbortHandler)
			}
		}
	}}
}

package paisandbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const jsonType = "application/json;charset=utf-8"

// Response is a response before it is sent.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	code string // of the API error, for the log
}

// apiHeader is what every answer of the API carries, unlike the page of a proxy before it.
func (x *exchange) apiHeader() http.Header {
	return http.Header{"Content-Type": {jsonType}, "X-Acs-Request-Id": {x.requestID}}
}

func (x *exchange) jsonResponse(value any) *Response {
	return &Response{Status: http.StatusOK, Header: x.apiHeader(), Body: marshal(value)}
}

func marshal(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // the answers are plain data
	}
	return data
}

func (x *exchange) send(a *Response) {
	x.compress(a)
	x.sendHeader(a)
	_, _ = io.Copy(x.writer, bytes.NewReader(a.Body)) // a client that went away is no error of the sandbox
}

// sendHeader promises the whole body.
func (x *exchange) sendHeader(a *Response) { x.sendHeaderFor(a, len(a.Body)) }

// promise sends the header for a body of this length. It logs first, so that whoever has the answer finds it in Requests.
func (x *exchange) sendHeaderFor(a *Response, length int) {
	x.service.log.change(func() { x.record.Status, x.record.ErrorCode = a.Status, a.code })
	for name, values := range a.Header {
		x.writer.Header()[name] = values
	}
	x.writer.Header().Set("Content-Length", strconv.Itoa(length))
	x.writer.WriteHeader(a.Status)
}

func (x *exchange) compress(a *Response) {
	if a.Status != http.StatusOK || !acceptsGzip(x.http.Header) {
		return
	}
	var b bytes.Buffer
	z, is := x.sandbox.compressors.Get().(*gzip.Writer)
	if !is {
		z, _ = gzip.NewWriterLevel(&b, gzip.BestSpeed) // a level that there is
	}
	defer x.sandbox.compressors.Put(z)
	z.Reset(&b)
	if _, err := z.Write(a.Body); err != nil {
		return
	}
	if err := z.Close(); err != nil {
		return
	}
	a.Body = b.Bytes()
	a.Header.Set("Content-Encoding", "gzip")
	a.Header.Set("Vary", "Accept-Encoding")
}

func acceptsGzip(h http.Header) bool {
	for coding := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		name, quality, weighted := strings.Cut(coding, ";")
		if strings.TrimSpace(name) != "gzip" {
			continue
		}
		if !weighted {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(quality), "q="), 64)
		return err == nil && q > 0
	}
	return false
}

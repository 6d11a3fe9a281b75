package paisandbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Status responds with a body of any type and without a request ID, as a proxy between the client and the API may do.
func Status(status int, contentType, body string) Effect {
	return replaceResponse(func(*exchange) *Response {
		return &Response{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
	})
}

// ServerError responds with a status and an HTML page, as a gateway does that can't reach the service.
func ServerError(status int) Effect {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return Status(status, "text/html", "<html>\n<head><title>"+title+"</title></head>\n<body>\n<center><h1>"+title+
		"</h1></center>\n<hr><center>Tengine</center>\n</body>\n</html>\n")
}

// Body responds with this body as JSON. It need not be valid.
func Body(status int, body string) Effect {
	return replaceResponse(func(x *exchange) *Response {
		return &Response{Status: status, Header: x.apiHeader(), Body: []byte(body)}
	})
}

// APIError responds with an error in the API's format.
func APIError(status int, code, message string) Effect {
	return replaceResponse(func(x *exchange) *Response {
		return x.errorResponse(&Refusal{Status: status, Code: code, Message: message})
	})
}

// XMLError responds with an error in XML, as a gateway does that expects requests in another style.
func XMLError(status int, code, message string) Effect {
	return replaceResponse(func(x *exchange) *Response {
		body, err := xml.Marshal(struct {
			XMLName   xml.Name `xml:"Error"`
			RequestID string   `xml:"RequestId"`
			HostID    string   `xml:"HostId"`
			Code      string   `xml:"Code"`
			Message   string   `xml:"Message"`
		}{RequestID: x.requestID, HostID: x.http.Host, Code: code, Message: message})
		if err != nil {
			panic(err) // strings can always be marshalled
		}
		r := &Response{Status: status, code: code, Header: x.apiHeader(), Body: append([]byte(xml.Header), body...)}
		r.Header.Set("Content-Type", "text/xml;charset=utf-8")
		return r
	})
}

// Throttle responds with a throttling error of status 400 or 429. It sends retryAfter in the header
// x-acs-retry-after, in milliseconds, unless it is negative.
func Throttle(status int, retryAfter time.Duration) Effect {
	e := APIError(status, "Throttling.User", "Request was denied due to user flow control.")
	if retryAfter < 0 {
		return e
	}
	return e.WithHeader("X-Acs-Retry-After", strconv.FormatInt(retryAfter.Milliseconds(), 10))
}

// Redirect redirects the client with status 302.
func Redirect(url string) Effect {
	return Status(http.StatusFound, "text/html", "").WithHeader("Location", url)
}

// RedirectWithBody redirects the client with status 307, which makes it repeat the method and the body.
func RedirectWithBody(url string) Effect {
	return Status(http.StatusTemporaryRedirect, "text/html", "").WithHeader("Location", url)
}

// replaceResponse returns an effect that responds without running the operation.
func replaceResponse(respond func(*exchange) *Response) Effect {
	return Effect{replaces: true, response: func(x *exchange, r *Response) { *r = *respond(x) }}
}

// WithHeader returns the effect with a header added to the response.
func (e Effect) WithHeader(name, value string) Effect {
	return e.withHeaderChange(func(h http.Header) { h.Set(name, value) })
}

// WithoutHeader returns the effect with a header, such as X-Acs-Request-Id, removed from the response.
func (e Effect) WithoutHeader(name string) Effect {
	return e.withHeaderChange(func(h http.Header) { h.Del(name) })
}

func (e Effect) withHeaderChange(change func(http.Header)) Effect {
	inner := e.response
	e.response = func(x *exchange, r *Response) {
		if inner != nil {
			inner(x, r)
		}
		change(r.Header)
	}
	return e
}

// OmitMember removes a member from a JSON response: OmitMember("Credentials", "Expiration") removes Expiration from the
// object Credentials.
func OmitMember(path ...string) Effect {
	return changeMember(path, func(object map[string]any, name string) { delete(object, name) })
}

// SetMember sets a member of a JSON response. A nil value is sent as null.
func SetMember(value any, path ...string) Effect {
	return changeMember(path, func(object map[string]any, name string) { object[name] = value })
}

// changeMember changes a member of a JSON response. It leaves a response without that path, such as an error,
// unchanged.
func changeMember(path []string, change func(object map[string]any, name string)) Effect {
	return Effect{response: func(_ *exchange, r *Response) {
		var body any
		if len(path) == 0 || json.Unmarshal(r.Body, &body) != nil {
			return
		}
		object, ok := body.(map[string]any)
		for _, name := range path[:len(path)-1] {
			object, ok = object[name].(map[string]any)
		}
		if !ok {
			return
		}
		change(object, path[len(path)-1])
		changed, err := json.Marshal(body)
		if err != nil {
			panic(err) // the test set a value that is not JSON
		}
		r.Body = changed
	}}
}

// padding is appended to responses to make them long. Whitespace keeps the JSON valid.
var padding = bytes.Repeat([]byte(" "), 1<<20)

// compressedPadding returns padding as one gzip member. A gzip file may consist of any number of members.
var compressedPadding = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(padding)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // writes to a buffer don't fail
	}
	return b.Bytes()
})

// PadBody sends the response uncompressed, followed by some MiB of spaces.
func PadBody(mebibytes int) Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.sendHeaderFor(r, len(r.Body)+mebibytes*len(padding))
		x.writePadded(r.Body, padding, mebibytes)
	}}
}

// GzipBomb sends the response followed by some MiB of spaces, which gzip reduces to a thousandth. It has no effect
// for a client that doesn't accept gzip.
func GzipBomb(mebibytes int) Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.compress(r)
		if r.Header.Get("Content-Encoding") != "gzip" {
			x.send(r)
			return
		}
		x.sendHeaderFor(r, len(r.Body)+mebibytes*len(compressedPadding()))
		x.writePadded(r.Body, compressedPadding(), mebibytes)
	}}
}

// writePadded writes the body and n times the chunk, until the client disconnects.
func (x *exchange) writePadded(body, chunk []byte, n int) {
	_, err := x.writer.Write(body)
	for ; n > 0 && err == nil; n-- {
		_, err = x.writer.Write(chunk)
	}
}

// Trickle sends the body byte by byte, with an interval between two bytes, until the client disconnects or the sandbox
// closes.
func Trickle(interval time.Duration) Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.compress(r)
		x.sendHeader(r)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for piece := range slices.Chunk(r.Body, 1) {
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

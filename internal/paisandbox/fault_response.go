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

// Status responds with a body of any type and without a request ID, as a proxy between client and API may do.
func Status(status int, contentType, body string) Effect {
	return replaceResponse(func(*exchange) *Response {
		return &Response{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
	})
}

// ServerError responds with a status and an HTML page, as a gateway does if it can't reach the service.
func ServerError(status int) Effect {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return Status(status, "text/html", "<html>\n<head><title>"+title+"</title></head>\n<body>\n<center><h1>"+title+
		"</h1></center>\n<hr><center>Tengine</center>\n</body>\n</html>\n")
}

// Body responds with the content type of JSON and with the given body, which may be invalid JSON.
func Body(status int, body string) Effect {
	return replaceResponse(func(x *exchange) *Response {
		return &Response{Status: status, Header: x.apiHeader(), Body: []byte(body)}
	})
}

// APIError responds with an error in the API's format.
func APIError(status int, code, message string) Effect {
	return replaceResponse(func(x *exchange) *Response {
		return x.encodeError(&ErrorResponse{Status: status, Code: code, Message: message})
	})
}

// XMLError responds with an error in XML, as a gateway for another API style does.
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
			panic(err) // never happens: the value contains only strings
		}
		r := &Response{Status: status, code: code, Header: x.apiHeader(), Body: append([]byte(xml.Header), body...)}
		r.Header.Set("Content-Type", "text/xml;charset=utf-8")
		return r
	})
}

// Throttle responds with a throttling error of status 400 or 429. It sends retryAfter in the header x-acs-retry-after,
// in milliseconds. If retryAfter is negative, it omits the header.
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

// RedirectWithBody redirects the client with status 307, so that the client repeats the method and the body.
func RedirectWithBody(url string) Effect {
	return Status(http.StatusTemporaryRedirect, "text/html", "").WithHeader("Location", url)
}

// replaceResponse returns an effect that responds without running the operation.
func replaceResponse(respond func(*exchange) *Response) Effect {
	return Effect{replaces: true, response: func(x *exchange, r *Response) { *r = *respond(x) }}
}

// WithHeader returns a copy of the effect that also adds a header to the response.
func (e Effect) WithHeader(name, value string) Effect {
	return e.withHeaderChange(func(h http.Header) { h.Set(name, value) })
}

// WithoutHeader returns a copy of the effect that also removes a header, such as X-Acs-Request-Id, from the response.
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

// OmitMember removes a member from a JSON response. For example, OmitMember("Credentials", "Expiration") removes
// Expiration from the object Credentials.
func OmitMember(path ...string) Effect {
	return changeMember(path, func(object map[string]any, name string) { delete(object, name) })
}

// SetMember sets a member of a JSON response. It sends a nil value as null.
func SetMember(value any, path ...string) Effect {
	return changeMember(path, func(object map[string]any, name string) { object[name] = value })
}

// changeMember changes a member of a JSON response. A response that doesn't contain the path, such as an error, stays
// the same.
func changeMember(path []string, change func(object map[string]any, name string)) Effect {
	return changeObject(func(_ Request, object map[string]any) bool {
		ok := len(path) > 0
		for i := 0; ok && i < len(path)-1; i++ {
			object, ok = object[path[i]].(map[string]any)
		}
		if ok {
			change(object, path[len(path)-1])
		}
		return ok
	})
}

// ChangeJSON calls a function that changes the object of a JSON response. A response without an object stays the same.
func ChangeJSON(change func(r Request, object map[string]any)) Effect {
	return changeObject(func(r Request, object map[string]any) bool {
		change(r, object)
		return true
	})
}

// changeObject is ChangeJSON with a function that reports whether it changed the object.
func changeObject(change func(r Request, object map[string]any) bool) Effect {
	return Effect{response: func(x *exchange, r *Response) {
		var object map[string]any
		if json.Unmarshal(r.Body, &object) != nil || object == nil || !change(x.request(), object) {
			return
		}
		changed, err := json.Marshal(object)
		if err != nil {
			panic(err) // a test set a value that can't be encoded as JSON
		}
		r.Body = changed
	}}
}

// padding is added to a response to make it longer. JSON stays valid if whitespace follows it.
var padding = bytes.Repeat([]byte(" "), 1<<20)

// compressedPadding returns padding as one gzip member. A gzip stream may consist of any number of members.
var compressedPadding = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(padding)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // never happens: writes to a buffer don't fail
	}
	return b.Bytes()
})

// PadBody sends the response uncompressed and then the given number of MiB of spaces.
func PadBody(mebibytes int) Effect {
	return Effect{send: func(x *exchange, r *Response) {
		x.sendHeaderFor(r, len(r.Body)+mebibytes*len(padding))
		x.writePadded(r.Body, padding, mebibytes)
	}}
}

// GzipBomb sends the response and then the given number of MiB of spaces, which gzip compresses to about a thousandth.
// It has no effect if the client doesn't accept gzip.
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

// writePadded writes the body and then the chunk n times. It stops if the client disconnects.
func (x *exchange) writePadded(body, chunk []byte, n int) {
	_, err := x.writer.Write(body)
	for ; n > 0 && err == nil; n-- {
		_, err = x.writer.Write(chunk)
	}
}

// Trickle sends the body byte by byte, with an interval after each byte. It stops if the client disconnects or the
// sandbox closes.
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

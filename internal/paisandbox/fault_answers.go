package paisandbox

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Status answers with a body of any type, without the header that names the request: what stands between client and
// service may speak so.
func Status(status int, contentType, body string) Effect {
	return Effect{whole: true, response: func(_ *exchange, a *Response) {
		*a = Response{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
	}}
}

// ServerError answers as a gateway does that can't reach the service: a status and a page of HTML.
func ServerError(status int) Effect {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return Status(status, "text/html", "<html>\n<head><title>"+title+"</title></head>\n<body>\n<center><h1>"+title+
		"</h1></center>\n<hr><center>Tengine</center>\n</body>\n</html>\n")
}

// Body answers with a JSON body of the test's own, such as one of the wrong shape.
func Body(status int, body string) Effect {
	return Effect{whole: true, response: func(x *exchange, a *Response) {
		*a = Response{Status: status, Header: x.apiHeader(), Body: []byte(body)}
	}}
}

// APIError answers with an error in the API's shape.
func APIError(status int, code, message string) Effect {
	return Effect{whole: true, response: func(x *exchange, a *Response) {
		*a = *x.errorResponse(&Refusal{Status: status, Code: code, Message: message})
	}}
}

// XMLError answers with an error as XML, as a gateway does that took the request for one of another style.
func XMLError(status int, code, message string) Effect {
	return Effect{whole: true, response: func(x *exchange, a *Response) {
		body, err := xml.Marshal(struct {
			XMLName   xml.Name `xml:"Error"`
			RequestID string   `xml:"RequestId"`
			HostID    string   `xml:"HostId"`
			Code      string   `xml:"Code"`
			Message   string   `xml:"Message"`
		}{RequestID: x.requestID, HostID: x.http.Host, Code: code, Message: message})
		if err != nil {
			panic(err) // four strings always marshal
		}
		*a = Response{Status: status, code: code, Header: x.apiHeader(), Body: append([]byte(xml.Header), body...)}
		a.Header.Set("Content-Type", "text/xml;charset=utf-8")
	}}
}

// Throttle answers that there were too many requests, as 400 or 429. The wait goes into x-acs-retry-after, in
// milliseconds; below 0 there is no such header.
func Throttle(status int, retryAfter time.Duration) Effect {
	e := APIError(status, "Throttling.User", "Request was denied due to user flow control.")
	if retryAfter < 0 {
		return e
	}
	return e.WithHeader("X-Acs-Retry-After", strconv.FormatInt(retryAfter.Milliseconds(), 10))
}

// Redirect sends the client elsewhere, with 302.
func Redirect(url string) Effect {
	return Status(http.StatusFound, "text/html", "").WithHeader("Location", url)
}

// RedirectWithBody sends the client elsewhere with 307, which asks it to send the same method and body there.
func RedirectWithBody(url string) Effect {
	return Status(http.StatusTemporaryRedirect, "text/html", "").WithHeader("Location", url)
}

// WithHeader is the effect with one more header in its answer. It may be used on any effect that answers.
func (e Effect) WithHeader(name, value string) Effect {
	inner := e.response
	e.response = func(x *exchange, a *Response) {
		if inner != nil {
			inner(x, a)
		}
		a.Header.Set(name, value)
	}
	return e
}

// WithoutHeader is the effect with one header less in its answer, such as X-Acs-Request-Id. It may be used on any effect
// that answers.
func (e Effect) WithoutHeader(name string) Effect {
	inner := e.response
	e.response = func(x *exchange, a *Response) {
		if inner != nil {
			inner(x, a)
		}
		a.Header.Del(name)
	}
	return e
}

// LeaveOut leaves a member out of an answer in JSON: of the answer itself, or with several names of an object in it.
// LeaveOut("Credentials", "Expiration") is a session of which nobody says when it ends.
func LeaveOut(path ...string) Effect {
	return member(path, func(in map[string]any, name string) { delete(in, name) })
}

// Put puts another value in place of a member of an answer in JSON; nil is null.
func Put(value any, path ...string) Effect {
	return member(path, func(in map[string]any, name string) { in[name] = value })
}

// member changes a member of an answer. An answer without the objects that lead to it, such as an error, stays as it is.
func member(path []string, change func(in map[string]any, name string)) Effect {
	return Effect{response: func(_ *exchange, a *Response) {
		var whole any
		if len(path) == 0 || json.Unmarshal(a.Body, &whole) != nil {
			return
		}
		in, ok := whole.(map[string]any)
		for _, name := range path[:len(path)-1] {
			in, ok = in[name].(map[string]any)
		}
		if !ok {
			return
		}
		change(in, path[len(path)-1])
		body, err := json.Marshal(whole)
		if err != nil {
			panic(err) // a test put something in that is no JSON
		}
		a.Body = body
	}}
}

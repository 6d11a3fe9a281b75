package paisandbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const jsonType = "application/json;charset=utf-8"

// Response is an HTTP response before it is sent.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	code string // code of the API error, for the request log
}

// apiHeader returns the header that every response of the API has. Responses of a proxy or a gateway lack the request
// ID.
func (x *exchange) apiHeader() http.Header {
	return http.Header{"Content-Type": {jsonType}, "X-Acs-Request-Id": {x.requestID}}
}

func (x *exchange) jsonResponse(value any) *Response {
	return &Response{Status: http.StatusOK, Header: x.apiHeader(), Body: marshal(value)}
}

func marshal(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // never happens: every response can be encoded
	}
	return data
}

// ErrorResponse is an error that the API responds with.
type ErrorResponse struct {
	Status  int
	Code    string
	Message string
}

// BadRequest returns an error response with status 400.
func BadRequest(code, message string) *ErrorResponse {
	return &ErrorResponse{Status: http.StatusBadRequest, Code: code, Message: message}
}

// InvalidParameter returns the error response for an invalid value of the parameter name.
func InvalidParameter(name, reason string) *ErrorResponse {
	return BadRequest("InvalidParameter."+name, "Specified parameter "+name+" is not valid: "+reason+".")
}

// MissingParameter returns the error response for a request that omits the required parameter name.
func MissingParameter(name string) *ErrorResponse {
	return BadRequest("Missing"+name, name+" is mandatory for this action.")
}

// Unparsable returns the error response for a request whose query or body can't be parsed.
func Unparsable(part string, err error) *ErrorResponse {
	return BadRequest("InvalidParameter", "Cannot parse the "+part+": "+err.Error()+".")
}

// ActionNotFound returns the error response for an unknown path or action.
func ActionNotFound(reason string) *ErrorResponse {
	message := "Specified api is not found: " + reason + "."
	return &ErrorResponse{Status: http.StatusNotFound, Code: "InvalidAction.NotFound", Message: message}
}

// MethodNotSupported returns the error response for a wrong HTTP method.
func MethodNotSupported(reason string) *ErrorResponse {
	message := "This http method is not supported: " + reason + "."
	return &ErrorResponse{Status: http.StatusMethodNotAllowed, Code: "UnsupportedHTTPMethod", Message: message}
}

// InvalidVersion returns the error response for a wrong API version.
func InvalidVersion() *ErrorResponse {
	return BadRequest("InvalidVersion", "Specified parameter Version is not valid.")
}

// errorBody is the JSON body of an error response.
type errorBody struct {
	RequestID string `json:"RequestId"`
	HostID    string `json:"HostId"`
	Code      string `json:"Code"`
	Message   string `json:"Message"`
	Recommend string `json:"Recommend"`
}

// encodeError returns the HTTP response for an error response.
func (x *exchange) encodeError(r *ErrorResponse) *Response {
	link := url.URL{Scheme: "https", Host: "api.aliyun.com", Path: "/troubleshoot", RawQuery: url.Values{
		"q": {r.Code}, "product": {x.service.product}, "requestId": {x.requestID},
	}.Encode()}
	body := marshal(errorBody{
		RequestID: x.requestID, HostID: x.http.Host, Code: r.Code, Message: r.Message, Recommend: link.String(),
	})
	return &Response{Status: r.Status, code: r.Code, Header: x.apiHeader(), Body: body}
}

// send sends the response. It ignores write errors, because a client may disconnect at any time.
func (x *exchange) send(r *Response) {
	x.compress(r)
	x.sendHeader(r)
	_, _ = io.Copy(x.writer, bytes.NewReader(r.Body))
}

// sendHeader sends the header with the length of the whole body.
func (x *exchange) sendHeader(r *Response) { x.sendHeaderFor(r, len(r.Body)) }

// sendHeaderFor sends the header for a body of the given length. It updates the log first, so that a client that has
// received the response can find the status in Requests.
func (x *exchange) sendHeaderFor(r *Response, length int) {
	x.service.log.update(func() { x.record.Status, x.record.ErrorCode = r.Status, r.code })
	for name, values := range r.Header {
		x.writer.Header()[name] = values
	}
	x.writer.Header().Set("Content-Length", strconv.Itoa(length))
	x.writer.WriteHeader(r.Status)
}

// compress compresses the body if the client accepts gzip and the response is not an error.
func (x *exchange) compress(r *Response) {
	if r.Status != http.StatusOK || !acceptsGzip(x.http.Header) {
		return
	}
	var b bytes.Buffer
	z, ok := x.sandbox.compressors.Get().(*gzip.Writer)
	if !ok {
		z, _ = gzip.NewWriterLevel(&b, gzip.BestSpeed) // returns an error only for an invalid level
	}
	defer x.sandbox.compressors.Put(z)
	z.Reset(&b)
	if _, err := z.Write(r.Body); err != nil {
		return
	}
	if err := z.Close(); err != nil {
		return
	}
	r.Body = b.Bytes()
	r.Header.Set("Content-Encoding", "gzip")
	r.Header.Set("Vary", "Accept-Encoding")
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

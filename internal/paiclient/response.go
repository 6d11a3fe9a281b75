package paiclient

import (
	"bytes"
	"cmp"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// apiResponse is a response with a status of success and its whole body.
type apiResponse struct {
	action string
	status int
	header http.Header
	body   []byte
}

// headerRequestID returns the request ID in a header. Errors have it in their bodies, too, but not always.
func headerRequestID(header http.Header) string { return header.Get("x-acs-request-id") }

// readBody reads the body to its end, so that the connection can serve another request before the body is decoded. If
// the connection breaks, the error is the connection's own.
func (c *Client) readBody(action string, response *http.Response, buffer *bytes.Buffer) (*apiResponse, error) {
	read := &apiResponse{action: action, status: response.StatusCode, header: response.Header}
	if length := response.ContentLength; length > 0 && length <= c.maxBody {
		buffer.Grow(int(length) + bytes.MinRead) // ReadFrom needs this much space to reach the end without growing
	}
	_, err := buffer.ReadFrom(http.MaxBytesReader(nil, response.Body, c.maxBody))
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, c.responseError(read, "", fmt.Errorf("body exceeds %d MiB", tooLong.Limit>>20))
	}
	read.body = buffer.Bytes()
	return read, err
}

// lenientJSON accepts what other services of the vendor send: names in any case, with or without - and _ between words,
// duplicate names, and invalid UTF-8.
var lenientJSON = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// decode decodes a JSON body into target, whose strings come from the pool. The error for JSON that ends too early
// wraps io.ErrUnexpectedEOF. All errors are of type *ResponseError.
func (c *Client) decode(response *apiResponse, target any, pool *stringPool) error {
	fromPool := json.WithUnmarshalers(json.UnmarshalFromFunc(pool.unmarshalString))
	err := json.Unmarshal(response.body, target, lenientJSON, fromPool)
	var (
		syntax   *jsontext.SyntacticError
		semantic *json.SemanticError
	)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("incomplete JSON: %w", io.ErrUnexpectedEOF)
	case errors.As(err, &semantic):
		err = unexpectedValue(semantic)
	case errors.As(err, &syntax):
		err = fmt.Errorf("invalid JSON at byte %d: %w", syntax.ByteOffset, syntax.Err)
	}
	return c.responseError(response, "", err)
}

// unexpectedValue returns the error for a JSON value of another type than the field's.
func unexpectedValue(err *json.SemanticError) error {
	place := cmp.Or(string(err.JSONPointer), "the root")
	got, want := jsonTypes[err.JSONKind], jsonType(err.GoType)
	if got == "" || want == "" || got == want {
		return fmt.Errorf("unexpected JSON value at %s", place)
	}
	return fmt.Errorf("unexpected JSON %s at %s, want %s", got, place, want)
}

// jsonTypes are the types of JSON values by their kinds.
var jsonTypes = map[jsontext.Kind]string{
	'"': "string", '0': "number", 't': "boolean", 'f': "boolean", '{': "object", '[': "array",
}

// jsonType returns the type of the JSON values that a Go type is decoded from, "" for types that no field has.
func jsonType(t reflect.Type) string {
	if t == nil {
		return ""
	}
	switch t.Kind() {
	case reflect.Pointer:
		return jsonType(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int64:
		return "number"
	case reflect.Slice:
		return "array"
	case reflect.Struct:
		return "object"
	}
	return ""
}

// errorBody has the members of an error in JSON, also of one that comes with HTTP 200.
type errorBody struct {
	Code      stdjson.RawMessage `json:"Code"`
	Message   stdjson.RawMessage `json:"Message"`
	RequestID string             `json:"RequestId"`
}

// unexpectedBody returns the error for JSON without the expected fields: an *APIError if it has a code, else a
// *ResponseError.
func (c *Client) unexpectedBody(response *apiResponse, body errorBody) error {
	code := jsonScalar(body.Code)
	if code == "" {
		return c.responseError(response, body.RequestID, errors.New("JSON without the expected fields"))
	}
	return &APIError{
		Action: response.action, Host: c.host(), Status: response.status,
		Kind: kindOf(code, response.status), Code: c.secrets.Clean(code),
		Message:   c.secrets.Clean(jsonScalar(body.Message)),
		RequestID: c.secrets.Clean(cmp.Or(body.RequestID, headerRequestID(response.header))),
	}
}

func (c *Client) responseError(response *apiResponse, requestID string, err error) error {
	return &ResponseError{
		Action: response.action, Host: c.host(), Status: response.status,
		RequestID: c.secrets.Clean(cmp.Or(requestID, headerRequestID(response.header))),
		Err:       &scrubbedError{text: c.secrets.Clean(err.Error()), err: err},
	}
}

// stringPool keeps one copy of each string of a list. Label keys, label values and accounts are the same on most
// images, and a second pass repeats all strings of the first. The strings must not be written to.
type stringPool struct {
	mu     sync.Mutex
	shared map[string]*string
}

func newStringPool() *stringPool { return &stringPool{shared: make(map[string]*string)} }

// unmarshalString decodes a JSON string. It leaves other kinds, null among them, to the library.
func (p *stringPool) unmarshalString(decoder *jsontext.Decoder, target **string) error {
	if decoder.PeekKind() != '"' {
		return errors.ErrUnsupported
	}
	quoted, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	if plain := quoted[1 : len(quoted)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		*target = p.intern(plain)
		return nil
	}
	// The decoder has checked the syntax. The remaining error reports invalid UTF-8, which U+FFFD replaces.
	unquoted, _ := jsontext.AppendUnquote(nil, quoted)
	*target = p.intern(unquoted)
	return nil
}

func (p *stringPool) intern(value []byte) *string {
	p.mu.Lock()
	defer p.mu.Unlock()
	shared, ok := p.shared[string(value)] // the compiler doesn't copy the bytes here
	if !ok {
		copied := string(value)
		shared = &copied
		p.shared[copied] = shared
	}
	return shared
}

// buffers hold bodies until they are decoded.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledBuffer is the largest buffer to keep, in bytes, so that one huge body doesn't occupy memory for good.
const maxPooledBuffer = 4 << 20

func putBuffer(buffer *bytes.Buffer) {
	if buffer.Cap() <= maxPooledBuffer {
		buffer.Reset()
		buffers.Put(buffer)
	}
}

package paiclient

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// apiResponse is a response with a 2xx status and its complete body.
type apiResponse struct {
	action string
	status int
	header http.Header
	body   []byte
}

// headerRequestID returns the request ID from a response header. Most error bodies also contain the request ID.
func headerRequestID(header http.Header) string { return header.Get("x-acs-request-id") }

// readBody reads the body to its end, so that another request can use the connection while the body is decoded. It
// returns a *ResponseError if the body exceeds maxBody. If the connection breaks, readBody returns the connection's
// error unchanged.
func (c *Client) readBody(action string, response *http.Response, buffer *bytes.Buffer) (*apiResponse, error) {
	read := &apiResponse{action: action, status: response.StatusCode, header: response.Header}
	if length := response.ContentLength; length > 0 && length <= c.maxBody {
		buffer.Grow(int(length) + bytes.MinRead) // ReadFrom needs this much space to reach the end without growing
	}
	_, err := buffer.ReadFrom(http.MaxBytesReader(nil, response.Body, c.maxBody))
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err := tooLargeError(fmt.Sprintf("body exceeds %d MiB", tooLong.Limit>>20))
		return nil, c.bodyError(read, err)
	}
	read.body = buffer.Bytes()
	return read, err
}

// tooLargeError is the reason of a *ResponseError for a response that exceeds a limit of the client. A list can be read
// in smaller pages instead.
type tooLargeError string

func (e tooLargeError) Error() string { return string(e) }

// lenientJSON accepts deviations that other services of the vendor send: names in any case, with or without - and _
// between words, duplicate names, and invalid UTF-8.
var lenientJSON = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// errorCode is embedded in the types into which decode decodes. It has the error code of a body, which the API can send
// with HTTP 200.
type errorCode struct {
	Code jsontext.Value `json:"Code"`
}

func (e *errorCode) isError() bool { return isErrorCode(jsonScalar(e.Code)) }

// decode decodes a JSON body into target, with *string values from the pool. If the body contains an error code, the
// error is an *APIError, whatever other fields the body has. All other errors are of type *ResponseError. If the JSON
// ends too early, the error wraps io.ErrUnexpectedEOF.
func (c *Client) decode(response *apiResponse, target interface{ isError() bool }, pool *stringPool) error {
	fromPool := json.WithUnmarshalers(json.UnmarshalFromFunc(pool.unmarshalString))
	err := json.Unmarshal(response.body, target, lenientJSON, fromPool)
	var (
		syntax   *jsontext.SyntacticError
		semantic *json.SemanticError
	)
	switch {
	case err == nil && !target.isError():
		return nil
	case err == nil:
		err = errors.New("JSON with an error code")
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("incomplete JSON: %w", io.ErrUnexpectedEOF)
	case errors.As(err, &semantic):
		err = unexpectedValue(semantic)
	case errors.As(err, &syntax):
		err = fmt.Errorf("invalid JSON at byte %d: %w", syntax.ByteOffset, syntax.Err)
	}
	return c.bodyError(response, err)
}

// unexpectedValue returns the error for a JSON value whose type doesn't match the type of the field.
func unexpectedValue(err *json.SemanticError) error {
	place := cmp.Or(string(err.JSONPointer), "the root")
	got, want := jsonTypes[err.JSONKind], jsonType(err.GoType)
	if got == "" || want == "" || got == want {
		return fmt.Errorf("unexpected JSON value at %s", place)
	}
	return fmt.Errorf("unexpected JSON %s at %s, want %s", got, place, want)
}

// jsonTypes maps the kind of a JSON value to the name of its type.
var jsonTypes = map[jsontext.Kind]string{
	'"': "string", '0': "number", 't': "boolean", 'f': "boolean", '{': "object", '[': "array",
}

// jsonType returns the name of the JSON type that is decoded into t. It returns "" for types that no field has.
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

var errMissingFields = errors.New("JSON without the expected fields")

// bodyError returns an *APIError if the body contains an error code, and a *ResponseError with err otherwise.
func (c *Client) bodyError(response *apiResponse, err error) error {
	fields := parseErrorFields(response.body)
	if isErrorCode(fields.code) {
		return c.newAPIError(response.action, response.status, response.header, fields)
	}
	return &ResponseError{
		Action: response.action, Host: c.host(), Status: response.status,
		RequestID: c.secrets.Clean(cmp.Or(fields.requestID, headerRequestID(response.header))),
		Err:       &scrubbedError{text: c.secrets.Clean(err.Error()), err: err},
	}
}

// trimTimes removes the whitespace that the API may send before or after each time.
func trimTimes(times ...**string) {
	for _, field := range times {
		if *field == nil {
			continue
		}
		if trimmed := strings.TrimSpace(**field); trimmed != **field {
			*field = &trimmed // the old string is shared with other images
		}
	}
}

// stringPool keeps one copy of each string in a list, to save memory. Most images have the same label keys, label
// values and accounts, and a second pass repeats the strings of the first. Callers must not write through the pointers.
type stringPool struct {
	mu     sync.Mutex
	shared map[string]*string
}

func newStringPool() *stringPool { return &stringPool{shared: make(map[string]*string)} }

// unmarshalString decodes a JSON string. For any other value, including null, it returns errors.ErrUnsupported, and the
// library decodes the value.
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
	// The decoder has already checked the syntax. The only possible error is invalid UTF-8, which AppendUnquote
	// replaces with U+FFFD.
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

// buffers is a pool of buffers for response bodies.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledBuffer is the largest capacity, in bytes, of a buffer that is returned to the pool. A larger buffer could
// occupy memory permanently.
const maxPooledBuffer = 4 << 20

func putBuffer(buffer *bytes.Buffer) {
	if buffer.Cap() <= maxPooledBuffer {
		buffer.Reset()
		buffers.Put(buffer)
	}
}

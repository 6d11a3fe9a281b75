package paiclient

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

// apiResponse is a response with a 2xx status and its complete body.
type apiResponse struct {
	action string
	status int
	header http.Header
	body   []byte

	decoder *paijson.Decoder  // that decoded the body
	ignored []paijson.Ignored // values that the decoder ignored
	itemID  func(int) *string // returns the ID of an item of the body; nil if the body has no items
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

// errorCode is embedded in the types into which decode decodes. It has the error code of a body, which the API can send
// with HTTP 200.
type errorCode struct {
	Code jsontext.Value `json:"Code"`
}

func (e *errorCode) isError() bool { return isErrorCode(jsonScalar(e.Code)) }

// decode decodes a JSON body into target. If the body contains an error code, the error is an *APIError, whatever other
// fields the body has. All other errors are of type *ResponseError. If the JSON ends too early, the error wraps
// io.ErrUnexpectedEOF.
func (c *Client) decode(response *apiResponse, target interface{ isError() bool }, decoder *paijson.Decoder) error {
	ignored, err := decoder.Decode(response.body, target)
	if err == nil && target.isError() {
		err = errors.New("JSON with an error code")
	}
	if err != nil {
		return c.bodyError(response, err)
	}
	response.ignored, response.decoder = ignored, decoder
	return nil
}

// maxIgnoredRunes limits the length of IgnoredValue.Value.
const maxIgnoredRunes = 60

// IgnoredValue is a value of a response that the client ignored, because it can't be read as the type of its field. The
// texts contain no secrets.
type IgnoredValue struct {
	Field  string // such as Images.Size
	ItemID string // ID of the item that has the field; empty if there is none
	Value  string // JSON, truncated
}

// ignoredValues returns the values that were ignored in the response, except those that the decoder already ignored in
// another response.
func (c *Client) ignoredValues(response *apiResponse) []IgnoredValue {
	var values []IgnoredValue
	for _, ignored := range response.ignored {
		value := IgnoredValue{Field: ignored.Field, Value: c.secrets.Clean(ignored.Value)}
		if response.itemID != nil {
			value.ItemID = c.secrets.Clean(stringOrEmpty(response.itemID(ignored.Item)))
		}
		if runes := []rune(value.Value); len(runes) > maxIgnoredRunes {
			value.Value = string(runes[:maxIgnoredRunes]) + "…"
		}
		if response.decoder.IsNew(value.Field, value.ItemID) {
			values = append(values, value)
		}
	}
	return values
}

// itemIDs returns a function for apiResponse.itemID that returns a field of the items.
func itemIDs[T any](items []T, id func(*T) *string) func(int) *string {
	return func(i int) *string {
		if i < 0 || i >= len(items) {
			return nil
		}
		return id(&items[i])
	}
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

package paiclient

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

// apiResponse is a response with a 2xx status and its complete body.
type apiResponse struct {
	action string
	status int
	header http.Header
	body   []byte

	decoder *paijson.Decoder  // of the lookup
	ignored []paijson.Ignored // values that the decoder ignored
	itemID  func(int) *string // returns the ID of an item of the body; nil if the body has no items
}

// headerRequestID returns the request ID from a response header. Most error bodies also contain the request ID.
func headerRequestID(header http.Header) string { return header.Get("x-acs-request-id") }

// handle reads and decodes a response. If the response is an error, handle returns that error.
func (a *apiCall) handle(ctx context.Context, response *http.Response, decode func(*apiResponse) error) error {
	defer func() { _ = response.Body.Close() }() // an error of Close doesn't affect the result
	if response.StatusCode < 200 || response.StatusCode > 299 {
		err := a.client.apiError(a.action, response)
		a.updatePace(response, err)
		return err
	}
	body, release, err := a.readBody(ctx, response)
	if err != nil {
		return err
	}
	defer release()
	err = decode(body)
	a.updatePace(response, err) // the API can send an error with HTTP 200
	if err == nil {
		a.ignored = a.client.ignoredValues(body)
	}
	return err
}

// Get sends a GET request for an operation, retries it as needed, and returns the body of the response. It shows what
// the service sends, which the methods for the operations convert. The errors have the same types as those of
// ListImages.
func (c *Client) Get(ctx context.Context, action, path string, parameters url.Values) ([]byte, error) {
	decoder, release := c.memory.DecoderOf(ctx)
	defer release()
	var body []byte
	err := c.get(ctx, decoder, action, path, parameters, func(response *apiResponse) error {
		body = bytes.Clone(response.body)
		return c.decode(ctx, response, &struct{ errorCode }{})
	})
	return body, err
}

// maxSmallBody limits the bodies that requests can read at the same time. Only one request at a time can read a longer
// body, and only for a large lookup.
const maxSmallBody = 1 << 20

// smallBuffers is a pool of buffers for bodies up to maxSmallBody.
var smallBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readBody reads the body to its end, so that another request can use the connection while the body is decoded. The
// caller must call release when it no longer needs the body. readBody returns a *ResponseError if the body exceeds
// maxBody, or if it exceeds maxSmallBody and the lookup can't be large now. If the connection breaks, readBody returns
// the connection's error unchanged.
func (a *apiCall) readBody(
	ctx context.Context, response *http.Response,
) (read *apiResponse, release func(), err error) {
	read = &apiResponse{action: a.action, status: response.StatusCode, header: response.Header, decoder: a.decoder}
	buffer := smallBuffers.Get().(*bytes.Buffer)
	release = func() {
		buffer.Reset()
		smallBuffers.Put(buffer)
	}
	if length := response.ContentLength; length > 0 && length <= maxSmallBody {
		buffer.Grow(int(length) + bytes.MinRead) // ReadFrom needs this much space to reach the end without growing
	}
	_, err = buffer.ReadFrom(io.LimitReader(response.Body, maxSmallBody+1))
	if err == nil && int64(buffer.Len()) > min(maxSmallBody, a.client.maxBody) {
		defer release()
		return a.readLargeBody(ctx, read, io.MultiReader(buffer, response.Body))
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	read.body = buffer.Bytes()
	return read, release, nil
}

// readLargeBody reads a body that may exceed maxSmallBody, as readBody does.
func (a *apiCall) readLargeBody(
	ctx context.Context, read *apiResponse, body io.Reader,
) (response *apiResponse, release func(), err error) {
	c := a.client
	if !a.decoder.TryEnlarge() {
		return nil, nil, c.bodyError(read, paijson.ErrSmall)
	}
	var buffer *bytes.Buffer
	select {
	case buffer = <-c.largeBuffer:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	release = func() {
		buffer.Reset()
		c.largeBuffer <- buffer
	}
	buffer.Grow(int(c.maxBody) + bytes.MinRead) // at once, because growing needs several times the memory
	_, err = buffer.ReadFrom(io.LimitReader(body, c.maxBody+1))
	if err == nil && int64(buffer.Len()) > c.maxBody {
		err = c.bodyError(read, tooLargeError(fmt.Sprintf("body exceeds %d MiB", c.maxBody>>20)))
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	read.body = buffer.Bytes()
	return read, release, nil
}

// tooLargeError is the reason of a *ResponseError for a response that exceeds a limit of the client. A list can be read
// in smaller pages instead.
type tooLargeError string

func (e tooLargeError) Error() string { return string(e) }

// errorCode is embedded in the types into which decode decodes. It shows whether a body has an error code, which the
// API can send with HTTP 200.
type errorCode struct {
	Code hasErrorCode `json:"Code"`
}

func (e *errorCode) isError() bool { return bool(e.Code) }

// hasErrorCode is whether any of the members of a body that are named Code, in any case, is an error code.
type hasErrorCode bool

// UnmarshalJSONFrom reads a member. The library calls it again if there is another member.
func (h *hasErrorCode) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	value, err := decoder.ReadValue()
	*h = *h || hasErrorCode(isErrorCode(jsonScalar(value)))
	return err
}

// decode decodes a JSON body into target. If the body contains an error code, the error is an *APIError, whatever other
// fields the body has. All other errors are of type *ResponseError. If the JSON ends too early, the error wraps
// io.ErrUnexpectedEOF.
func (c *Client) decode(ctx context.Context, response *apiResponse, target interface{ isError() bool }) error {
	ignored, err := response.decoder.Decode(ctx, response.body, target)
	if err == nil && target.isError() {
		err = errors.New("JSON with an error code")
	}
	if errors.Is(err, paijson.ErrTooMany) {
		err = tooLargeError(err.Error())
	}
	if err != nil {
		return c.bodyError(response, err)
	}
	response.ignored = ignored
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
			value.ItemID = c.secrets.Clean(pai.OrEmpty(response.itemID(ignored.Item)))
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

// checkItemID returns an error if a response has another ID than the requested one. The API can omit the ID.
func checkItemID(got *string, want string) error {
	if id := strings.TrimSpace(pai.OrEmpty(got)); id != "" && id != want {
		return fmt.Errorf("the response has the ID %s, not the requested one", hcltext.Quote(id))
	}
	return nil
}

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

package paiclient

import (
	"bytes"
	"cmp"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// answer is a success whose body is in, whole.
type answer struct {
	action string
	status int
	header http.Header
	body   []byte
}

// requestID is what the header calls the request, for answers that don't.
func (a *answer) requestID() string { return a.header.Get("x-acs-request-id") }

// asServicesWrite is how JSON is read: names of members in any case, with or without - and _ between their words, names that stand
// twice, and bytes that are no UTF-8 are no reason to refuse a list.
var asServicesWrite = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// receive reads the body into a buffer to its end, so that the connection can serve the next request before anything is decoded.
// The error of a body that breaks off is the connection's own, in whatever version of HTTP.
func (c *Client) receive(action string, response *http.Response, into *bytes.Buffer) (*answer, error) {
	a := &answer{action: action, status: response.StatusCode, header: response.Header}
	if length := response.ContentLength; length > 0 && length <= c.maxBody {
		into.Grow(int(length) + bytes.MinRead) // ReadFrom wants that much room to see the end
	}
	_, err := into.ReadFrom(http.MaxBytesReader(nil, response.Body, c.maxBody))
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return nil, c.unreadable(a, "", errors.New("it is longer than "+strconv.FormatInt(tooLong.Limit>>20, 10)+" MiB"))
	}
	a.body = into.Bytes()
	return a, err
}

// decode reads the JSON of an answer into the value, whose strings are shared with those that were read before. JSON that
// breaks off gives an error that is io.ErrUnexpectedEOF, all else that can't be read is a ResponseError without that.
func (c *Client) decode(a *answer, into any, texts *sharedTexts) error {
	err := json.Unmarshal(a.body, into, asServicesWrite, json.WithUnmarshalers(json.UnmarshalFromFunc(texts.unmarshal)))
	var (
		syntax    *jsontext.SyntacticError
		wrongType *json.SemanticError
	)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = io.ErrUnexpectedEOF
	case errors.As(err, &wrongType):
		err = fmt.Errorf("%s is %s, and should be something else", cmp.Or(string(wrongType.JSONPointer), "it"), kindName(wrongType.JSONKind))
	case errors.As(err, &syntax):
		err = fmt.Errorf("it is no JSON from byte %d on: %w", syntax.ByteOffset, syntax.Err)
	}
	return c.unreadable(a, "", err)
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case '[':
		return "a JSON array"
	case '{':
		return "a JSON object"
	case '0':
		return "a JSON number that is no whole one of 64 bits, or stands where none belongs"
	case 't', 'f':
		return "a JSON boolean"
	}
	return "a JSON " + kind.String()
}

// notTheAnswer is the error for JSON that is something else: an error that came as a success, or another thing.
func (c *Client) notTheAnswer(a *answer, requestID string, code, message stdjson.RawMessage) error {
	if text := jsonText(code); text != "" {
		return &APIError{
			Action: a.action, Host: c.endpoint.Host, Status: a.status, Kind: kindOf(text, a.status),
			Code: c.secrets.Clean(text), Message: c.secrets.Clean(jsonText(message)),
			RequestID: c.secrets.Clean(cmp.Or(requestID, a.requestID())),
		}
	}
	return c.unreadable(a, requestID, errors.New("it is JSON, but holds none of the fields of this answer"))
}

func (c *Client) unreadable(a *answer, requestID string, err error) error {
	return &ResponseError{
		Action: a.action, Host: c.endpoint.Host, Status: a.status, RequestID: c.secrets.Clean(cmp.Or(requestID, a.requestID())),
		Err: &cleanError{text: c.secrets.Clean(err.Error()), err: err},
	}
}

// buffers hold bodies until they are decoded.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxKeptBuffer is the largest buffer that is kept for the next body: one odd answer must not stay for good.
const maxKeptBuffer = 4 << 20

func putBuffer(buffer *bytes.Buffer) {
	if buffer.Cap() <= maxKeptBuffer {
		buffer.Reset()
		buffers.Put(buffer)
	}
}

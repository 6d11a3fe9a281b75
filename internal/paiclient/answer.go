package paiclient

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// decode reads the JSON of an answer into the value. An answer that broke off gives an error that is io.ErrUnexpectedEOF,
// a connection that broke gives the connection's own, and one that holds something else is a ResponseError.
func (c *Client) decode(action string, response *http.Response, into any) error {
	err := json.NewDecoder(response.Body).Decode(into)
	if err == nil {
		// Read to the end, or the connection can't serve the next request.
		_, err = io.Copy(io.Discard, response.Body)
	}
	var (
		tooLong   *http.MaxBytesError
		syntax    *json.SyntaxError
		wrongType *json.UnmarshalTypeError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &tooLong):
		err = errors.New("it is longer than " + strconv.FormatInt(tooLong.Limit>>20, 10) + " MiB")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = io.ErrUnexpectedEOF
	case errors.As(err, &syntax), errors.As(err, &wrongType):
	default: // the connection's, in whatever version of HTTP
		return err
	}
	return c.unreadable(action, response, "", err)
}

// notTheAnswer is the error for JSON that is something else: an error that came as a success, or another thing.
func (c *Client) notTheAnswer(action string, response *http.Response, requestID string, code, message json.RawMessage) error {
	if text := jsonText(code); text != "" {
		return &APIError{
			Action: action, Host: c.endpoint.Host, Status: response.StatusCode, Kind: kindOf(text, response.StatusCode),
			Code: c.secrets.Clean(text), Message: c.secrets.Clean(jsonText(message)), RequestID: c.secrets.Clean(requestID),
		}
	}
	return c.unreadable(action, response, requestID, errors.New("it is JSON, but holds none of the fields of this answer"))
}

func (c *Client) unreadable(action string, response *http.Response, requestID string, err error) error {
	if requestID == "" {
		requestID = response.Header.Get("x-acs-request-id")
	}
	return &ResponseError{
		Action: action, Host: c.endpoint.Host, Status: response.StatusCode, RequestID: c.secrets.Clean(requestID),
		Err: &cleanError{text: c.secrets.Clean(err.Error()), err: err},
	}
}

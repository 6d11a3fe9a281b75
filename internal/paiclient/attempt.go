package paiclient

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Attempt is what an observer is told of one request when its answer was read, or wasn't to be had. None of it is secret.
type Attempt struct {
	Action     string        // the API's name of the operation
	Host       string        // that was asked
	Path       string        // of the request, which names what is asked for
	Parameters url.Values    // in the query
	Number     int           // 1 for the first
	Took       time.Duration // from sending until the answer was read and decoded
	Status     int           // of HTTP; 0 without an answer
	Code       string        // of the API's error
	RequestID  string        // of the answer, where it has one
	Err        error         // nil where the answer was good
}

// observe tells the client's observer, if it has one, how the latest attempt ended.
func (c *call) observe(ctx context.Context, response *http.Response, err error) {
	if c.observer == nil {
		return
	}
	attempt := Attempt{
		Action: c.action, Host: c.host, Path: c.path, Parameters: c.parameters, Number: c.attempts, Took: time.Since(c.sent), Err: err,
	}
	if response != nil {
		attempt.Status, attempt.RequestID = response.StatusCode, c.secrets.Clean(response.Header.Get("x-acs-request-id"))
	}
	var api *APIError
	if errors.As(err, &api) {
		attempt.Code, attempt.RequestID = api.Code, cmp.Or(api.RequestID, attempt.RequestID)
	}
	c.observer(ctx, attempt)
}

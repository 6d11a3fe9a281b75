package paiclient

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// get sends a GET request, retries it as needed, and decodes the body of the response. decode must not retain the body.
// If decode returns an error that may be temporary, such as incomplete JSON, the request is retried.
func (c *Client) get(
	ctx context.Context, action, path string, parameters url.Values, decode func(*apiResponse) error,
) error {
	call := &apiCall{client: c, action: action, path: path, parameters: parameters, start: time.Now()}
	ctx = context.WithValue(ctx, callKey{}, call)

	// The call keeps its slot while it waits for a retry: otherwise throttling would let more requests through.
	if err := c.slots.Acquire(ctx, 1); err != nil {
		return call.failure(ctx, err)
	}
	defer c.slots.Release(1)
	if err := c.pace.wait(ctx); err != nil {
		return call.failure(ctx, err)
	}

	address := c.options.Endpoint.JoinPath(path)
	address.RawQuery = parameters.Encode()
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return call.failure(ctx, err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.options.UserAgent)
	request.SetResponseHandler(func(response *http.Response) error {
		err := call.handle(response, decode)
		if err == nil {
			call.report(ctx, response, nil) // checkRetry reports errors, also those without a response
		}
		return err
	})
	response, err := c.retrying.Do(request)
	if err != nil {
		return call.failure(ctx, err)
	}
	return response.Body.Close()
}

// apiCall is one request with all its attempts. Attempts follow each other, so it needs no lock.
type apiCall struct {
	client      *Client
	action      string // the API's name of the operation
	path        string
	parameters  url.Values
	start       time.Time
	attempts    int
	sent        time.Time   // of the latest attempt
	credentials Credentials // of the latest attempt
	renewed     bool        // the credentials were renewed
	lastErr     error       // of the latest attempt
}

type callKey struct{}

// callFrom returns the call that get has put into the context.
func callFrom(ctx context.Context) *apiCall {
	return ctx.Value(callKey{}).(*apiCall)
}

// handle reads and decodes a response, or returns the error that it contains.
func (a *apiCall) handle(response *http.Response, decode func(*apiResponse) error) error {
	defer func() { _ = response.Body.Close() }() // nothing more is read from it
	if response.StatusCode < 200 || response.StatusCode > 299 {
		err := a.client.apiError(a.action, response)
		a.updatePace(response, err)
		return err
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer putBuffer(buffer)
	body, err := a.client.readBody(a.action, response, buffer)
	if err != nil {
		return err
	}
	err = decode(body)
	a.updatePace(response, err) // an error of the API may come with HTTP 200
	return err
}

// updatePace reports to the pace whether the service throttled or accepted the request. A failure of the service is
// neither.
func (a *apiCall) updatePace(response *http.Response, err error) {
	api, ok := errors.AsType[*APIError](err)
	switch {
	case ok && api.Kind == KindThrottled:
		a.client.pace.throttled(a.sent, retryAfter(response.Header), api)
	case !ok || api.Kind != KindTransient:
		a.client.pace.accepted(a.sent)
	}
}

// renew renews expired credentials at most once per call. It reports whether another attempt may succeed.
func (a *apiCall) renew() bool {
	if a.renewed {
		return false
	}
	a.renewed = true
	return a.client.options.Credentials.Renew(a.credentials)
}

// failure returns the typed error of a call that failed. If the caller's context has ended, every other error is a
// consequence, and the result is an InterruptedError.
func (a *apiCall) failure(ctx context.Context, err error) error {
	ctxErr := ctx.Err()
	if ctxErr == nil {
		return a.typedError(err)
	}
	if a.attempts == 0 {
		a.lastErr = a.client.pace.reason()
	}
	return &InterruptedError{
		Action: a.action, Host: a.client.host(), After: time.Since(a.start), Last: a.lastErr, Err: ctxErr,
	}
}

// typedError returns the typed error within err, or a TransportError if there is none.
func (a *apiCall) typedError(err error) error {
	if typed, ok := errors.AsType[clientError](err); ok {
		return typed
	}
	// The URL repeats what the action and the host already say.
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		err = urlErr.Err
	}
	return &TransportError{
		Action: a.action, Host: a.client.host(), Attempts: a.attempts,
		Err: &scrubbedError{text: a.client.secrets.Clean(err.Error()), err: err},
	}
}

// Attempt describes one attempt that has ended. It contains no secrets.
type Attempt struct {
	Action     string        // the API's name of the operation
	Host       string        // of the request
	Path       string        // of the request
	Parameters url.Values    // the query of the request
	Number     int           // from 1
	Duration   time.Duration // from sending until the response was read and decoded
	Status     int           // of HTTP; 0 without a response
	Code       string        // of the API's error
	RequestID  string        // from the response, if it has one
	Err        error         // nil after success
}

// report calls the client's OnAttempt function, if any.
func (a *apiCall) report(ctx context.Context, response *http.Response, err error) {
	if a.client.options.OnAttempt == nil {
		return
	}
	attempt := Attempt{
		Action: a.action, Host: a.client.host(), Path: a.path, Parameters: a.parameters,
		Number: a.attempts, Duration: time.Since(a.sent), Err: err,
	}
	if response != nil {
		attempt.Status, attempt.RequestID = response.StatusCode, a.client.secrets.Clean(headerRequestID(response.Header))
	}
	if api, ok := errors.AsType[*APIError](err); ok {
		attempt.Code, attempt.RequestID = api.Code, cmp.Or(api.RequestID, attempt.RequestID)
	}
	a.client.options.OnAttempt(ctx, attempt)
}

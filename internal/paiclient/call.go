package paiclient

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

// get sends a GET request, retries it as needed, and decodes the body of the response. decode must not retain the body.
// If decode returns an error that may be temporary, such as incomplete JSON, the request is retried. If the lookup is
// small and needs more memory, get waits until it can be large.
func (c *Client) get(
	ctx context.Context, decoder *paijson.Decoder, action, path string, parameters url.Values,
	decode func(*apiResponse) error,
) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	call := &apiCall{
		client: c, decoder: decoder, action: action, path: path, parameters: parameters, start: time.Now(), end: end,
	}
	call.deadline, _ = ctx.Deadline()
	call.oneAttempt = ctx.Value(oneAttemptKey{}) != nil
	ctx = context.WithValue(ctx, callKey{}, call)
	err := paijson.ErrSmall // without a request if the Decoder has little memory left
	if !decoder.ShouldEnlarge() {
		err = call.run(ctx, decode)
	}
	if errors.Is(err, paijson.ErrSmall) {
		if err := decoder.Enlarge(ctx); err != nil {
			return call.failure(ctx, err)
		}
		err = call.run(ctx, decode)
	}
	if errors.Is(err, paijson.ErrTooLarge) {
		return &ListTooLargeError{Action: action, Host: c.host(), Err: paijson.ErrTooLarge}
	}
	return err
}

// run sends the request, retries it as needed, and decodes the body of the response.
func (a *apiCall) run(ctx context.Context, decode func(*apiResponse) error) error {
	c := a.client
	c.pace.startWaiting(a)
	defer c.pace.stopWaiting(a)
	// The call counts while it waits for a retry. Otherwise, other calls could send more requests to an endpoint that is
	// throttling or failing. Calls of other endpoints can use its slot meanwhile.
	if err := c.calls.Acquire(ctx, 1); err != nil {
		return a.failure(ctx, err)
	}
	defer c.calls.Release(1)
	if err := a.waitForTurn(ctx); err != nil {
		return a.failure(ctx, err)
	}
	defer a.releaseSlot()

	address := c.endpoint.JoinPath(a.path)
	address.RawQuery = a.parameters.Encode()
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return a.failure(ctx, err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.options.UserAgent)
	request.SetResponseHandler(func(response *http.Response) error {
		err := a.handle(ctx, response, decode)
		if err == nil {
			a.report(ctx, response, nil) // checkRetry reports attempts that fail, with or without a response
		}
		return err
	})
	response, err := c.retrying.Do(request)
	if err != nil {
		return a.failure(ctx, err)
	}
	_ = response.Body.Close() // The result is complete. Close fails if request_timeout ends just now.
	return nil
}

// apiCall is one API call with all its attempts. The attempts run one after another, so apiCall needs no lock.
type apiCall struct {
	client      *Client
	decoder     *paijson.Decoder // of the lookup
	action      string           // the API's name of the operation
	path        string
	parameters  url.Values
	start       time.Time
	deadline    time.Time               // zero if there is none
	end         context.CancelCauseFunc // ends the call with an error
	hasSlot     bool                    // whether the call holds a slot of the service
	attempts    int
	sent        time.Time         // when the latest attempt was sent
	credentials Credentials       // of the latest attempt
	failures    int               // number of attempts that failed for another reason than throttling
	renewed     bool              // whether renew was called
	lastErr     error             // of the latest attempt
	unconnected *connection.Error // of the latest attempt; nil if the attempt had a connection
	connects    int               // consecutive attempts without a connection to the API or the credential source
	sourceErr   error             // latest error of a credential source that can't be reached
	ignored     []IgnoredValue    // of the attempt that succeeded
	oneAttempt  bool              // whether the call ends after the first attempt
}

type callKey struct{}

// callFrom returns the apiCall that get stored in the context.
func callFrom(ctx context.Context) *apiCall {
	return ctx.Value(callKey{}).(*apiCall)
}

// waitForTurn waits until the next attempt may be sent, and acquires a slot for it.
func (a *apiCall) waitForTurn(ctx context.Context) error {
	for { // repeats if the endpoint throttles another request during the wait for a slot
		if err := a.client.pace.wait(ctx); err != nil {
			return err
		}
		if err := a.client.slots.Acquire(ctx, 1); err != nil {
			return err
		}
		if err := a.client.recentFailure(); err != nil {
			a.client.slots.Release(1)
			return err
		}
		if !a.client.pace.isPaused() {
			a.hasSlot = true
			a.client.pace.stopWaiting(a)
			return nil
		}
		a.client.slots.Release(1)
	}
}

// releaseSlot releases the slot of the latest attempt, if the call still holds it.
func (a *apiCall) releaseSlot() {
	if a.hasSlot {
		a.hasSlot = false
		a.client.slots.Release(1)
	}
}

// updatePace records in the client's pace that the service throttled or accepted the request. It records nothing if the
// service failed.
func (a *apiCall) updatePace(response *http.Response, err error) {
	apiErr, ok := errors.AsType[*APIError](err)
	switch {
	case ok && apiErr.Kind == KindThrottled:
		a.client.pace.recordThrottling(a.sent, retryAfter(response.Header), apiErr)
	case !ok || apiErr.Kind != KindTransient:
		a.client.pace.recordAccepted(a.sent)
	}
}

// endIfLate ends the call with a *WaitError if a wait that the service requests would end after the call's deadline.
// last is the error of the attempt whose response requests the wait.
func (a *apiCall) endIfLate(wait time.Duration, last error) {
	remaining := time.Until(a.deadline)
	if a.deadline.IsZero() || wait <= remaining || remaining < 0 { // if negative, the context ends by itself
		return
	}
	a.end(&WaitError{Action: a.action, Host: a.client.host(), Wait: wait, Remaining: remaining, Last: last})
}

// failure returns the typed error for a failed call. If ctx has ended, failure ignores err, because err is then only a
// consequence of the end of ctx. It returns the error with which the call ended ctx, or an *InterruptedError.
func (a *apiCall) failure(ctx context.Context, err error) error {
	ctxErr := ctx.Err()
	if ctxErr == nil {
		return a.typedError(err)
	}
	if late, ok := errors.AsType[*WaitError](context.Cause(ctx)); ok {
		return late
	}
	interrupted := a.client.Interrupted(a.action)
	interrupted.After, interrupted.Err = time.Since(a.start), ctxErr
	if a.attempts > 0 {
		interrupted.Last = a.lastErr
	}
	return interrupted
}

// Interrupted returns the error of a request that ends before its first attempt, without After and Err.
func (c *Client) Interrupted(action string) *InterruptedError {
	return &InterruptedError{Action: action, Host: c.host(), Last: c.pace.throttlingError()}
}

// typedError returns the clientError that err is or wraps. If there is none, typedError returns a *ConnectError or a
// *TransportError.
func (a *apiCall) typedError(err error) error {
	if typed, ok := errors.AsType[clientError](err); ok {
		return typed
	}
	if a.unconnected != nil {
		failure := *a.unconnected
		failure.Err = &scrubbedError{text: a.client.secrets.Clean(failure.Err.Error()), err: failure.Err}
		return &ConnectError{Failure: &failure, Attempts: a.connects}
	}
	// The URL is removed, because a TransportError already contains the action and the host.
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		err = urlErr.Err
	}
	return &TransportError{
		Action: a.action, Host: a.client.host(), Attempts: a.attempts,
		Err: &scrubbedError{text: a.client.secrets.Clean(err.Error()), err: err},
	}
}

// Attempt describes one finished attempt. It contains no secrets.
type Attempt struct {
	Action     string        // the API's name of the operation
	Host       string        // of the request
	Path       string        // of the request
	Parameters url.Values    // the query of the request
	Number     int           // 1 for the first attempt
	Duration   time.Duration // from sending the request until the response was read and decoded
	Status     int           // HTTP status; 0 if there was no response
	Code       string        // error code of the API; empty if the response has none
	RequestID  string        // empty if the response has none
	Err        error         // nil if the attempt succeeded

	// Ignored are values of the response that the client treats as null. An attempt reports a value only if no other
	// attempt for the same list did.
	Ignored []IgnoredValue
}

// report passes the latest attempt to the client's OnAttempt function, if set.
func (a *apiCall) report(ctx context.Context, response *http.Response, err error) {
	if a.client.options.OnAttempt == nil {
		return
	}
	attempt := Attempt{
		Action: a.action, Host: a.client.host(), Path: a.path, Parameters: a.parameters,
		Number: a.attempts, Duration: time.Since(a.sent), Err: err,
		Ignored: a.ignored,
	}
	if response != nil {
		attempt.Status, attempt.RequestID = response.StatusCode, a.client.secrets.Clean(headerRequestID(response.Header))
	}
	if apiErr, ok := errors.AsType[*APIError](err); ok {
		attempt.Code, attempt.RequestID = apiErr.Code, cmp.Or(apiErr.RequestID, attempt.RequestID)
	}
	a.client.options.OnAttempt(ctx, attempt)
}

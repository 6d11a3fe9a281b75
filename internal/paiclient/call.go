package paiclient

import (
	"context"
	"errors"
	"net/url"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// call is what the parts of the client know of one request through all of its attempts. Attempts follow each other,
// so nothing of it is shared between goroutines.
type call struct {
	action      string
	path        string
	parameters  url.Values
	host        string
	begun       time.Time
	source      CredentialSource
	secrets     *scrub.Scrubber
	place       *place
	pace        *pace
	observer    func(context.Context, Attempt)
	attempts    int
	sent        time.Time   // when the latest attempt was
	credentials Credentials // that signed the latest attempt
	renewed     bool        // the credentials were expired once already
	last        error       // what the latest attempt that ended had met
}

type callKey struct{}

func (c *call) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callFrom(ctx context.Context) *call {
	return ctx.Value(callKey{}).(*call)
}

// renew has the credentials that expired replaced, once for the request, and says whether that was possible.
func (c *call) renew() bool {
	if c.renewed {
		return false
	}
	c.renewed = true
	return c.source.Renew(c.credentials)
}

// inTurn waits for a place, and for the request's turn in the pace of all. Where the wait outlasts the context before anything
// was sent, what the pace waits for is the reason.
func (c *call) inTurn(ctx context.Context) error {
	err := c.place.take(ctx)
	if err == nil {
		err = c.pace.wait(ctx)
	}
	if err != nil && c.last == nil {
		c.last = c.pace.reason()
	}
	return err
}

// taken tells the pace that the service took the request, unless the error says that it was one too many, or that the service is
// in trouble: neither is a reason to come faster.
func (c *call) taken(err error) {
	var api *APIError
	if errors.As(err, &api) && (api.Kind == KindThrottled || api.Kind == KindTransient) {
		return
	}
	c.pace.took(c.sent)
}

// failure gives the typed error for what ended the request. The caller's context comes first: where it has ended,
// whatever else went wrong is a consequence.
func (c *call) failure(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return &InterruptedError{
			Action: c.action, Host: c.host, After: time.Since(c.begun), Last: c.last, Err: ended,
		}
	}
	return c.typed(err)
}

// typed leaves a typed error as it is, and makes one of what the transport says.
func (c *call) typed(err error) error {
	var (
		api         *APIError
		response    *ResponseError
		transport   *TransportError
		credentials *CredentialsError
	)
	switch {
	case errors.As(err, &api):
		return api
	case errors.As(err, &response):
		return response
	case errors.As(err, &transport):
		return transport
	case errors.As(err, &credentials):
		return credentials
	}
	// The address, which the standard library's errors repeat, says no more than the action and the host.
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	return &TransportError{
		Action: c.action, Host: c.host, Attempts: c.attempts, Err: &cleanError{text: c.secrets.Clean(err.Error()), err: err},
	}
}

// cleanError shows clean text and still answers errors.As for what it stands for.
type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string { return e.text }
func (e *cleanError) Unwrap() error { return e.err }

package paiclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
)

// clientError is implemented by all types of errors that the client returns for requests.
type clientError interface {
	error
	isClientError()
}

func (*APIError) isClientError()          {}
func (*ResponseError) isClientError()     {}
func (*ListTooLargeError) isClientError() {}
func (*ConnectError) isClientError()      {}
func (*TransportError) isClientError()    {}
func (*InterruptedError) isClientError()  {}
func (*WaitError) isClientError()         {}
func (*CredentialsError) isClientError()  {}

// APIError is an error response of the API, or of a server that responds in place of the API, such as a proxy. The
// texts contain no secrets.
type APIError struct {
	Action    string // the API's name of the operation, such as ListImages
	Host      string // of the request
	Kind      Kind   // determines what the caller can do about the error
	Code      string // error code of the API; empty if the response has none
	Status    int    // HTTP status
	RequestID string // for the vendor's support; empty if the response has none
	Message   string // error message of the API
	Advice    string // the API's recommendation, and details about a missing permission
}

// Error returns all fields except Kind as one line of text.
func (e *APIError) Error() string {
	detail := ""
	if e.Code != "" {
		detail = ", code " + e.Code
	}
	if message := joinSentences(e.Message, e.Advice); message != "" {
		detail += ": " + message
	}
	return describeResponse(e.Action, e.Host, e.Status, detail, e.RequestID)
}

// ResponseError means that a response can't be read as a response of the API. It isn't valid JSON, lacks the expected
// fields, or is too long.
type ResponseError struct {
	Action    string
	Host      string
	Status    int
	RequestID string
	Err       error
}

// Error returns the fields as one line of text.
func (e *ResponseError) Error() string {
	return describeResponse(e.Action, e.Host, e.Status, ": cannot read the response: "+e.Err.Error(), e.RequestID)
}

// Unwrap returns the reason why the response can't be read.
func (e *ResponseError) Unwrap() error { return e.Err }

func describeResponse(action, host string, status int, detail, requestID string) string {
	text := fmt.Sprintf("%s at %s: HTTP %d%s", action, host, status, detail)
	if requestID != "" {
		text += " (request ID " + requestID + ")"
	}
	return text
}

// joinSentences joins texts with a semicolon, or with only a space after a full stop. It skips empty texts.
func joinSentences(sentences ...string) string {
	joined := ""
	for _, sentence := range sentences {
		switch {
		case sentence == "":
		case joined == "":
			joined = sentence
		case strings.HasSuffix(joined, "."):
			joined += " " + sentence
		default:
			joined += "; " + sentence
		}
	}
	return joined
}

// ListTooLargeError means that the API returned more items than a list may have, or that they need too much memory.
type ListTooLargeError struct {
	Action string
	Host   string
	Err    error // the limit
}

// Error returns the fields as one line of text.
func (e *ListTooLargeError) Error() string {
	return fmt.Sprintf("%s at %s: %s", e.Action, e.Host, e.Err)
}

// Unwrap returns the error that contains the limit.
func (e *ListTooLargeError) Unwrap() error { return e.Err }

// ConnectError means that the last attempts of a request got no connection, so they were not sent.
type ConnectError struct {
	Failure  *connection.Error // of the last attempt
	Attempts int               // number of these attempts
}

// Error returns the fields as one line of text.
func (e *ConnectError) Error() string { return e.Failure.Describe(countAttempts(e.Attempts)) }

// Unwrap returns the error of the last attempt.
func (e *ConnectError) Unwrap() error { return e.Failure }

// TransportError means that the last attempt of a request got no complete response. The connection broke, or the
// response came too late.
type TransportError struct {
	Action   string
	Host     string
	Attempts int
	Err      error // of the last attempt
}

// Error returns the fields as one line of text.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s at %s: no complete response after %s: %s", e.Action, e.Host, countAttempts(e.Attempts), e.Err)
}

func countAttempts(count int) string {
	if count == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", count)
}

// Unwrap returns the error of the last attempt.
func (e *TransportError) Unwrap() error { return e.Err }

// InterruptedError means that a request ended because its context was cancelled or reached its deadline.
type InterruptedError struct {
	Action string
	Host   string
	After  time.Duration // since the call of ListImages or another method of Client
	Last   error         // of the last attempt; without an attempt, the throttling that delayed the request, or nil
	Err    error         // context.Canceled or context.DeadlineExceeded
}

// Error returns the fields as one line of text.
func (e *InterruptedError) Error() string {
	reason := "cancelled"
	if errors.Is(e.Err, context.DeadlineExceeded) {
		reason = "timed out"
	}
	text := fmt.Sprintf("%s at %s: %s after %s", e.Action, e.Host, reason, e.After.Round(time.Millisecond))
	if e.Last != nil {
		text += "; last error: " + e.Last.Error()
	}
	return text
}

// Unwrap returns the error of the context.
func (e *InterruptedError) Unwrap() error { return e.Err }

// WaitError means that the service requests a wait that would end after the deadline of the request's context. The
// request ends without the wait.
type WaitError struct {
	Action    string
	Host      string
	Wait      time.Duration // that the service requests
	Remaining time.Duration // until the deadline
	Last      error         // of the attempt whose response requests the wait, which can be an attempt of another request
}

// Error returns the fields as one line of text.
func (e *WaitError) Error() string {
	return fmt.Sprintf("%s at %s: the service requests a wait of %s, but the time limit ends in %s; last error: %s",
		e.Action, e.Host, formatDuration(e.Wait), formatDuration(e.Remaining), e.Last)
}

// Unwrap returns the error of the attempt.
func (e *WaitError) Unwrap() error { return e.Last }

// formatDuration returns a duration without digits that only distract.
func formatDuration(d time.Duration) string {
	if d > 10*time.Second {
		return d.Round(time.Second).String()
	}
	return d.Round(time.Millisecond).String()
}

// CredentialsError means that the credential source returned no usable credentials. The attempt sent no request.
type CredentialsError struct {
	Err error // of the credential source
}

// Error returns the error of the credential source with a prefix.
func (e *CredentialsError) Error() string { return "cannot get credentials: " + e.Err.Error() }

// Unwrap returns the error of the credential source.
func (e *CredentialsError) Unwrap() error { return e.Err }

// scrubbedError wraps an error. Its text is the text of the wrapped error without secrets.
type scrubbedError struct {
	text string
	err  error
}

func (e *scrubbedError) Error() string { return e.text }
func (e *scrubbedError) Unwrap() error { return e.err }

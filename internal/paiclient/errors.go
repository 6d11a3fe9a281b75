package paiclient

import (
	"fmt"
	"strings"
	"time"
)

// APIError is an error that the service, or something in its place, answered. All its text is free of secrets.
type APIError struct {
	Action    string // the API's name of the operation, such as ListImages
	Host      string // who was asked
	Kind      Kind   // what can be done about it
	Code      string // the API's own code, empty where the answer had none
	Status    int    // of HTTP
	RequestID string // for the vendor's support; empty where the answer had none
	Message   string // the API's own words
	Advice    string // what the API recommends, and what it says of a denied access
}

// Error says what was asked and all that came back.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s: HTTP %d", e.Action, e.Host, e.Status)
	for _, part := range []struct{ name, value string }{{"code", e.Code}, {"request id", e.RequestID}} {
		if part.value != "" {
			fmt.Fprintf(&b, ", %s %s", part.name, part.value)
		}
	}
	if said := joinSentences(e.Message, e.Advice); said != "" {
		b.WriteString(": " + said)
	}
	return b.String()
}

// ResponseError is an answer that is no answer: not JSON, of another shape, or too long.
type ResponseError struct {
	Action    string
	Host      string
	Status    int
	RequestID string
	Err       error
}

// Error says what was asked and what is wrong with the answer.
func (e *ResponseError) Error() string {
	text := fmt.Sprintf("%s at %s: HTTP %d", e.Action, e.Host, e.Status)
	if e.RequestID != "" {
		text += ", request id " + e.RequestID
	}
	return text + ": the answer can't be read: " + e.Err.Error()
}

// Unwrap gives what was wrong with the answer.
func (e *ResponseError) Unwrap() error { return e.Err }

// TransportError is a request that got no answer: the connection failed, or broke off, or took too long.
type TransportError struct {
	Action   string
	Host     string
	Attempts int
	Err      error
}

// Error says what was asked, how often, and what failed at last.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s at %s: no answer after %d attempt(s): %s", e.Action, e.Host, e.Attempts, e.Err)
}

// Unwrap gives what failed.
func (e *TransportError) Unwrap() error { return e.Err }

// InterruptedError is a request ended by its context: cancelled, or out of time.
type InterruptedError struct {
	Action string
	Host   string
	After  time.Duration // since it was asked for, waiting for a place included
	Last   error         // what the last attempt that ended had met, or the throttling that was waited for; nil where there is none
	Err    error         // context.Canceled or context.DeadlineExceeded
}

// Error says what was interrupted, and what had gone wrong before.
func (e *InterruptedError) Error() string {
	text := fmt.Sprintf("%s at %s: %s after %s", e.Action, e.Host, e.Err, e.After.Round(time.Millisecond))
	if e.Last != nil {
		text += "; the last attempt ended with: " + e.Last.Error()
	}
	return text
}

// Unwrap gives the context's error.
func (e *InterruptedError) Unwrap() error { return e.Err }

// CredentialsError says that there was nothing to sign with. Nothing was sent.
type CredentialsError struct {
	Err error
}

// Error says why there are no credentials.
func (e *CredentialsError) Error() string { return "no credentials: " + e.Err.Error() }

// Unwrap gives the source's own error.
func (e *CredentialsError) Unwrap() error { return e.Err }

package paiclient

import (
	"net/http"
	"time"
)

// SetRetryWait sets the range of waits between attempts and of pauses after throttling.
func (c *Client) SetRetryWait(minimum, maximum time.Duration) {
	c.retrying.RetryWaitMin, c.retrying.RetryWaitMax = minimum, maximum
	c.pace.minWait, c.pace.maxWait = minimum, maximum
}

// SetMaxBody sets the limit on the length of a body, in bytes.
func (c *Client) SetMaxBody(limit int64) { c.maxBody = limit }

// SetTransport replaces the transport that sends requests. Requests are still signed, limited and retried.
func (c *Client) SetTransport(transport http.RoundTripper) {
	c.retrying.HTTPClient.Transport = newSigningTransport(transport)
}

// PaceState returns the number of requests that the pace counts as accepted in the last second, and whether the pace
// delays requests.
func (c *Client) PaceState() (accepted int, isSlow bool) {
	c.pace.mu.Lock()
	defer c.pace.mu.Unlock()
	return len(c.pace.acceptedAt), c.pace.rate > 0 || !c.pace.resume.IsZero()
}

// MoreInformative returns the error to report if two requests of a list fail.
var MoreInformative = moreInformative

// Limits for connecting.
const (
	ConnectTimeout     = connectTimeout
	KeepConnectFailure = keepConnectFailure
)

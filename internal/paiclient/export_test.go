package paiclient

import (
	"net/http"
	"time"
)

// WaitBetween shortens the waits between attempts, which tests would otherwise sit through.
func (c *Client) WaitBetween(first, most time.Duration) {
	c.retrying.RetryWaitMin, c.retrying.RetryWaitMax = first, most
	c.pace.minWait, c.pace.maxWait = first, most
}

// LimitBody lowers the bound on an answer's length.
func (c *Client) LimitBody(bytes int64) { c.maxBody = bytes }

// AnswerWith puts another sender in the place of the network. Signing, and all that stands above it, stays.
func (c *Client) AnswerWith(sender http.RoundTripper) {
	c.retrying.HTTPClient.Transport = newSigningTransport(sender, c.credentials, c.secrets)
}

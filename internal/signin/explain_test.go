package signin

import (
	"context"
	"errors"
	"net/url"
	"testing"
)

// TestReason is for what takes too long, or too much, to be had from a server.
func TestReason(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`get role name failed: Get "http://100.100.100.200/hidden": context deadline exceeded (Client.Timeout exceeded)`: "get role name failed, no answer came in time",
		`refresh Ecs sts token err: Get "http://100.100.100.200/": dial tcp: connect: network is unreachable`:            "refresh Ecs sts token err, network is unreachable",
		"get role name failed: GET http://100.100.100.200/hidden 404":                                                    "get role name failed, HTTP 404",
		"refresh Ecs sts token err, httpStatus: 403, message = hidden":                                                   "refresh Ecs sts token err, HTTP 403",
		"command process timed out after 60000 milliseconds":                                                             "command process timed out after 60000 milliseconds",
		"failed to refresh token, status code: 401":                                                                      "failed to refresh token, status code, HTTP 401",
		`refused = {"Code": "LTAIhidden0123456789"}`:                                                                     "refused, code (redacted)",
	} {
		if got := reason(errors.New(text)); got != want {
			t.Errorf("%q\nbecame %q\nwant   %q", text, got, want)
		}
	}
	if got := reason(&url.Error{Op: "Get", URL: "http://hidden", Err: context.DeadlineExceeded}); got != "no answer came in time" {
		t.Errorf("a time-out became %q", got)
	}
}

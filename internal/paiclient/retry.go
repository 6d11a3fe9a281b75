package paiclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// The first wait is chosen between nothing and minWait, the range doubles from one wait to the next, up to maxWait.
const (
	minWait = 500 * time.Millisecond
	maxWait = 20 * time.Second
)

// checkRetry is called after an attempt, and again after its answer was read; it says whether another attempt may help.
func checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil {
		return false, ctx.Err() // the response handler says more
	}
	current := callFrom(ctx)
	met := current.typed(err)
	current.observe(ctx, response, met)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	current.last = met
	var api *APIError
	if errors.As(current.last, &api) && api.Kind == KindThrottled && response != nil {
		wait, told := toldToWait(response.Header)
		current.pace.throttled(current.sent, wait, told, api)
	}
	return transient(ctx, current.last), nil
}

// transient tells what may pass from what will be the same next time.
func transient(ctx context.Context, err error) bool {
	var (
		api         *APIError
		response    *ResponseError
		credentials *CredentialsError
	)
	switch {
	case errors.As(err, &api):
		return api.Kind == KindThrottled || api.Kind == KindTransient ||
			api.Kind == KindExpiredToken && callFrom(ctx).renew()
	case errors.As(err, &response):
		return errors.Is(err, io.ErrUnexpectedEOF)
	case errors.As(err, &credentials):
		// Fetching them took longer than an attempt may: the source goes on, and has them next time. Or the source says that
		// its trouble may pass.
		var passing interface{ Temporary() bool }
		return errors.Is(err, context.DeadlineExceeded) || errors.As(credentials.Err, &passing) && passing.Temporary()
	}
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &name):
		return !name.IsNotFound
	case errors.As(err, &certificate), errors.As(err, &authority), errors.Is(err, http.ErrSchemeMismatch):
		return false
	}
	return true
}

// timeLeft is how older gateways say how long to wait, in milliseconds.
var timeLeft = regexp.MustCompile(`TimeLeft:(\d+)`)

// backoff waits as long as the service says, else for a random part of a range that doubles ("full jitter").
func backoff(first, most time.Duration, attempt int, response *http.Response) time.Duration {
	if response != nil {
		if wait, told := toldToWait(response.Header); told {
			return wait + rand.N(wait/10+time.Millisecond) //nolint:gosec // spreads requests, guards nothing
		}
	}
	return rand.N(backoffRange(first, most, attempt) + 1) //nolint:gosec // as above
}

// backoffRange is the largest wait after so many in a row.
func backoffRange(first, most time.Duration, waits int) time.Duration {
	if waits >= 16 {
		return most
	}
	return min(most, first<<waits)
}

// toldToWait reads the headers in which gateways of the vendor, and others, say how long to wait.
func toldToWait(header http.Header) (time.Duration, bool) {
	if wait, ok := number(header.Get("x-acs-retry-after"), time.Millisecond); ok {
		return wait, true
	}
	for _, name := range []string{"x-ratelimit-user-api", "x-ratelimit-user"} {
		if found := timeLeft.FindStringSubmatch(header.Get(name)); found != nil {
			return number(found[1], time.Millisecond)
		}
	}
	return number(header.Get("Retry-After"), time.Second)
}

func number(text string, unit time.Duration) (time.Duration, bool) {
	count, err := strconv.ParseUint(text, 10, 31)
	return time.Duration(count) * unit, err == nil && count > 0 // 0 is no hint: retries would be spent at once
}

// keepError hands on the error of the last attempt as it is, in place of the library's sentence about it.
func keepError(response *http.Response, err error, _ int) (*http.Response, error) {
	if response != nil {
		_ = response.Body.Close()
	}
	return nil, err
}

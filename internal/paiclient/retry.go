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

// The first wait is random between zero and minWait. The upper bound doubles for each further wait, up to maxWait.
const (
	minWait = 500 * time.Millisecond
	maxWait = 20 * time.Second
)

// checkRetry reports whether to retry. It is called after each attempt, and again after the response was handled.
func checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil {
		return false, ctx.Err() // the response isn't handled yet
	}
	call := callFrom(ctx)
	attemptErr := call.typedError(err)
	call.report(ctx, response, attemptErr)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	call.lastErr = attemptErr
	return call.mayRetry(attemptErr), nil
}

// mayRetry reports whether another attempt may succeed. It renews credentials that have expired.
func (a *apiCall) mayRetry(err error) bool {
	var (
		api         *APIError
		response    *ResponseError
		credentials *CredentialsError
	)
	switch {
	case errors.As(err, &api):
		return api.Kind == KindThrottled || api.Kind == KindTransient || api.Kind == KindExpiredToken && a.renew()
	case errors.As(err, &response):
		return errors.Is(err, io.ErrUnexpectedEOF)
	case errors.As(err, &credentials):
		// If an attempt's time ends while the source fetches credentials, the source continues and has them later.
		var temporary interface{ Temporary() bool }
		return errors.Is(err, context.DeadlineExceeded) || errors.As(credentials.Err, &temporary) && temporary.Temporary()
	}
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &dns):
		return !dns.IsNotFound
	case errors.As(err, &certificate), errors.As(err, &authority), errors.Is(err, http.ErrSchemeMismatch):
		return false
	}
	return true
}

// backoff returns how long to wait before the next attempt: a little longer than the service requests, or else a
// random part of a range that doubles ("full jitter"). The little spreads clients that were throttled together.
func backoff(minimum, maximum time.Duration, attempt int, response *http.Response) time.Duration {
	if response != nil {
		if wait := retryAfter(response.Header); wait > 0 {
			return wait + rand.N(wait/10+time.Millisecond) //nolint:gosec // spreads requests, no security
		}
	}
	return rand.N(backoffRange(minimum, maximum, attempt) + 1) //nolint:gosec // as above
}

// backoffRange returns the largest wait after so many waits in a row.
func backoffRange(minimum, maximum time.Duration, waits int) time.Duration {
	if waits >= 16 {
		return maximum
	}
	return min(maximum, minimum<<waits)
}

// timeLeft matches the remaining milliseconds in the rate-limit headers of older gateways.
var timeLeft = regexp.MustCompile(`TimeLeft:(\d+)`)

// retryAfter returns how long a response requests to wait, or 0 if it doesn't. Gateways of the vendor and proxies use
// different headers.
func retryAfter(header http.Header) time.Duration {
	if wait := parseWait(header.Get("x-acs-retry-after"), time.Millisecond); wait > 0 {
		return wait
	}
	for _, name := range []string{"x-ratelimit-user-api", "x-ratelimit-user"} {
		if match := timeLeft.FindStringSubmatch(header.Get(name)); match != nil {
			return parseWait(match[1], time.Millisecond)
		}
	}
	return parseWait(header.Get("Retry-After"), time.Second)
}

// parseWait returns 0 for values that are no numbers or exceed 31 bits. A wait of 0 counts as none: otherwise all
// retries would follow at once.
func parseWait(value string, unit time.Duration) time.Duration {
	count, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(count) * unit
}

// keepError returns the error of the last attempt. Without it, the library would put its own text around the error.
func keepError(response *http.Response, err error, _ int) (*http.Response, error) {
	if response != nil {
		_ = response.Body.Close()
	}
	return nil, err
}

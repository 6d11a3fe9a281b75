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

// Limits for connecting. With these limits, a lookup without a network fails after less than 20 seconds.
const (
	connectTimeout     = 5 * time.Second  // until an attempt has a connection
	connectAttempts    = 3                // consecutive attempts without a connection
	keepConnectFailure = 10 * time.Second // how long the other calls of an endpoint fail without an attempt of their own
)

// checkRetry reports whether to retry. retryablehttp calls it after each attempt. If err is nil, retryablehttp then
// calls the response handler, and calls checkRetry again with the handler's error.
func checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil {
		return false, ctx.Err() // the response handler is called next, or has succeeded
	}
	call := callFrom(ctx)
	call.releaseSlot()
	attemptErr := call.typedError(err)
	call.report(ctx, response, attemptErr)
	if ctx.Err() != nil {
		if call.lastErr == nil && call.unconnected != nil { // the call may have ended for lack of a connection
			call.lastErr = attemptErr
		}
		return false, ctx.Err()
	}
	call.lastErr = attemptErr
	if !call.mayRetry(attemptErr) {
		if call.connects > 0 {
			call.client.failure.Store(&connectFailure{err: attemptErr, at: time.Now()})
		}
		return false, nil
	}
	if response != nil {
		call.endIfLate(retryAfter(response.Header), attemptErr)
	}
	call.client.pace.startWaiting(call)
	return true, ctx.Err()
}

// oneAttemptKey is the key of a context whose calls are not retried.
type oneAttemptKey struct{}

// mayRetry reports whether to retry after an attempt that failed with err. MaxRetries doesn't limit how often a
// throttled request is retried, because the service accepts the request later. The deadline of the call limits that.
func (a *apiCall) mayRetry(err error) bool {
	limit := a.client.options.MaxRetries
	if a.oneAttempt {
		return false
	}
	if apiErr, ok := errors.AsType[*APIError](err); ok && apiErr.Kind == KindThrottled {
		return limit > 0
	}
	a.failures++
	return a.failures <= limit && a.connects < connectAttempts && a.isTemporary(err)
}

// isTemporary reports whether another attempt may succeed. If the credentials have expired, isTemporary renews them.
func (a *apiCall) isTemporary(err error) bool {
	var (
		apiErr      *APIError
		response    *ResponseError
		credentials *CredentialsError
	)
	switch {
	case errors.As(err, &apiErr):
		return apiErr.Kind == KindTransient || apiErr.Kind == KindExpiredToken && a.renew()
	case errors.As(err, &response):
		return errors.Is(err, io.ErrUnexpectedEOF)
	case errors.As(err, &credentials):
		// If an attempt times out while the source fetches credentials, the source continues to fetch them. The next
		// attempt may then succeed.
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

// countUnreachable counts an attempt that failed because the credential source can't be reached. It doesn't count an
// error again that the source has kept since an earlier attempt.
func (a *apiCall) countUnreachable(err error) {
	var source interface{ Unreachable() bool }
	if errors.As(err, &source) && source.Unreachable() && !errors.Is(err, a.sourceErr) {
		a.connects++
		a.sourceErr = err
	}
}

// backoff returns how long to wait before the next attempt. If the response requests a wait, the result is up to about
// 10% longer. The difference is random, so that clients that were throttled together retry at different times.
// Otherwise, the result is random between 0 and an upper bound that doubles with each attempt ("full jitter").
func backoff(minimum, maximum time.Duration, attempt int, response *http.Response) time.Duration {
	if response != nil {
		if wait := retryAfter(response.Header); wait > 0 {
			return wait + rand.N(wait/10+time.Millisecond) //nolint:gosec // security doesn't depend on this number
		}
	}
	return rand.N(backoffRange(minimum, maximum, attempt) + 1) //nolint:gosec // as above
}

// backoffRange returns the upper bound of a wait that follows the given number of consecutive waits.
func backoffRange(minimum, maximum time.Duration, waits int) time.Duration {
	if waits >= 16 { // prevents an overflow of the shift
		return maximum
	}
	return min(maximum, minimum<<waits)
}

// timeLeft matches the remaining time, in milliseconds, in the rate-limit headers of older gateways.
var timeLeft = regexp.MustCompile(`TimeLeft:(\d+)`)

// retryAfter returns the wait that the headers of a response request, or 0 if they request none. The vendor's gateways
// and proxies use different headers.
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

// parseWait parses a wait in the given unit. It returns 0 if the value isn't an unsigned number of at most 31 bits.
// Callers treat 0 as no requested wait, even if the service sent 0. Otherwise, all retries would be sent without delay.
func parseWait(value string, unit time.Duration) time.Duration {
	count, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(count) * unit
}

// keepError is the error handler of retryablehttp. It returns the error of the last attempt unchanged. Without a
// handler, retryablehttp would wrap the error in a text of its own.
func keepError(response *http.Response, err error, _ int) (*http.Response, error) {
	if response != nil {
		_ = response.Body.Close()
	}
	return nil, err
}

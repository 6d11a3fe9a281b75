package paiclient_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestRetryTemporaryFaults checks that a list is complete after faults that affect one or two requests.
func TestRetryTemporaryFaults(t *testing.T) {
	t.Parallel()
	const images = 150 // two pages
	for name, fault := range map[string]paisandbox.Fault{
		"throttled":                  {Times: 2, Do: paisandbox.Throttle(400, time.Millisecond)},
		"bad gateway":                {Times: 2, Do: paisandbox.ServerError(502)},
		"truncated":                  {Times: 2, Do: paisandbox.Truncate()},
		"reset":                      {Times: 2, Do: paisandbox.Reset()},
		"reset of reused connection": {Skip: 1, Times: 2, Do: paisandbox.ResetReused()},
		"incomplete JSON":            {Times: 1, Do: paisandbox.Body(200, `{"TotalCount":`)},
		"no response":                {Times: 1, Do: paisandbox.Hang()},
		"stalled body":               {Times: 1, Do: paisandbox.Stall()},
	} {
		for protocol, hasTLS := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
			t.Run(name+", "+protocol, func(t *testing.T) {
				t.Parallel()
				sandbox := startSandbox(t, paisandbox.Options{TLS: hasTLS, Catalogue: paisandbox.Numbered(images)})
				sandbox.AddFault(fault)
				client := newClient(t, sandbox, func(o *paiclient.Options) { o.RequestTimeout = 500 * time.Millisecond })
				list := listImages(t, client, paiclient.ListImagesInput{})
				if len(list.Images) != images || list.Incomplete != nil {
					t.Errorf("got %d images, incomplete: %+v", len(list.Images), list.Incomplete)
				}
			})
		}
	}
}

// TestFailureToCloseBody checks that a call succeeds if its response is complete, but Close of the body fails. With
// HTTP/2, it fails if the time limit of the attempt ends during Close.
func TestFailureToCloseBody(t *testing.T) {
	t.Parallel()
	client := newFakeClient(t, &fakeTransport{respond: func(int, *http.Request) *http.Response {
		response := cannedResponse(http.StatusOK, oneImage)
		response.Body = failingCloser{response.Body}
		return response
	}})
	if list := listImages(t, client, paiclient.ListImagesInput{}); len(list.Images) != 1 {
		t.Errorf("got %d images, want 1", len(list.Images))
	}
}

// failingCloser is a body whose Close returns an error.
type failingCloser struct{ io.Reader }

func (failingCloser) Close() error { return errors.New("request canceled") }

// TestRetryAfterZero checks that the usual waits apply if the service requests a wait of zero.
func TestRetryAfterZero(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newFakeClient(t, throttledThenImages(4, "x-acs-retry-after", "0"))
		client.SetRetryWait(time.Second, time.Second)
		begin := time.Now()
		listImages(t, client, paiclient.ListImagesInput{})
		// The sum of four random waits of up to a second is almost never shorter than this.
		if took := time.Since(begin); took < 100*time.Millisecond {
			t.Errorf("took %s", took)
		}
	})
}

// TestRetryAfterHeaders checks that the client obeys each header with which a service can request a wait.
func TestRetryAfterHeaders(t *testing.T) {
	t.Parallel()
	const wait = time.Minute
	for name, value := range map[string]string{
		"x-acs-retry-after": "60000", "Retry-After": "60",
		"x-ratelimit-user-api": "Remain:0,TimeLeft:60000", "x-ratelimit-user": "TimeLeft:60000",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := throttledThenImages(1, name, value)
				listImages(t, newFakeClient(t, transport), paiclient.ListImagesInput{})
				elapsed := transport.sentAt[1].Sub(transport.sentAt[0])
				if elapsed < wait || elapsed > wait*12/10 {
					t.Errorf("retried after %s, want %s", elapsed, wait)
				}
			})
		})
	}
}

// TestPermanentFaultsAreNotRetried sends an https request to a server that supports only http.
func TestPermanentFaultsAreNotRetried(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	client := newClientAt(t, sandbox, strings.TrimPrefix(sandbox.URL(), "http://"))
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	var unconnected *paiclient.ConnectError
	if !errors.As(err, &unconnected) || unconnected.Attempts != 1 || !errors.Is(err, http.ErrSchemeMismatch) {
		t.Errorf("got %v, want a ConnectError after one attempt", err)
	}
}

func TestMaxRetries(t *testing.T) {
	t.Parallel()
	for _, retries := range []int{0, 1, 3} {
		sandbox := startSandbox(t, paisandbox.Options{})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Reset()})
		client := newClient(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = retries })
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		var transport *paiclient.TransportError
		if !errors.As(err, &transport) || transport.Attempts != retries+1 {
			t.Errorf("%d retries: got %v", retries, err)
		}
		if got := listRequests(sandbox); got != retries+1 {
			t.Errorf("%d retries: got %d requests", retries, got)
		}
	}
}

// TestThrottlingIsRetriedUntilDeadline checks that a throttled request is retried more often than MaxRetries, until the
// deadline of the call. The error then contains the error of the last attempt.
func TestThrottlingIsRetriedUntilDeadline(t *testing.T) {
	t.Parallel()
	oneRetry := func(o *paiclient.Options) { o.MaxRetries = 1 }
	for name, header := range map[string][]string{
		"wait requested": {"x-acs-retry-after", "200"}, "no wait requested": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := throttledThenImages(20, header...)
				listImages(t, newFakeClient(t, transport, oneRetry), paiclient.ListImagesInput{})
				if len(transport.requests) != 21 {
					t.Errorf("got %d requests, want 21", len(transport.requests))
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		transport := throttledThenImages(math.MaxInt)
		client := newFakeClient(t, transport, oneRetry)
		client.SetRetryWait(time.Millisecond, time.Millisecond)
		_, err := client.ListImages(withTimeout(t, time.Second), paiclient.ListImagesInput{})
		checkInterrupted(t, err, context.DeadlineExceeded, "Throttling.User")
		if len(transport.requests) <= 2 {
			t.Errorf("got %d requests, want more than 2", len(transport.requests))
		}
	})
}

// TestThrottlingDoesNotCountAsRetry checks that only failures other than throttling count towards MaxRetries, and that
// a throttled request is not retried if MaxRetries is 0.
func TestThrottlingDoesNotCountAsRetry(t *testing.T) {
	t.Parallel()
	const throttled, failed = "Throttling.User", "ServiceUnavailable"
	for name, test := range map[string]struct {
		maxRetries int
		codes      []string // of the responses, in their order
		want       string   // the code of the error
	}{
		"retries are off":       {0, []string{throttled}, throttled},
		"one failure too many":  {1, []string{throttled, throttled, failed, throttled, throttled, failed}, failed},
		"two failures too many": {2, []string{failed, throttled, failed, throttled, throttled, failed}, failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
					if number > len(test.codes) {
						return cannedResponse(http.StatusOK, oneImage)
					}
					return cannedResponse(http.StatusBadRequest, `{"Code":"`+test.codes[number-1]+`"}`)
				}}
				client := newFakeClient(t, transport, func(o *paiclient.Options) { o.MaxRetries = test.maxRetries })
				_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
				var apiErr *paiclient.APIError
				if !errors.As(err, &apiErr) || apiErr.Code != test.want {
					t.Errorf("got %v, want code %s", err, test.want)
				}
				if len(transport.requests) != len(test.codes) {
					t.Errorf("got %d requests, want %d", len(transport.requests), len(test.codes))
				}
			})
		})
	}
}

// TestCancel checks that each kind of wait ends within a second after the context is cancelled. Rule 7 of DESIGN.md.
func TestCancel(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]paisandbox.Effect{
		"no response":  paisandbox.Hang(),
		"stalled body": paisandbox.Stall(),
		"retry wait":   paisandbox.Throttle(400, time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startSandbox(t, paisandbox.Options{})
			sandbox.AddFault(paisandbox.Fault{Do: effect})
			client := newClient(t, sandbox, sequential)
			ctx, cancel := context.WithCancel(t.Context())

			errs := make(chan error, 2)
			for range 2 { // the second call waits for a slot
				go func() {
					_, err := client.ListImages(ctx, paiclient.ListImagesInput{})
					errs <- err
				}()
			}
			for len(sandbox.Requests()) == 0 {
				time.Sleep(time.Millisecond)
			}
			cancel()
			cancelled := time.Now()
			for range 2 {
				err := <-errs
				var interrupted *paiclient.InterruptedError
				if !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) {
					t.Errorf("got %v, want an InterruptedError", err)
				}
			}
			if took := time.Since(cancelled); took > time.Second {
				t.Errorf("ended after %s", took)
			}
		})
	}
}

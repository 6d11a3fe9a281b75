package paiclient_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestThrottlingDelaysAllCalls checks that throttling of one call also delays the requests of other calls. The service
// can report throttling with an error status or with HTTP 200.
func TestThrottlingDelaysAllCalls(t *testing.T) {
	t.Parallel()
	const wait = time.Second
	for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusTooManyRequests} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
					if number == 1 {
						return cannedResponse(status, `{"Code":"Throttling.User"}`, "x-acs-retry-after", "1000")
					}
					return cannedResponse(http.StatusOK, oneImage)
				}}
				client := newFakeClient(t, transport)
				var first sync.WaitGroup
				first.Go(func() { listImages(t, client, paiclient.ListImagesInput{}) })
				synctest.Wait() // the first call waits for its retry
				listImages(t, client, paiclient.ListImagesInput{})
				first.Wait()
				for i, at := range transport.sentAt[1:] {
					if elapsed := at.Sub(transport.sentAt[0]); elapsed < wait {
						t.Errorf("request %d was sent after %s", i+2, elapsed)
					}
				}
				if len(transport.requests) != 3 {
					t.Errorf("got %d requests, want 3", len(transport.requests))
				}
			})
		})
	}
}

// TestRetryWaitKeepsSlot checks that a call keeps its slot while it waits for a retry. Otherwise, other calls could
// send more requests to a service that is failing.
func TestRetryWaitKeepsSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
			if number == 1 {
				return cannedResponse(http.StatusServiceUnavailable, `{"Code":"ServiceUnavailable"}`, "Retry-After", "60")
			}
			return cannedResponse(http.StatusOK, oneImage)
		}}
		client := newFakeClient(t, transport, sequential)
		var calls sync.WaitGroup
		calls.Go(func() { listImages(t, client, paiclient.ListImagesInput{Name: "first"}) })
		synctest.Wait() // the first call waits for its retry
		calls.Go(func() { listImages(t, client, paiclient.ListImagesInput{Name: "second"}) })
		calls.Wait()
		var got []string
		for _, request := range transport.requests {
			got = append(got, request.URL.Query().Get("Name"))
		}
		if want := []string{"first", "first", "second"}; !slices.Equal(got, want) {
			t.Errorf("got requests of %q, want %q", got, want)
		}
	})
}

// TestDelayedCallReportsThrottling checks the error of a call that reaches its deadline before its first attempt,
// because another call was throttled. Whether or not the call already has a slot, the error must contain the
// throttling.
func TestDelayedCallReportsThrottling(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]func(*paiclient.Options){
		"with a slot": func(*paiclient.Options) {}, "without a slot": sequential,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newFakeClient(t, throttledThenImages(1, "x-acs-retry-after", "3600000"), changes)
				var first sync.WaitGroup
				first.Go(func() {
					_, _ = client.ListImages(withTimeout(t, 2*time.Second), paiclient.ListImagesInput{})
				})
				synctest.Wait()
				_, err := client.ListImages(withTimeout(t, time.Second), paiclient.ListImagesInput{})
				checkInterrupted(t, err, "Throttling.User")
				first.Wait()
			})
		})
	}
}

// TestDeadlineReportsLastError checks that the error of a call that reaches its deadline contains the error of the last
// attempt.
func TestDeadlineReportsLastError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newFakeClient(t, throttledThenImages(1, "x-acs-retry-after", "3600000"))
		_, err := client.ListImages(withTimeout(t, time.Second), paiclient.ListImagesInput{})
		checkInterrupted(t, err, "Throttling.User")
	})
}

// TestDeadlineOfSeveralPagesReportsLastError lets two requests of a list reach their deadline at the same time. One
// request is waiting for a slot, so it has no last error. Whichever request ends first, the list's error must contain
// the last error of the other request.
func TestDeadlineOfSeveralPagesReportsLastError(t *testing.T) {
	t.Parallel()
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			transport := &fakeTransport{respond: func(_ int, request *http.Request) *http.Response {
				switch query := request.URL.Query(); {
				case query.Get("Name") == "holder":
					return nil
				case query.Get("PageNumber") == "1":
					return cannedResponse(http.StatusOK, `{"TotalCount":3,"Images":[{"ImageId":"image-1"}]}`)
				}
				return cannedResponse(http.StatusServiceUnavailable, `{"Code":"ServiceUnavailable"}`, "Retry-After", "3600")
			}}
			client := newFakeClient(t, transport, func(o *paiclient.Options) { o.MaxConcurrency = 2 })
			var holder sync.WaitGroup
			holder.Go(func() {
				_, _ = client.ListImages(withTimeout(t, 2*time.Second), paiclient.ListImagesInput{Name: "holder"})
			})
			synctest.Wait() // one of two slots is taken
			_, err := client.ListImages(withTimeout(t, time.Second), paiclient.ListImagesInput{PageSize: 1})
			checkInterrupted(t, err, "ServiceUnavailable")
			holder.Wait()
		})
	}
}

// checkInterrupted checks that err is an InterruptedError at a deadline of one second. The last error must be an
// APIError with the given code.
func checkInterrupted(t *testing.T, err error, code string) {
	t.Helper()
	var interrupted *paiclient.InterruptedError
	if !errors.As(err, &interrupted) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want an InterruptedError", err)
		return
	}
	var apiErr *paiclient.APIError
	if !errors.As(interrupted.Last, &apiErr) || apiErr.Code != code {
		t.Errorf("got %v, want code %s", err, code)
	}
	if interrupted.After != time.Second {
		t.Errorf("got After %s, want %s", interrupted.After, time.Second)
	}
}

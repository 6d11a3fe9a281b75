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

// TestDelayedCallReportsThrottling checks the error of a call that is cancelled before its first attempt, while another
// call is throttled. The error must contain the throttling, whether or not the call already has a slot.
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
				first.Go(func() { listImages(t, client, paiclient.ListImagesInput{}) })
				synctest.Wait()
				_, err := client.ListImages(withCancelAfter(t, time.Second), paiclient.ListImagesInput{})
				checkInterrupted(t, err, context.Canceled, "Throttling.User")
				first.Wait()
			})
		})
	}
}

// TestWaitAfterDeadline checks that a call ends at once if a response requests a wait that would end after its
// deadline.
func TestWaitAfterDeadline(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"Throttling.User": http.StatusBadRequest, "ServiceUnavailable": http.StatusServiceUnavailable,
	} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			transport := &fakeTransport{respond: func(int, *http.Request) *http.Response {
				return cannedResponse(status, `{"Code":"`+code+`"}`, "Retry-After", "3600")
			}}
			_, err := newFakeClient(t, transport).ListImages(withTimeout(t, time.Minute), paiclient.ListImagesInput{})
			checkWaitError(t, err, code, time.Hour, time.Minute)
			if took := time.Since(begin); took > 0 || len(transport.requests) != 1 {
				t.Errorf("took %s and %d requests, want one request and no wait", took, len(transport.requests))
			}
		})
	}
}

// TestWaitAfterDeadlinesOfOthers checks that a requested wait also ends all other calls of the endpoint whose deadline
// it exceeds, whatever they wait for. It ends neither a call whose request was sent, nor a call with a later deadline.
func TestWaitAfterDeadlinesOfOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		throttled := map[string]bool{}
		var mu sync.Mutex
		transport := &fakeTransport{respond: func(_ int, request *http.Request) *http.Response {
			name := request.URL.Query().Get("Name")
			mu.Lock()
			isFirst := !throttled[name]
			throttled[name] = true
			mu.Unlock()
			switch {
			case name == "throttled for an hour" && isFirst:
				time.Sleep(time.Second)
				return cannedResponse(http.StatusBadRequest, `{"Code":"Throttling.User"}`, "Retry-After", "3600")
			case name == "has sent its request":
				time.Sleep(2 * time.Second)
			case name == "throttled for 30 s" && isFirst:
				return cannedResponse(http.StatusBadRequest, `{"Code":"Throttling.User"}`, "Retry-After", "30")
			}
			return cannedResponse(http.StatusOK, oneImage)
		}}
		client := newFakeClient(t, transport, func(o *paiclient.Options) { o.MaxConcurrency = 5 })
		var group sync.WaitGroup
		call := func(name string, limit time.Duration, want func(error, time.Duration)) {
			group.Go(func() {
				_, err := client.ListImages(withTimeout(t, limit), paiclient.ListImagesInput{Name: name})
				want(err, time.Since(begin))
			})
			synctest.Wait()
		}
		endsAt := func(at time.Duration) func(error, time.Duration) {
			return func(err error, took time.Duration) {
				if took != at {
					t.Errorf("ended after %s, want %s", took, at)
				}
				checkWaitError(t, err, "Throttling.User", time.Hour+time.Second-at, 5*time.Minute)
			}
		}
		call("has sent its request", 5*time.Minute, func(err error, took time.Duration) {
			if err != nil || took != 2*time.Second {
				t.Errorf("ended after %s: %v", took, err)
			}
		})
		call("throttled for an hour", 5*time.Minute+time.Second, endsAt(time.Second))
		call("throttled for 30 s", 5*time.Minute+time.Second, endsAt(time.Second))
		call("waits for its turn", 5*time.Minute+time.Second, endsAt(time.Second))
		call("waits behind that call", 5*time.Minute+time.Second, endsAt(time.Second))
		call("waits for the end of a call", 5*time.Minute+time.Second, endsAt(time.Second))
		time.Sleep(2 * time.Second)
		call("begins later", 5*time.Minute, endsAt(2*time.Second))
		call("has a later deadline", 2*time.Hour, func(err error, took time.Duration) {
			if err != nil || took < time.Hour {
				t.Errorf("ended after %s: %v", took, err)
			}
		})
		group.Wait()
	})
}

// checkWaitError checks the fields of a WaitError. The last error must be an APIError with the given code.
func checkWaitError(t *testing.T, err error, code string, wait, remaining time.Duration) {
	t.Helper()
	var late *paiclient.WaitError
	if !errors.As(err, &late) {
		t.Errorf("got %v, want a WaitError", err)
		return
	}
	var apiErr *paiclient.APIError
	if !errors.As(late.Last, &apiErr) || apiErr.Code != code || late.Wait != wait || late.Remaining != remaining {
		t.Errorf("got %+v, want code %s, a wait of %s and %s left", late, code, wait, remaining)
	}
}

// TestCancelOfSeveralPagesReportsLastError cancels two requests of a list at the same time. One
// request is waiting for a slot, so it has no last error. Whichever request ends first, the list's error must contain
// the last error of the other request.
func TestCancelOfSeveralPagesReportsLastError(t *testing.T) {
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
			_, err := client.ListImages(withCancelAfter(t, time.Second), paiclient.ListImagesInput{PageSize: 1})
			checkInterrupted(t, err, context.Canceled, "ServiceUnavailable")
			holder.Wait()
		})
	}
}

// checkInterrupted checks that err is an InterruptedError after one second, with the given cause. The last error must
// be an APIError with the given code.
func checkInterrupted(t *testing.T, err, cause error, code string) {
	t.Helper()
	var interrupted *paiclient.InterruptedError
	if !errors.As(err, &interrupted) || !errors.Is(err, cause) {
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

package paiclient_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// regionTransport returns a transport that throttles the first request to the host slow.example.com for a minute, and
// responds to each other request after a second.
func regionTransport(t *testing.T) (transport *fakeTransport, peak *int) {
	t.Helper()
	var mu sync.Mutex
	peak = new(int)
	current, throttled := 0, false
	return &fakeTransport{respond: func(_ int, request *http.Request) *http.Response {
		mu.Lock()
		current++
		*peak = max(*peak, current)
		throttle := request.URL.Host == "slow.example.com" && !throttled
		throttled = throttled || throttle
		mu.Unlock()
		time.Sleep(time.Second)
		mu.Lock()
		current--
		mu.Unlock()
		if throttle {
			return cannedResponse(http.StatusBadRequest, `{"Code":"Throttling.User"}`, "x-acs-retry-after", "60000")
		}
		return cannedResponse(http.StatusOK, oneImage)
	}}, peak
}

// newRegions returns a function that returns the client of a service for a host.
func newRegions(
	t *testing.T, transport http.RoundTripper, options paiclient.Options,
) func(host string) *paiclient.Client {
	t.Helper()
	options.RequestTimeout, options.MaxRetries = time.Hour, 5
	if options.Credentials == nil {
		options.Credentials = sandboxCredentials
	}
	service := newService(t, options)
	service.Client(&url.URL{Scheme: "https", Host: "a.example.com"}).SetTransport(transport)
	return func(host string) *paiclient.Client { return service.Client(&url.URL{Scheme: "https", Host: host}) }
}

// TestThrottlingIsPerEndpoint checks that throttling at one endpoint delays all calls of that endpoint, and no call of
// another endpoint, even if the throttled calls could hold every slot.
func TestThrottlingIsPerEndpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport, _ := regionTransport(t)
		at := newRegions(t, transport, paiclient.Options{MaxConcurrency: 1})
		begin := time.Now()
		took := make(map[string]time.Duration)
		var mu sync.Mutex
		var group sync.WaitGroup
		call := func(name, host string) {
			group.Go(func() {
				listImages(t, at(host), paiclient.ListImagesInput{Name: name})
				mu.Lock()
				defer mu.Unlock()
				took[name] = time.Since(begin)
			})
		}
		call("throttled", "slow.example.com")
		time.Sleep(2 * time.Second)
		call("same endpoint", "slow.example.com")
		call("another endpoint", "fast.example.com")
		group.Wait()
		if took["throttled"] < time.Minute || took["same endpoint"] < time.Minute {
			t.Errorf("calls of the throttled endpoint took %s and %s, want a minute",
				took["throttled"], took["same endpoint"])
		}
		if took["another endpoint"] > 4*time.Second {
			t.Errorf("the call of another endpoint took %s", took["another endpoint"])
		}
	})
}

// TestPauseDuringWaitForSlot checks that a call that waits for a slot while its endpoint throttles another call waits
// for the end of the pause, too.
func TestPauseDuringWaitForSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport, _ := regionTransport(t)
		at := newRegions(t, transport, paiclient.Options{MaxConcurrency: 2})
		begin := time.Now()
		var group sync.WaitGroup
		for _, host := range []string{"slow.example.com", "fast.example.com"} { // each call holds a slot for a second
			group.Go(func() { listImages(t, at(host), paiclient.ListImagesInput{}) })
			time.Sleep(time.Second / 4)
		}
		listImages(t, at("slow.example.com"), paiclient.ListImagesInput{})
		if took := time.Since(begin); took < time.Minute {
			t.Errorf("the call took %s, want a minute", took)
		}
		group.Wait()
	})
}

// TestSlotsAreShared checks that the clients of a service together respect MaxConcurrency.
func TestSlotsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport, peak := regionTransport(t)
		at := newRegions(t, transport, paiclient.Options{MaxConcurrency: 3})
		var group sync.WaitGroup
		for _, host := range []string{"a.example.com", "b.example.com", "slow.example.com"} {
			for range 4 {
				group.Go(func() { listImages(t, at(host), paiclient.ListImagesInput{}) })
			}
		}
		group.Wait()
		if *peak != 3 || len(transport.requests) != 13 {
			t.Errorf("got %d requests, at most %d at once, want 13 and 3", len(transport.requests), *peak)
		}
	})
}

// TestOnlyThrottlingSlowsCalls checks which responses delay other calls of the endpoint, and which count as accepted
// requests. A failure of the service does neither.
func TestOnlyThrottlingSlowsCalls(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status   int
		body     string
		accepted int
		isSlow   bool
	}{
		"success":             {http.StatusOK, oneImage, 1, false},
		"denied":              {http.StatusForbidden, `{"Code":"NoPermission"}`, 1, false},
		"denied, HTTP 200":    {http.StatusOK, `{"Code":"NoPermission"}`, 1, false},
		"invalid parameter":   {http.StatusBadRequest, `{"Code":"InvalidParameter"}`, 1, false},
		"unreadable":          {http.StatusOK, `[]`, 1, false},
		"failure":             {http.StatusInternalServerError, `{"Code":"100600001"}`, 0, false},
		"unavailable":         {http.StatusServiceUnavailable, `{"Code":"ServiceUnavailable"}`, 0, false},
		"failure, HTTP 200":   {http.StatusOK, `{"Code":"InternalError"}`, 0, false},
		"throttled":           {http.StatusBadRequest, `{"Code":"Throttling.User"}`, 0, true},
		"throttled, HTTP 200": {http.StatusOK, `{"Code":"Throttling.User"}`, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := &fakeTransport{respond: func(int, *http.Request) *http.Response {
				return cannedResponse(test.status, test.body, "Retry-After", "60")
			}}
			client := newFakeClient(t, transport, func(o *paiclient.Options) { o.MaxRetries = 0 })
			_, _ = client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 100})
			if accepted, isSlow := client.PaceState(); accepted != test.accepted || isSlow != test.isSlow {
				t.Errorf("got %d accepted, slow: %t, want %d, %t", accepted, isSlow, test.accepted, test.isSlow)
			}
		})
	}
}

// TestManyServicesAtALimitedRate runs twelve services, as twelve plans of one account do, each with six calls. The API
// allows two requests a second. No call may fail within the default time limit of a lookup.
func TestManyServicesAtALimitedRate(t *testing.T) {
	t.Parallel()
	const services, calls, allowed, limit = 12, 6, 2, 5 * time.Minute
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var mu sync.Mutex
		accepted := make(map[time.Duration]int) // by second
		transport := &fakeTransport{respond: func(int, *http.Request) *http.Response {
			time.Sleep(50 * time.Millisecond)
			second := time.Since(begin).Truncate(time.Second)
			mu.Lock()
			defer mu.Unlock()
			if accepted[second] == allowed {
				return cannedResponse(http.StatusBadRequest, `{"Code":"Throttling.User"}`)
			}
			accepted[second]++
			return cannedResponse(http.StatusOK, oneImage)
		}}
		var group sync.WaitGroup
		for range services {
			client := newFakeClient(t, transport)
			for range calls {
				group.Go(func() {
					if _, err := client.ListImages(withTimeout(t, limit), paiclient.ListImagesInput{}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		t.Logf("%d calls took %s with %d requests", services*calls, time.Since(begin), len(transport.requests))
	})
}

// TestClientsShareCredentials checks that the clients of a service use the same credential source, and that there is
// one client for each endpoint.
func TestClientsShareCredentials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport, _ := regionTransport(t)
		source := &stubSource{credentials: func(context.Context, int) (paiclient.Credentials, error) {
			return paiclient.Credentials(sandboxCredentials), nil
		}}
		at := newRegions(t, transport, paiclient.Options{MaxConcurrency: 3, Credentials: source})
		for _, host := range []string{"a.example.com", "b.example.com", "c.example.com"} {
			client := at(host)
			listImages(t, client, paiclient.ListImagesInput{})
			if client != at(host) || client == at("other.example.com") {
				t.Errorf("%s: want one client for each endpoint", host)
			}
		}
		if got := source.calls.Load(); got != 3 {
			t.Errorf("the source was called %d times, want 3", got)
		}
	})
}

// TestGet checks that Get returns the body of a response unchanged, and the errors of the API.
func TestGet(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, 3)
	client := newClient(t, sandbox)
	body, err := client.Get(t.Context(), "ListImages", "/api/v1/images", url.Values{"PageSize": {"2"}})
	if err != nil || !strings.Contains(string(body), `"TotalCount":3,"Images":[{`) {
		t.Errorf("got %s and error %v, want the images", body, err)
	}
	for _, do := range []paisandbox.Effect{
		paisandbox.APIError(404, "100400008", ""), paisandbox.Body(200, `{"Code":"100400008"}`),
	} {
		sandbox.ClearFaults()
		sandbox.AddFault(paisandbox.Fault{Do: do})
		_, err = client.Get(t.Context(), "GetWorkspace", "/api/v1/workspaces/1", nil)
		if apiErr, ok := errors.AsType[*paiclient.APIError](err); !ok || apiErr.Code != "100400008" {
			t.Errorf("got error %v, want code 100400008", err)
		}
	}
}

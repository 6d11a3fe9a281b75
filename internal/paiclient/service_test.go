package paiclient_test

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
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

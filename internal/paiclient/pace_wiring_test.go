package paiclient_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestThrottlingIsEverybodys: one lookup is told to wait, and so no request of another reaches the service before, be the
// throttling an error or a success in form.
func TestThrottlingIsEverybodys(t *testing.T) {
	t.Parallel()
	const wait = time.Second
	for name, throttled := range map[string]paisandbox.Effect{
		"as 400": paisandbox.Throttle(400, wait),
		"as 429": paisandbox.Throttle(429, wait),
		"as 200": paisandbox.Body(200, `{"Code":"Throttling.User","Message":"slow down"}`).WithHeader("X-Acs-Retry-After", "1000"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
			sandbox.AddFault(paisandbox.Fault{Times: 1, Do: throttled})
			client := connect(t, sandbox)
			list := func() {
				if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{}); err != nil {
					t.Error(err)
				}
			}
			var first sync.WaitGroup
			first.Go(list)
			time.Sleep(200 * time.Millisecond) // by then it has been throttled
			list()
			first.Wait()
			requests := sandbox.Requests()
			for _, request := range requests[1:] {
				if apart := request.At.Sub(requests[0].At); apart < wait {
					t.Errorf("a request came after %s", apart)
				}
			}
			if len(requests) != 3 {
				t.Errorf("%d requests", len(requests))
			}
		})
	}
}

// TestWhoWaitsIsToldWhy: a lookup that ends while it waits for what another was throttled for says so, whether it has its place
// or not; later, when nobody waits, it is forgotten.
func TestWhoWaitsIsToldWhy(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]func(*paiclient.Options){
		"with its place": func(*paiclient.Options) {}, "without one": oneAtATime,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
			sandbox.AddFault(paisandbox.Fault{Times: 1, Do: paisandbox.Throttle(400, time.Hour)})
			client := connect(t, sandbox, options)
			var first sync.WaitGroup
			first.Go(func() { _, _ = client.ListImages(within(t, 2*time.Second), paiclient.ListImagesInput{}) })
			time.Sleep(300 * time.Millisecond)
			_, err := client.ListImages(within(t, 500*time.Millisecond), paiclient.ListImagesInput{})
			var interrupted *paiclient.InterruptedError
			if !errors.As(err, &interrupted) || !strings.Contains(err.Error(), "Throttling.User") {
				t.Errorf("got %v", err)
			}
			first.Wait()
		})
	}
}

// TestDeadlineOfManyPagesTellsWhatWentWrong: of requests that end together some have only waited for a place, and whichever returns
// first, the error tells what the others had met.
func TestDeadlineOfManyPagesTellsWhatWentWrong(t *testing.T) {
	t.Parallel()
	for range 5 {
		sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(2_000)})
		sandbox.AddFault(paisandbox.Fault{
			Match: func(r paisandbox.Request) bool { return r.Query.Get("PageNumber") != "1" },
			Do:    paisandbox.APIError(503, "ServiceUnavailable", "busy").WithHeader("Retry-After", "3600"),
		})
		_, err := connect(t, sandbox).ListImages(within(t, 500*time.Millisecond), paiclient.ListImagesInput{})
		if err == nil || !strings.Contains(err.Error(), "code ServiceUnavailable") {
			t.Errorf("got %v", err)
		}
	}
}

package paiclient_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestPassingFaultsPass: what fails once or twice is asked for again, with a signature of its own.
func TestPassingFaultsPass(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]paisandbox.Fault{
		"throttled":           {Times: 2, Do: paisandbox.Throttle(400, time.Millisecond)},
		"bad gateway":         {Times: 2, Do: paisandbox.ServerError(502)},
		"cut off":             {Times: 2, Do: paisandbox.Truncate()},
		"reset":               {Times: 2, Do: paisandbox.Reset()},
		"reset of a used one": {Skip: 1, Times: 2, Do: paisandbox.ResetReused()},
		"half a body":         {Times: 1, Do: paisandbox.Body(200, `{"TotalCount":`)},
		"hanging":             {Times: 1, Do: paisandbox.Hang()},
		"stalled halfway":     {Times: 1, Do: paisandbox.Stall()},
	} {
		for protocol, secure := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
			t.Run(name+", "+protocol, func(t *testing.T) {
				t.Parallel()
				sandbox := start(t, paisandbox.Options{TLS: secure, Catalogue: paisandbox.Numbered(numbered)})
				sandbox.AddFault(fault)
				client := connect(t, sandbox, func(o *paiclient.Options) { o.RequestTimeout = 2 * time.Second })
				listing, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
				if err != nil {
					t.Fatal(err)
				}
				if len(listing.Images) != numbered || listing.Incomplete != nil {
					t.Errorf("%d images, unsettled %v", len(listing.Images), listing.Incomplete)
				}
			})
		}
	}
}

// TestNoWaitIsNoHint: a service that says to wait for nothing doesn't have all retries spent at once.
func TestNoWaitIsNoHint(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
	sandbox.AddFault(paisandbox.Fault{Times: 4, Do: paisandbox.Throttle(400, 0)})
	client := connect(t, sandbox)
	client.WaitBetween(time.Second, time.Second)
	begun := time.Now()
	if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{}); err != nil {
		t.Fatal(err)
	}
	// Four waits of up to a second each: hardly ever are all of them together so short.
	if took := time.Since(begun); took < 100*time.Millisecond {
		t.Errorf("took %s", took)
	}
}

// TestWhatCannotPassIsNotRetried: a server without TLS, and a key that is none.
func TestWhatCannotPassIsNotRetried(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{})
	endpoint, err := paiclient.ParseEndpoint(strings.TrimPrefix(sandbox.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	client := connect(t, sandbox, func(o *paiclient.Options) { o.Endpoint = endpoint })
	_, err = client.ListImages(t.Context(), paiclient.ListImagesInput{})
	var lost *paiclient.TransportError
	if !errors.As(err, &lost) || lost.Attempts != 1 {
		t.Errorf("got %v", err)
	}
	for _, keys := range []paiclient.StaticCredentials{
		{AccessKeyID: "a\nb", AccessKeySecret: "s"},
		{AccessKeyID: "a", AccessKeySecret: "s t"},
		{AccessKeyID: "a", AccessKeySecret: "s", SecurityToken: "t\x00"},
	} {
		client := connect(t, sandbox, func(o *paiclient.Options) { o.Credentials = keys })
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		var unusable *paiclient.CredentialsError
		if !errors.As(err, &unusable) || len(sandbox.Requests()) != 0 {
			t.Errorf("got %v", err)
		}
	}
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	for _, retries := range []int{0, 1, 3} {
		sandbox := start(t, paisandbox.Options{})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Reset()})
		client := connect(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = retries })
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		var lost *paiclient.TransportError
		if !errors.As(err, &lost) || lost.Attempts != retries+1 {
			t.Errorf("%d retries: %v", retries, err)
		}
		if asked := pagesAsked(sandbox); asked != retries+1 {
			t.Errorf("%d requests with %d retries", asked, retries)
		}
	}
}

// TestWaitsAsTold measures from the sandbox's side how long the client stayed away.
func TestWaitsAsTold(t *testing.T) {
	t.Parallel()
	const wait = 300 * time.Millisecond
	for name, answer := range map[string]paisandbox.Effect{
		"x-acs-retry-after": paisandbox.Throttle(400, wait),
		"TimeLeft":          paisandbox.Throttle(429, -1).WithHeader("x-ratelimit-user-api", "Remain:0,TimeLeft:300"),
		"Retry-After":       paisandbox.Throttle(429, -1).WithHeader("Retry-After", "1"),
		"TimeLeft of all":   paisandbox.Throttle(429, -1).WithHeader("x-ratelimit-user", "TimeLeft:300"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
			sandbox.AddFault(paisandbox.Fault{Times: 1, Do: answer})
			if _, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{}); err != nil {
				t.Fatal(err)
			}
			requests := sandbox.Requests()
			if apart := requests[1].At.Sub(requests[0].At); apart < wait {
				t.Errorf("asked again after %s", apart)
			}
		})
	}
}

// TestCancelMeansNow: whatever the client waits for, it stops with its context.
func TestCancelMeansNow(t *testing.T) {
	t.Parallel()
	faults := map[string]paisandbox.Fault{
		"a hanging request": {Do: paisandbox.Hang()},
		"half a body":       {Do: paisandbox.Stall()},
		"a wait":            {Do: paisandbox.Throttle(400, time.Hour)},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{})
			sandbox.AddFault(fault)
			client := connect(t, sandbox, oneAtATime)
			ctx, cancel := context.WithCancel(t.Context())

			ended := make(chan error, 2)
			for range 2 { // the second waits for a place
				go func() {
					_, err := client.ListImages(ctx, paiclient.ListImagesInput{})
					ended <- err
				}()
			}
			for len(sandbox.Requests()) == 0 {
				time.Sleep(time.Millisecond)
			}
			cancel()
			cancelled := time.Now()
			for range 2 {
				err := <-ended
				var interrupted *paiclient.InterruptedError
				if !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			}
			if took := time.Since(cancelled); took > time.Second {
				t.Errorf("ended after %s", took)
			}
		})
	}
}

// TestDeadlineTellsWhatWentWrong: running out of time is not all that the user hears.
func TestDeadlineTellsWhatWentWrong(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Throttle(400, time.Hour)})
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := connect(t, sandbox).ListImages(ctx, paiclient.ListImagesInput{})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "code Throttling.User") {
		t.Errorf("got %v", err)
	}
}

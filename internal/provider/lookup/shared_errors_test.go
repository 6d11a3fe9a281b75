package lookup

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestSharedClientErrors checks the errors of reads that share a request: all get the error of the request. A read that
// ends earlier gets an *InterruptedError with its own cause and duration.
func TestSharedClientErrors(t *testing.T) {
	t.Parallel()
	denied := &paiclient.APIError{Kind: paiclient.KindPermission}
	type wanted struct {
		err   error
		after time.Duration
		last  error // of an *InterruptedError
	}
	const early = requestDuration / 2
	for name, test := range map[string]struct {
		timeouts []time.Duration // of the reads; 0 for none
		err      error           // of the request
		want     []wanted
	}{
		"error of the request": {
			timeouts: []time.Duration{0, 0}, err: denied, want: []wanted{{err: denied}, {err: denied}},
		},
		"one read times out": {
			timeouts: []time.Duration{early, 0},
			want:     []wanted{{context.DeadlineExceeded, early, errThrottled}, {}},
		},
		"all reads time out": {
			timeouts: []time.Duration{early / 2, early},
			want: []wanted{
				{context.DeadlineExceeded, early / 2, errThrottled}, {context.DeadlineExceeded, early, errAttempt},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := &slowClient{err: test.err}
				shared := NewSharedClient(fake, fake.interrupted)
				var reads sync.WaitGroup
				for i, timeout := range test.timeouts {
					reads.Go(func() {
						ctx := t.Context()
						if timeout > 0 {
							var cancel context.CancelFunc
							ctx, cancel = context.WithTimeout(ctx, timeout)
							defer cancel()
						}
						_, err := shared.ListImages(ctx, paiclient.ListImagesInput{})
						want := test.want[i]
						if !errors.Is(err, want.err) {
							t.Errorf("read %d: got error %v, want %v", i, err, want.err)
						}
						if interrupted, ok := errors.AsType[*paiclient.InterruptedError](err); ok {
							if interrupted.Action != "ListImages" || interrupted.Host == "" ||
								interrupted.After != want.after || !errors.Is(interrupted.Last, want.last) {
								t.Errorf("read %d: got %+v, want %+v", i, *interrupted, want)
							}
						}
					})
				}
				reads.Wait()
			})
		})
	}
}

// TestSharedClientWait checks reads with different time limits if the service requests a wait that only the longer
// limit allows. The reads with the shorter limit must end at once, also if one starts while the other read waits.
func TestSharedClientWait(t *testing.T) {
	t.Parallel()
	sandbox, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	const long, short, wait = time.Minute, 5 * time.Second, 20 * time.Second
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Throttle(http.StatusTooManyRequests, wait)})
	_, shared := newClients(t, sandbox)
	list := func(ctx context.Context, limit time.Duration) error {
		read := &Read{limit: limit}
		_, err := shared.ListImages(read.begin(ctx), paiclient.ListImagesInput{})
		read.cancel()
		return err
	}
	longCtx, cancel := context.WithCancel(t.Context())
	var reads sync.WaitGroup
	reads.Go(func() {
		if err := list(longCtx, long); !errors.Is(err, context.Canceled) {
			t.Errorf("long limit: got error %v, want one of the cancellation", err)
		}
	})
	for range 2 { // the second begins after the first has ended
		late, ok := errors.AsType[*paiclient.WaitError](list(t.Context(), short))
		if !ok || late.Remaining > short || late.Remaining < short/5 {
			t.Errorf("short limit: got error %+v, want a *WaitError with up to %s", late, short)
		}
	}
	cancel()
	reads.Wait()
}

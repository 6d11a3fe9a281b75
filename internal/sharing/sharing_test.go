package sharing

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const (
	gather     = 10 * time.Millisecond
	gatherNext = 30 * time.Millisecond
	duration   = time.Second // of a call
)

// recorder is a Run function that records its calls.
type recorder struct {
	mu       sync.Mutex
	requests []int
	ended    []error // errors of the contexts when the calls ended
	running  int
	overlaps int // number of calls that started while another ran
}

// run returns the time at which the call started, or the error of the context.
func (r *recorder) run(ctx context.Context, request int) (time.Time, error) {
	r.mu.Lock()
	r.requests = append(r.requests, request)
	if r.running > 0 {
		r.overlaps++
	}
	r.running++
	r.mu.Unlock()

	started := time.Now()
	var err error
	select {
	case <-time.After(duration):
	case <-ctx.Done():
		err = errors.Join(errors.New("from Run"), ctx.Err())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	r.ended = append(r.ended, err)
	return started, err
}

// endedCalls returns the number of calls that have ended.
func (r *recorder) endedCalls() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ended)
}

// newGroup returns a group in which all requests share calls. The merged request is the larger one.
func newGroup(r *recorder) *Group[int, time.Time] {
	return &Group[int, time.Time]{
		Gather:     gather,
		GatherNext: gatherNext,
		Key:        func(int) string { return "" },
		Merge:      func(a, b int) int { return max(a, b) },
		Run:        r.run,
	}
}

// outcome is what a call of Do returned.
type outcome struct {
	began, ended, value time.Time
	callers             int
	err                 error
}

// do calls Do in a goroutine and returns a function that waits for the result.
func do(ctx context.Context, group *Group[int, time.Time], request int) func() outcome {
	result := make(chan outcome, 1)
	began := time.Now()
	go func() {
		value, callers, err := group.Do(ctx, request)
		result <- outcome{began: began, ended: time.Now(), value: value, callers: callers, err: err}
	}()
	return func() outcome { return <-result }
}

// TestDoShares checks that callers within the time Gather share one call, whose request is the merged one.
func TestDoShares(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		group := newGroup(&r)
		first := do(t.Context(), group, 1)
		time.Sleep(gather / 2)
		second, third := do(t.Context(), group, 3), do(t.Context(), group, 2)
		for i, wait := range []func() outcome{first, second, third} {
			if got := wait(); got.err != nil || got.callers != 3 {
				t.Errorf("caller %d: got %d callers and error %v, want 3 and none", i, got.callers, got.err)
			}
		}
		synctest.Wait()
		if len(r.requests) != 1 || r.requests[0] != 3 {
			t.Errorf("got calls with requests %v, want one with 3", r.requests)
		}
		if len(group.queues) != 0 {
			t.Errorf("%d queues are left", len(group.queues))
		}
	})
}

// TestDoIsNeverOlder checks that a caller that comes while a call runs gets the result of the next call. It waits for
// the end of the running call and for the time GatherNext.
func TestDoIsNeverOlder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		group := newGroup(&r)
		begin := time.Now()
		first := do(t.Context(), group, 1)
		time.Sleep(gather + 1)
		second := do(t.Context(), group, 1)
		time.Sleep(duration / 2)
		third := do(t.Context(), group, 1)
		if got := first(); got.callers != 1 || got.value.Sub(begin) != gather {
			t.Errorf("first: %d callers, started after %s", got.callers, got.value.Sub(begin))
		}
		for _, wait := range []func() outcome{second, third} {
			if got := wait(); got.callers != 2 || got.value.Sub(begin) != gather+duration+gatherNext {
				t.Errorf("got %d callers, started after %s", got.callers, got.value.Sub(begin))
			}
		}
	})
}

// TestDoKeys checks that requests with different keys don't share calls and don't wait for each other.
func TestDoKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		group := newGroup(&r)
		group.Key = strconv.Itoa
		first, second := do(t.Context(), group, 1), do(t.Context(), group, 2)
		for _, wait := range []func() outcome{first, second} {
			if got := wait(); got.callers != 1 || got.ended.Sub(got.began) != gather+duration {
				t.Errorf("got %d callers after %s", got.callers, got.ended.Sub(got.began))
			}
		}
	})
}

// TestDoSharesErrors checks that all callers get the error of Run.
func TestDoSharesErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		want := errors.New("failed")
		group := newGroup(new(recorder))
		group.Run = func(context.Context, int) (time.Time, error) { return time.Time{}, want }
		first, second := do(t.Context(), group, 1), do(t.Context(), group, 1)
		for _, wait := range []func() outcome{first, second} {
			if got := wait(); !errors.Is(got.err, want) {
				t.Errorf("got error %v", got.err)
			}
		}
	})
}

// TestDoCancel checks that the end of one caller's context ends only the wait of this caller, and that the end of all
// contexts ends the call.
func TestDoCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		group := newGroup(&r)
		firstCtx, cancelFirst := context.WithCancel(t.Context())
		secondCtx, cancelSecond := context.WithTimeout(t.Context(), duration/2)
		defer cancelSecond()
		first, second := do(firstCtx, group, 1), do(secondCtx, group, 1)
		time.Sleep(duration / 4)
		cancelFirst()
		if got := first(); !errors.Is(got.err, context.Canceled) || got.ended.Sub(got.began) != duration/4 {
			t.Errorf("first: got error %v after %s", got.err, got.ended.Sub(got.began))
		}
		if r.endedCalls() != 0 {
			t.Error("the call ended with the first caller")
		}
		got := second()
		if !errors.Is(got.err, context.DeadlineExceeded) && !errors.Is(got.err, context.Canceled) {
			t.Errorf("second: got error %v", got.err)
		}
		if got.err == nil || got.err.Error() == secondCtx.Err().Error() || got.ended.Sub(got.began) != duration/2 {
			t.Errorf("second: got error %v after %s, want that of Run", got.err, got.ended.Sub(got.began))
		}
		synctest.Wait()
		if len(r.ended) != 1 || r.ended[0] == nil {
			t.Errorf("calls ended with %v, want one error", r.ended)
		}
	})
}

// TestDoCancelBeforeStart checks that Run is not called if all callers give up before it starts, and that a later
// caller is served.
func TestDoCancelBeforeStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		group := newGroup(&r)
		ctx, cancel := context.WithCancel(t.Context())
		first := do(ctx, group, 1)
		time.Sleep(gather / 2)
		cancel()
		if got := first(); !errors.Is(got.err, context.Canceled) || got.ended.Sub(got.began) != gather/2 {
			t.Errorf("first: got error %v after %s", got.err, got.ended.Sub(got.began))
		}
		time.Sleep(gather)
		synctest.Wait()
		if len(r.requests) != 0 || len(group.queues) != 0 {
			t.Errorf("%d calls, %d queues are left", len(r.requests), len(group.queues))
		}
		if got := do(t.Context(), group, 1)(); got.err != nil {
			t.Errorf("second: got error %v", got.err)
		}
	})
}

// TestDoCountsWaitingCallers checks that the number of callers excludes those that gave up before the call started.
func TestDoCountsWaitingCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		group := newGroup(new(recorder))
		ctx, cancel := context.WithTimeout(t.Context(), gather/2)
		defer cancel()
		leaves, stays := do(ctx, group, 1), do(t.Context(), group, 1)
		if got := leaves(); !errors.Is(got.err, context.DeadlineExceeded) {
			t.Errorf("first: got error %v", got.err)
		}
		if got := stays(); got.err != nil || got.callers != 1 {
			t.Errorf("second: got %d callers and error %v, want 1 and none", got.callers, got.err)
		}
	})
}

// TestDoDeadline checks that the context of Run has the values of the first caller and the latest deadline of all
// callers, or none if a caller has none.
func TestDoDeadline(t *testing.T) {
	t.Parallel()
	type key struct{}
	for name, test := range map[string]struct {
		timeouts []time.Duration // 0 for none
		want     time.Duration   // 0 for none
	}{
		"one":               {[]time.Duration{time.Minute}, time.Minute},
		"latest is first":   {[]time.Duration{time.Hour, time.Minute}, time.Hour},
		"latest is last":    {[]time.Duration{time.Minute, time.Hour}, time.Hour},
		"first has none":    {[]time.Duration{0, time.Minute}, 0},
		"last has none":     {[]time.Duration{time.Minute, 0}, 0},
		"already exceeded":  {[]time.Duration{time.Minute, time.Nanosecond}, time.Minute},
		"the only has none": {[]time.Duration{0}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var got time.Duration
				group := newGroup(new(recorder))
				group.Run = func(ctx context.Context, _ int) (time.Time, error) {
					if deadline, ok := ctx.Deadline(); ok {
						got = deadline.Sub(begin)
					}
					if ctx.Value(key{}) != 0 {
						t.Errorf("got value %v, want that of the first caller", ctx.Value(key{}))
					}
					return time.Time{}, nil
				}
				var waits []func() outcome
				for i, timeout := range test.timeouts {
					ctx := context.WithValue(t.Context(), key{}, i)
					if timeout > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, timeout)
						defer cancel()
					}
					waits = append(waits, do(ctx, group, 1))
					synctest.Wait()
				}
				for _, wait := range waits {
					wait()
				}
				if got != test.want {
					t.Errorf("got deadline after %s, want %s", got, test.want)
				}
			})
		})
	}
}

// TestDoRandomSchedules checks random schedules of callers, of which some give up. No result may be older than its
// caller. A call must not be cancelled while a caller waits, and must be cancelled when none does. Calls must not
// overlap, and nothing may be left at the end.
func TestDoRandomSchedules(t *testing.T) {
	t.Parallel()
	var shared, late, gaveUp atomic.Int64
	for seed := range uint64(2_000) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			var r recorder
			group := newGroup(&r)
			var callers sync.WaitGroup
			for range 1 + random.IntN(20) {
				delay := time.Duration(random.Int64N(int64(3 * duration)))
				if random.IntN(3) == 0 {
					delay = time.Duration(random.Int64N(int64(2 * gather))) // many callers at the start
				}
				patience := time.Duration(random.Int64N(int64(4 * duration)))
				callers.Go(func() {
					time.Sleep(delay)
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					began := time.Now()
					started, callers, err := group.Do(ctx, 1)
					took := time.Since(began)
					switch {
					case err == nil && started.Before(began):
						t.Errorf("seed %d: a result is %s older than its caller", seed, began.Sub(started))
					case err == nil && callers > 1:
						shared.Add(1)
					case err == nil && took > gather+duration:
						late.Add(1)
					case err != nil && took != patience:
						t.Errorf("seed %d: got error %v after %s, want it after %s", seed, err, took, patience)
					case err != nil:
						gaveUp.Add(1)
					}
				})
			}
			callers.Wait()
			synctest.Wait()
			if r.running != 0 || r.overlaps != 0 {
				t.Errorf("seed %d: %d calls run without a caller, %d overlapped", seed, r.running, r.overlaps)
			}
			time.Sleep(gatherNext)
			synctest.Wait()
			if len(group.queues) != 0 {
				t.Errorf("seed %d: %d queues are left", seed, len(group.queues))
			}
		})
	}
	if min(shared.Load(), late.Load(), gaveUp.Load()) < 500 {
		t.Errorf("%d results were shared, %d waited for another call, %d callers gave up: too few for the test",
			shared.Load(), late.Load(), gaveUp.Load())
	}
}

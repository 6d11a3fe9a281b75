package paiclient

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var errThrottled = errors.New("throttled")

// TestPaceApproachesRate sends 200 requests, eight at a time, to services with different rate limits. The services
// count requests in different ways. Few requests may be throttled, and the duration must be close to the minimum.
func TestPaceApproachesRate(t *testing.T) {
	t.Parallel()
	for _, allowed := range []int{2, 5, 20, 100} {
		for name, newLimiter := range map[string]func() func() bool{
			"bucket of one":          func() func() bool { return bucketLimiter(allowed, 1) },
			"bucket of one second":   func() func() bool { return bucketLimiter(allowed, allowed) },
			"counter of each second": func() func() bool { return secondLimiter(allowed) },
		} {
			t.Run(fmt.Sprintf("%d a second, %s", allowed, name), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const requests = 200
					begin := time.Now()
					sent, maxAttempts := sendAll(t, newPace(8), requests, newLimiter(), 0)
					took, minimum := time.Since(begin), time.Duration(requests-allowed)*time.Second/time.Duration(allowed)
					t.Logf("sent %d for %d requests, at most %d for one, in %s; the minimum is %s",
						sent, requests, maxAttempts, took, minimum)
					if sent > requests*3/2 {
						t.Errorf("sent %d for %d requests", sent, requests)
					}
					if maxAttempts > 6 {
						t.Errorf("one request took %d attempts", maxAttempts)
					}
					if took > 2*minimum+10*time.Second {
						t.Errorf("took %s; the minimum is %s", took, minimum)
					}
				})
			})
		}
	}
}

// TestPaceWaitsAsRequested checks that no request is sent during the pause that the service requests.
func TestPaceWaitsAsRequested(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const wait = 3 * time.Second
		begin, calls := time.Now(), 0
		sent, _ := sendAll(t, newPace(8), 50, func() bool {
			calls++
			if elapsed := time.Since(begin); elapsed > latency && elapsed < wait { // the first response arrives after latency
				t.Errorf("request %d came after %s", calls, elapsed)
			}
			return calls > 1
		}, wait)
		if sent != 51 {
			t.Errorf("sent %d requests, want 51", sent)
		}
	})
}

// TestPaceSlowsDownAndRecovers checks the rate and the pauses after throttling. The first rate depends on the number of
// requests that the service accepted in the last second, or on the number of slots if that number is higher. The rate
// can fall to a minimum. Pauses grow until a request is accepted.
func TestPaceSlowsDownAndRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := func(p *pace) (pause time.Duration) {
			time.Sleep(time.Minute)
			p.recordThrottling(time.Now(), 0, errThrottled)
			return time.Until(p.resume)
		}
		p := newPace(10)
		p.recordAccepted(time.Now())
		throttle(p) // a minute later, so the accepted request has no effect
		if p.rate != 8 {
			t.Errorf("after one request in a minute: got rate %v, want 8", p.rate)
		}
		longest := time.Duration(0)
		for range 50 {
			longest = max(longest, throttle(p))
		}
		if p.rate != minRate || longest < p.minWait || longest > p.maxWait {
			t.Errorf("after 50 throttlings: got rate %v, longest pause %s", p.rate, longest)
		}
		time.Sleep(time.Minute)
		p.recordAccepted(time.Now())
		if pause := throttle(p); pause > p.minWait {
			t.Errorf("after an accepted request: got a pause of %s", pause)
		}

		p = newPace(10)
		for range 100 {
			p.recordAccepted(time.Now())
			time.Sleep(5 * time.Millisecond)
		}
		p.recordThrottling(time.Now(), 0, errThrottled)
		if p.rate != 80 {
			t.Errorf("after 100 requests within a second: got rate %v, want 80", p.rate)
		}
	})
}

// TestPaceIsUnlimitedWithoutThrottling checks that requests are not delayed before the first throttling, and that the
// limit ends after many accepted requests.
func TestPaceIsUnlimitedWithoutThrottling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(8)
		begin := time.Now()
		sendAll(t, p, 1_000, func() bool { return true }, 0)
		if took := time.Since(begin); took > 125*latency {
			t.Errorf("took %s", took)
		}
		calls := 0
		sendAll(t, p, 10_000, func() bool { calls++; return calls > 1 }, 0)
		if p.rate != 0 {
			t.Errorf("10,000 requests after throttling: got rate %v, want 0", p.rate)
		}
	})
}

// TestPaceEndsWithContext checks that wait ends when its context ends, and that throttlingError then returns the error.
func TestPaceEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(8)
		p.recordThrottling(time.Now(), time.Hour, errThrottled)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		if err := p.wait(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(begin))
		}
		if err := p.throttlingError(); !errors.Is(err, errThrottled) {
			t.Errorf("got throttling error %v, want %v", err, errThrottled)
		}
	})
}

const latency = 20 * time.Millisecond

// sendAll sends requests from one worker per slot until allow has accepted all requests. If allow rejects an attempt,
// the request is throttled and must wait for the duration wait. sendAll returns the total number of attempts, and the
// largest number of attempts for one request.
func sendAll(t *testing.T, p *pace, requests int, allow func() bool, wait time.Duration) (sent, maxAttempts int) {
	t.Helper()
	var (
		mu      sync.Mutex
		workers sync.WaitGroup
	)
	queue := make(chan struct{}, requests)
	for range requests {
		queue <- struct{}{}
	}
	close(queue)
	for range p.slots {
		workers.Go(func() {
			for range queue {
				for attempt := 1; ; attempt++ {
					if err := p.wait(t.Context()); err != nil {
						t.Error(err)
						return
					}
					begin := time.Now()
					mu.Lock()
					sent++
					maxAttempts = max(maxAttempts, attempt)
					isAllowed := allow()
					mu.Unlock()
					time.Sleep(latency)
					if isAllowed {
						p.recordAccepted(begin)
						break
					}
					p.recordThrottling(begin, wait, errThrottled)
				}
			}
		})
	}
	workers.Wait()
	return sent, maxAttempts
}

// bucketLimiter returns a function that takes a token from a bucket, and reports whether there was one. The bucket is
// full at first. It has the given capacity and gains rate tokens a second.
func bucketLimiter(rate, capacity int) func() bool {
	tokens, updated := float64(capacity), time.Now()
	return func() bool {
		now := time.Now()
		tokens = min(tokens+now.Sub(updated).Seconds()*float64(rate), float64(capacity))
		updated = now
		if tokens < 1 {
			return false
		}
		tokens--
		return true
	}
}

// secondLimiter returns a function that allows a number of requests in each second of the clock.
func secondLimiter(allowed int) func() bool {
	var second time.Time
	remaining := 0
	return func() bool {
		if now := time.Now().Truncate(time.Second); !now.Equal(second) {
			second, remaining = now, allowed
		}
		remaining--
		return remaining >= 0
	}
}

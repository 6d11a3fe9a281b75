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

// TestPaceFindsTheRate has 200 requests, eight at a time, meet services that allow so many a second, and count in several ways.
// Time is the test's own. What is wasted stays small, and so does the time that is lost.
func TestPaceFindsTheRate(t *testing.T) {
	t.Parallel()
	for _, allowed := range []int{2, 5, 20, 100} {
		for name, service := range map[string]func() func() bool{
			"a bucket of one":        func() func() bool { return bucket(allowed, 1) },
			"a bucket of a second's": func() func() bool { return bucket(allowed, allowed) },
			"every second anew":      func() func() bool { return eachSecond(allowed) },
		} {
			t.Run(fmt.Sprintf("%d a second, %s", allowed, name), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const wanted = 200
					begun := time.Now()
					sent, most := sendAll(t, newPace(8), wanted, service(), 0)
					took, least := time.Since(begun), time.Duration(wanted-allowed)*time.Second/time.Duration(allowed)
					t.Logf("%d requests for %d, at most %d for one, in %s, where %s is the least", sent, wanted, most, took, least)
					if sent > wanted*3/2 {
						t.Errorf("%d requests for %d", sent, wanted)
					}
					if most > 6 {
						t.Errorf("one took %d attempts", most)
					}
					if took > 2*least+10*time.Second {
						t.Errorf("took %s, where %s is the least", took, least)
					}
				})
			})
		}
	}
}

// TestPaceWaitsAsTold: when the service says how long to stay away, nobody comes before.
func TestPaceWaitsAsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const wait = 3 * time.Second
		begun, calls := time.Now(), 0
		sent, _ := sendAll(t, newPace(8), 50, func() bool {
			calls++
			if at := time.Since(begun); at > latency && at < wait { // nobody has heard of it before
				t.Errorf("request %d came after %s", calls, at)
			}
			return calls > 1
		}, wait)
		if sent != 51 {
			t.Errorf("%d requests", sent)
		}
	})
}

// TestPaceSlowsDownAndRecovers: the rate begins at what the service took within the last second, and at no less than the places
// would send; it falls with each throttling to a bound, pauses grow with each in a row, and one request that is taken ends the row.
func TestPaceSlowsDownAndRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tooMany := errors.New("too many")
		throttle := func(p *pace) (pause time.Duration) {
			time.Sleep(time.Minute)
			p.throttled(time.Now(), 0, tooMany)
			return time.Until(p.resume)
		}
		p := newPace(10)
		p.accepted(time.Now())
		throttle(p) // a minute later
		if p.rate != 8 {
			t.Errorf("after one request in a minute the rate is %v", p.rate)
		}
		longest := time.Duration(0)
		for range 50 {
			longest = max(longest, throttle(p))
		}
		if p.rate != minRate || longest < p.minWait || longest > p.maxWait {
			t.Errorf("after many throttlings the rate is %v, the longest pause %s", p.rate, longest)
		}
		time.Sleep(time.Minute)
		p.accepted(time.Now())
		if pause := throttle(p); pause > p.minWait {
			t.Errorf("after a request that was taken, the pause is %s", pause)
		}

		p = newPace(10)
		for range 100 {
			p.accepted(time.Now())
			time.Sleep(5 * time.Millisecond)
		}
		p.throttled(time.Now(), 0, tooMany)
		if p.rate != 80 {
			t.Errorf("after 100 requests within a second the rate is %v", p.rate)
		}
	})
}

// TestPaceIsFree where nothing throttles, and again after a while without.
func TestPaceIsFree(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(8)
		begun := time.Now()
		sendAll(t, p, 1_000, func() bool { return true }, 0)
		if took := time.Since(begun); took > 125*latency {
			t.Errorf("took %s", took)
		}
		first := true
		sendAll(t, p, 10_000, func() bool { was := first; first = false; return !was }, 0)
		if p.rate != 0 {
			t.Errorf("long after, the rate is %v", p.rate)
		}
	})
}

// TestPaceEndsWithTheContext: whoever waits for a turn is told so at once, and takes no turn of another.
func TestPaceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(8)
		why := errors.New("too many")
		p.throttled(time.Now(), time.Hour, why)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if err := p.wait(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Second {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
		if reason := p.reason(); !errors.Is(reason, why) {
			t.Errorf("the reason is %v", reason)
		}
	})
}

const latency = 20 * time.Millisecond

// sendAll sends so many requests by eight workers until the service has taken each, and gives how many it sent, in all and
// for one at most.
func sendAll(t *testing.T, p *pace, wanted int, allow func() bool, told time.Duration) (sent, most int) {
	t.Helper()
	var (
		mu      sync.Mutex
		workers sync.WaitGroup
	)
	queue := make(chan struct{}, wanted)
	for range wanted {
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
					begun := time.Now()
					mu.Lock()
					sent++
					most = max(most, attempt)
					taken := allow()
					mu.Unlock()
					time.Sleep(latency)
					if taken {
						p.accepted(begun)
						break
					}
					p.throttled(begun, told, errors.New("too many"))
				}
			}
		})
	}
	workers.Wait()
	return sent, most
}

// bucket holds so many at most, and fills by so many a second.
func bucket(rate, most int) func() bool {
	held, filled := float64(most), time.Now()
	return func() bool {
		now := time.Now()
		held = min(held+now.Sub(filled).Seconds()*float64(rate), float64(most))
		filled = now
		if held < 1 {
			return false
		}
		held--
		return true
	}
}

// eachSecond allows so many within each second by the clock.
func eachSecond(allowed int) func() bool {
	var second time.Time
	left := 0
	return func() bool {
		if now := time.Now().Truncate(time.Second); !now.Equal(second) {
			second, left = now, allowed
		}
		left--
		return left >= 0
	}
}

package paiclient

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// The rate starts at firstSlowdown times the requests that the service accepted within the last second. Each further
// throttling multiplies it by slowdown, and each accepted request adds speedup. At 20 requests a second, it thus grows
// by a fifth every second.
const (
	firstSlowdown = 0.8
	slowdown      = 0.7
	speedup       = 0.2 // requests a second
	minRate       = 0.5 // requests a second
	maxRate       = 200 // requests a second; above it, there is no limit any more
)

// pace limits the rate of all requests of a client after throttling. The service counts the requests of an account, so
// if it throttles one, it would throttle the next one of another lookup, too. All requests then pause, and continue at
// a rate that approaches what the service allows. Until the service throttles, nothing waits.
type pace struct {
	slots            int           // requests that may be under way at once
	minWait, maxWait time.Duration // range of pauses that the service doesn't set

	// Its holder waits for the next moment to send, and others wait for it in their order. Without an order, some
	// requests would be throttled until they have no retries left.
	turn *semaphore.Weighted

	mu         sync.Mutex
	rate       float64     // requests a second; 0: unlimited
	next       time.Time   // the earliest time of the next request by the rate
	resume     time.Time   // the end of the pause
	slowed     time.Time   // when throttling last changed the rate
	streak     int         // throttlings in a row
	acceptedAt []time.Time // of requests that the service accepted within the last second
	lastErr    error       // of the last throttling
}

func newPace(slots int) *pace {
	return &pace{slots: slots, minWait: minWait, maxWait: maxWait, turn: semaphore.NewWeighted(1)}
}

// wait waits until the next request may be sent. It returns the context's error if that ends earlier.
func (p *pace) wait(ctx context.Context) error {
	if err := p.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.turn.Release(1)
	for { // another request may be throttled during the wait
		delay := p.nextDelay()
		if delay <= 0 {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(delay):
		}
	}
}

// nextDelay returns how long to wait as of now. If it returns 0, the caller must send its request.
func (p *pace) nextDelay() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, earliest := range []time.Time{p.resume, p.next} {
		if delay := earliest.Sub(now); delay > 0 {
			return delay
		}
	}
	if p.rate > 0 {
		p.next = now.Add(time.Duration(float64(time.Second) / p.rate))
	}
	return 0
}

// reason returns the error of the last throttling, or nil if no request waits because of it any more.
func (p *pace) reason() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate == 0 && !p.resume.After(time.Now()) {
		return nil
	}
	return p.lastErr
}

// throttled records that the service throttled a request that was sent at this time. wait is how long the service
// requests to wait, or 0. Of several requests that were under way together, only the first changes the rate.
func (p *pace) throttled(sent time.Time, wait time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastErr = err
	now := time.Now()
	alreadySlowed := !sent.After(p.slowed)
	if wait == 0 && !alreadySlowed {
		wait = rand.N(backoffRange(p.minWait, p.maxWait, p.streak) + 1) //nolint:gosec // spreads requests, no security
	}
	if until := now.Add(wait); until.After(p.resume) {
		p.resume = until
	}
	if alreadySlowed {
		return
	}
	p.slowed = now
	p.streak++
	if p.rate > 0 {
		p.rate = max(p.rate*slowdown, minRate)
		return
	}
	p.dropOld(now)
	p.rate = float64(max(len(p.acceptedAt), p.slots)) * firstSlowdown
}

// accepted records that the service accepted a request that was sent at this time, whatever its response.
func (p *pace) accepted(sent time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.dropOld(now)
	p.acceptedAt = append(p.acceptedAt, now)
	if sent.After(p.slowed) {
		p.streak = 0
	}
	if p.rate > 0 {
		p.rate += speedup
	}
	if p.rate > maxRate {
		p.rate = 0
	}
}

// dropOld removes requests that were accepted more than a second ago.
func (p *pace) dropOld(now time.Time) {
	old := 0
	for old < len(p.acceptedAt) && now.Sub(p.acceptedAt[old]) >= time.Second {
		old++
	}
	p.acceptedAt = append(p.acceptedAt[:0], p.acceptedAt[old:]...)
}

package paiclient

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// After the first throttling, the rate is firstSlowdown times the number of requests that the service accepted in the
// last second, or times the number of slots if there are more slots. Each further throttling multiplies the rate by
// slowdown, and each accepted request adds speedup. If all requests are accepted, the rate grows by about 20% a second.
const (
	firstSlowdown = 0.8
	slowdown      = 0.7
	speedup       = 0.2 // requests a second
	minRate       = 0.5 // requests a second
	maxRate       = 200 // requests a second; a higher rate is treated as unlimited
)

// pace limits the rate of all requests to an endpoint after the service has throttled a request. The service's limit
// applies to the account and the region, so it would also throttle the requests of other lookups in the region. All
// requests to the endpoint therefore pause, and then continue at a rate that approaches the service's limit. Before the
// first throttling, requests don't wait.
type pace struct {
	slots            int           // maximum number of concurrent requests
	minWait, maxWait time.Duration // limits of the backoff, which applies if the service doesn't request a pause

	// turn lets requests through in the order in which they arrived. The request that holds turn waits until it may be
	// sent, and the others wait for turn. In a random order, some requests would be throttled until their time limits.
	turn *semaphore.Weighted

	mu         sync.Mutex
	rate       float64     // requests a second; 0 means unlimited
	next       time.Time   // when the rate allows the next request
	resume     time.Time   // end of the pause
	requested  bool        // whether the service requested the pause
	slowed     time.Time   // when throttling last changed the rate
	streak     int         // number of times that throttling changed the rate since a request was accepted
	acceptedAt []time.Time // when the service accepted requests, within the last second
	lastErr    error       // error of the latest throttled request

	waiting map[*apiCall]bool // the calls that wait for their next attempt
}

func newPace(slots int) *pace {
	return &pace{
		slots: slots, minWait: minWait, maxWait: maxWait,
		turn: semaphore.NewWeighted(1), waiting: make(map[*apiCall]bool),
	}
}

// startWaiting records that the call waits for its next attempt. If the service has requested a pause that ends after
// the call's deadline, or requests one during the wait, the call ends at once.
func (p *pace) startWaiting(call *apiCall) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[call] = true
	if p.requested {
		call.endIfLate(time.Until(p.resume), p.lastErr)
	}
}

// stopWaiting records that the call sends an attempt, or has ended.
func (p *pace) stopWaiting(call *apiCall) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiting, call)
}

// wait blocks until the next request may be sent. If ctx ends first, wait returns the error of ctx.
func (p *pace) wait(ctx context.Context) error {
	if err := p.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.turn.Release(1)
	for { // repeats, because throttling of another request can extend the delay
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

// nextDelay returns how long the next request must wait. If the result is 0, nextDelay has already counted the request
// towards the rate, and the caller must send it.
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

// isPaused reports whether throttling has paused all requests.
func (p *pace) isPaused() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.resume.After(time.Now())
}

// throttlingError returns the error of the latest throttled request, or nil if throttling no longer delays requests.
func (p *pace) throttlingError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate == 0 && !p.resume.After(time.Now()) {
		return nil
	}
	return p.lastErr
}

// recordThrottling records that the service throttled a request. sent is the time at which the request was sent. wait
// is the pause that the service requests, or 0 if it requests none. If several concurrent requests are throttled, only
// the first one changes the rate.
func (p *pace) recordThrottling(sent time.Time, wait time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastErr = err
	now := time.Now()
	alreadySlowed := !sent.After(p.slowed)
	requested := wait > 0
	if !requested && !alreadySlowed {
		wait = rand.N(backoffRange(p.minWait, p.maxWait, p.streak) + 1) //nolint:gosec // spreads requests, no security
	}
	if until := now.Add(wait); until.After(p.resume) {
		p.resume, p.requested = until, requested
		for call := range p.waiting {
			if requested {
				call.endIfLate(wait, err)
			}
		}
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

// recordAccepted records that the service didn't throttle a request. sent is the time at which the request was sent.
func (p *pace) recordAccepted(sent time.Time) {
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

// dropOld removes from acceptedAt the times that are at least one second before now.
func (p *pace) dropOld(now time.Time) {
	old := 0
	for old < len(p.acceptedAt) && now.Sub(p.acceptedAt[old]) >= time.Second {
		old++
	}
	p.acceptedAt = append(p.acceptedAt[:0], p.acceptedAt[old:]...)
}

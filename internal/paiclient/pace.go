package paiclient

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// How the pace changes: at the first throttling to a part of what the service took within the last second, then by another
// part, and up again by a little for each request that it takes. At 20 requests a second that is a fifth more every second.
const (
	firstSlowing = 0.8
	slowing      = 0.7
	quickening   = 0.2 // requests a second
	slowest      = 0.5 // requests a second
	fastest      = 200 // requests a second; beyond it the pace is free again
)

// pace is how fast all requests of a client follow each other. The service counts the requests of an account, so when it
// throttles one, the next of another lookup would be one too many as well: all stay away for a while, and then come in turn, at a
// rate that finds what the service allows. Until it throttles, nobody is held up.
type pace struct {
	places      int           // requests that may be under way at once
	first, most time.Duration // range of the first pause of which the service doesn't say how long, and the largest range

	// One waits for the next moment to send, and the others for their turn to do so: where chance decides who goes first, some are
	// throttled so often that their retries run out.
	turn *semaphore.Weighted

	mu     sync.Mutex
	rate   float64     // requests a second; 0: as many as there are
	next   time.Time   // the rate lets nothing be sent before
	resume time.Time   // nor does a pause
	slowed time.Time   // when throttling last changed the rate
	streak int         // throttlings in a row
	taken  []time.Time // when the service took requests, within the last second
	last   error       // what it throttled with
}

func newPace(places int) *pace {
	return &pace{places: places, first: minWait, most: maxWait, turn: semaphore.NewWeighted(1)}
}

// wait returns when it is the request's turn, or the context's error when that ends.
func (p *pace) wait(ctx context.Context) error {
	if err := p.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.turn.Release(1)
	for { // somebody may be throttled meanwhile
		wait := p.untilNext()
		if wait <= 0 {
			return ctx.Err()
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// untilNext is how long to wait, by what is known now. Where that is nothing, the moment is taken.
func (p *pace) untilNext() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, moment := range []time.Time{p.resume, p.next} {
		if wait := moment.Sub(now); wait > 0 {
			return wait
		}
	}
	if p.rate > 0 {
		p.next = now.Add(time.Duration(float64(time.Second) / p.rate))
	}
	return 0
}

// reason is what the service throttled with last, nil where nobody waits for that any more.
func (p *pace) reason() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate == 0 && !p.resume.After(time.Now()) {
		return nil
	}
	return p.last
}

// throttled is told of a request that was one too many: when it was sent, how long the service says to wait, if it does, and
// what it said. Of many that were under way together the first sets the pace.
func (p *pace) throttled(sent time.Time, wait time.Duration, told bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = err
	now := time.Now()
	underWay := !sent.After(p.slowed) // when another set the pace
	if !told && !underWay {
		wait = rand.N(backoffRange(p.first, p.most, p.streak) + 1) //nolint:gosec // spreads requests, guards nothing
	}
	if until := now.Add(wait); until.After(p.resume) {
		p.resume = until
	}
	if underWay {
		return
	}
	p.slowed = now
	p.streak++
	if p.rate > 0 {
		p.rate = max(p.rate*slowing, slowest)
		return
	}
	p.forget(now)
	p.rate = float64(max(len(p.taken), p.places)) * firstSlowing
}

// took is told of a request that the service took, whatever it answered.
func (p *pace) took(sent time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.forget(now)
	p.taken = append(p.taken, now)
	if sent.After(p.slowed) {
		p.streak = 0
	}
	if p.rate > 0 {
		p.rate += quickening
	}
	if p.rate > fastest {
		p.rate = 0
	}
}

// forget drops what was taken more than a second ago.
func (p *pace) forget(now time.Time) {
	old := 0
	for old < len(p.taken) && now.Sub(p.taken[old]) >= time.Second {
		old++
	}
	p.taken = append(p.taken[:0], p.taken[old:]...)
}

// sleep waits, unless the context ends before.
func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

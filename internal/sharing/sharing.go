// Package sharing lets concurrent callers with the same request share one call.
//
// A caller never gets a result that is older than its request: a call that has started isn't shared with callers that
// come later. That distinguishes the package from golang.org/x/sync/singleflight.
package sharing

import (
	"context"
	"sync"
	"time"
)

// Group shares calls of the function Run. Its fields must not change after the first call of Do. A Group is safe for
// concurrent use.
type Group[R, T any] struct {
	// Gather is the time for which a call waits for more callers before it starts.
	Gather time.Duration

	// GatherNext replaces Gather for a call that had to wait until another call ended. The callers of that call take time
	// to use its result, and then start further calls.
	GatherNext time.Duration

	// Key returns the key of a request. Callers whose requests have the same key share calls.
	Key func(R) string

	// Merge returns a request whose result serves the callers of both requests, which have the same key.
	Merge func(a, b R) R

	// Run sends the request. Its context has the values of the first caller's context, and the latest deadline of all
	// callers. It is cancelled when no caller waits any longer.
	Run func(context.Context, R) (T, error)

	mu     sync.Mutex
	queues map[string]*queue[R, T]
}

// queue contains the calls with the same key.
type queue[R, T any] struct {
	turn  chan struct{} // contains a value while a call runs or, after its turn has come, gathers callers
	next  *call[R, T]   // accepts callers; nil if there is none
	calls int           // number of calls that haven't ended
}

// call is one call of Run.
type call[R, T any] struct {
	request  R
	callers  int       // number of callers that waited when Run started
	waiting  int       // number of callers that still wait
	deadline time.Time // latest deadline of the callers
	endless  bool      // whether a caller has no deadline
	cancel   func()    // ends the context of Run; nil until Run starts
	done     chan struct{}
	value    T     // set when done is closed
	err      error // set when done is closed
}

// Do returns the result of a call of Run that started after the call of Do, and the number of callers that waited for
// it when it started. The callers must not change the value.
//
// The first caller with a key starts a call, after the time Gather, in which more callers can join it. While the call
// runs, new callers with the same key gather for the next call, which starts the time GatherNext after the end of the
// running call.
//
// If ctx ends first, Do returns the error of ctx and 0 callers. The call continues for the other callers. For the last
// caller, Do cancels the call and returns its result, because an error of Run can say more than that of ctx.
func (g *Group[R, T]) Do(ctx context.Context, request R) (value T, callers int, err error) {
	c := g.joinCall(ctx, request)
	select {
	case <-c.done:
		return c.value, c.callers, c.err
	case <-ctx.Done():
	}
	if g.leaveCall(c) {
		<-c.done
		return c.value, c.callers, c.err
	}
	return value, 0, ctx.Err()
}

// joinCall adds a caller to the call that gathers callers. If there is none, joinCall creates one.
func (g *Group[R, T]) joinCall(ctx context.Context, request R) *call[R, T] {
	key := g.Key(request)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.queues == nil {
		g.queues = make(map[string]*queue[R, T])
	}
	q := g.queues[key]
	if q == nil {
		q = &queue[R, T]{turn: make(chan struct{}, 1)}
		g.queues[key] = q
	}
	c := q.next
	if c == nil {
		c = &call[R, T]{request: request, done: make(chan struct{})}
		q.next = c
		q.calls++
		go g.runCall(context.WithoutCancel(ctx), key, q, c)
	} else {
		c.request = g.Merge(c.request, request)
	}
	c.waiting++
	deadline, ok := ctx.Deadline()
	c.endless = c.endless || !ok
	if deadline.After(c.deadline) {
		c.deadline = deadline
	}
	return c
}

// leaveCall removes a caller from a call. If no caller is left and Run has started, leaveCall cancels the call and
// returns true.
func (g *Group[R, T]) leaveCall(c *call[R, T]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	c.waiting--
	if c.waiting > 0 || c.cancel == nil {
		return false
	}
	c.cancel()
	return true
}

// runCall waits for the previous call with the key, gathers callers, and calls Run, unless no caller waits any longer.
func (g *Group[R, T]) runCall(ctx context.Context, key string, q *queue[R, T], c *call[R, T]) {
	gather := g.Gather
	select {
	case q.turn <- struct{}{}:
	default:
		q.turn <- struct{}{}
		gather = g.GatherNext
	}
	time.Sleep(gather)
	ctx, cancel := g.closeCall(ctx, q, c)
	defer cancel()
	if c.cancel != nil {
		c.value, c.err = g.Run(ctx, c.request)
	}
	close(c.done)
	<-q.turn

	g.mu.Lock()
	defer g.mu.Unlock()
	q.calls--
	if q.calls == 0 {
		delete(g.queues, key)
	}
}

// closeCall closes the call to new callers. It returns the context of Run, and sets c.cancel if a caller still waits.
func (g *Group[R, T]) closeCall(
	ctx context.Context, q *queue[R, T], c *call[R, T],
) (_ context.Context, cancel context.CancelFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q.next = nil
	if c.endless {
		ctx, cancel = context.WithCancel(ctx)
	} else {
		ctx, cancel = context.WithDeadline(ctx, c.deadline)
	}
	c.callers = c.waiting
	if c.waiting > 0 {
		c.cancel = cancel
	}
	return ctx, cancel
}

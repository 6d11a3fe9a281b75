package paiclient

import (
	"context"
	"errors"
)

// earlyPass is a second pass that was begun when the answers of the first were in, but not yet decoded. Passes that agree tell
// something because there is a moment between them: all of the first was answered before any of the second was asked for. So
// it counts only if the first asked for nothing more.
type earlyPass struct {
	first  *pass
	pages  int // of the first pass when this one began
	cancel context.CancelCauseFunc
	done   chan struct{}
	got    *pass
	err    error
}

// errNoLongerNeeded ends requests of a pass that doesn't count, of which nobody is told.
var errNoLongerNeeded = errors.New("no longer needed")

// begin begins the second pass, without labels.
func (l *lister) begin(ctx context.Context, first *pass, pages int) *earlyPass {
	ctx, cancel := context.WithCancelCause(ctx)
	e := &earlyPass{first: first, pages: pages, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(e.done)
		e.got, e.err = l.readPass(ctx, passPlan{size: first.size, expect: pages})
	}()
	return e
}

// after gives the pass if it is one after the previous one. Where it isn't, it is stopped, and there is no pass and no error.
func (e *earlyPass) after(previous *pass) (*pass, error) {
	if e == nil || e.first != previous || e.pages != previous.pages() || previous.askedAgain.Load() {
		e.stop()
		return nil, nil
	}
	<-e.done
	return e.got, e.err
}

// stop ends it, and returns when nothing of it is left.
func (e *earlyPass) stop() {
	if e != nil {
		e.cancel(errNoLongerNeeded)
		<-e.done
	}
}

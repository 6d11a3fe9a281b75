package paiclient

import (
	"errors"
	"sync"
)

// reason is what had gone wrong before several requests were interrupted together. The first of them to return may only have
// waited for its place, and knows nothing of it.
type reason struct {
	mu   sync.Mutex
	told *InterruptedError // one that knows
}

// note remembers an interruption that knows the reason, and gives the error back.
func (r *reason) note(err error) error {
	var interrupted *InterruptedError
	if errors.As(err, &interrupted) && interrupted.Last != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.told = interrupted
	}
	return err
}

// in gives the interruption that knows the reason in place of one that doesn't, and any other error as it is. All requests
// have returned.
func (r *reason) in(err error) error {
	var interrupted *InterruptedError
	if errors.As(err, &interrupted) && interrupted.Last == nil && r.told != nil {
		return r.told
	}
	return err
}

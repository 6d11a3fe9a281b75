package paisandbox

import (
	"sync"
	"time"
)

// LimitRate lets so many requests pass in any one second, by the sandbox's clock, and has the effect on those beyond it, such as
// Throttle. What is refused doesn't count against the rate, and Skip and Times of the fault count only what is refused.
func LimitRate(perSecond int, beyond Effect) Effect {
	passed := &window{most: perSecond, span: time.Second}
	inner := beyond.only
	beyond.only = func(r Request) bool {
		return (inner == nil || inner(r)) && !passed.pass(r.At)
	}
	return beyond
}

// window remembers the latest that passed, as many as may pass in one span of time.
type window struct {
	most int
	span time.Duration

	mu     sync.Mutex
	latest []time.Time
}

func (w *window) pass(at time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.latest) > 0 && at.Sub(w.latest[0]) >= w.span {
		w.latest = w.latest[1:]
	}
	if len(w.latest) >= w.most {
		return false
	}
	w.latest = append(w.latest, at)
	return true
}

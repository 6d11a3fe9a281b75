package paisandbox

import (
	"strconv"
	"sync"
	"time"
)

// Fault applies an effect to some requests. Only requests with a valid signature are counted and affected; such a
// request uses up its nonce. If several faults apply to a request, all take effect, except that only the first of
// those that replace the sending of the response does.
type Fault struct {
	Match func(Request) bool // nil matches every request
	Skip  int                // number of matching requests that pass before the effect applies
	Times int                // number of requests that are then affected; 0 affects all
	Do    Effect
}

// Effect changes how a request is answered. The functions of this package that return an Effect create one.
type Effect struct {
	condition func(Request) bool                   // as Fault.Match, for conditions of the effect itself
	before    func(*exchange) bool                 // runs first; false aborts the request without a response
	query     func(*exchange, *listQuery) *Refusal // changes or refuses a ListImages request
	page      func(*listImagesResponse)            // changes the page of a ListImages response
	response  func(*exchange, *Response)           // changes the response
	replaces  bool                                 // response replaces everything, so the operation isn't run
	send      func(*exchange, *Response)           // replaces the sending of the response
}

type activeFault struct {
	Fault
	matched int
}

type faultList struct {
	mu     sync.Mutex
	faults []*activeFault
}

// effects counts the request against every fault that it matches and returns the effects to apply.
func (l *faultList) effects(r Request) []Effect {
	l.mu.Lock()
	faults := l.faults
	l.mu.Unlock()

	// A test's Match may call the sandbox, so it runs without the lock.
	var effects []Effect
	for _, f := range faults {
		if (f.Match == nil || f.Match(r)) && (f.Do.condition == nil || f.Do.condition(r)) && l.count(f) {
			effects = append(effects, f.Do)
		}
	}
	return effects
}

// count counts a matching request and reports whether the fault applies to it.
func (l *faultList) count(f *activeFault) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.matched++
	return f.matched > f.Skip && (f.Times == 0 || f.matched <= f.Skip+f.Times)
}

// add copies the list, because effects reads it without the lock.
func (l *faultList) add(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults[:len(l.faults):len(l.faults)], &activeFault{Fault: f})
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = nil
}

// OnAction matches requests for an API action.
func OnAction(action string) func(Request) bool {
	return func(r Request) bool { return r.Action == action }
}

// OnPage matches ListImages requests for a page.
func OnPage(n int) func(Request) bool {
	return func(r Request) bool {
		page := r.Query.Get("PageNumber")
		return r.Action == "ListImages" && (page == strconv.Itoa(n) || n == 1 && page == "")
	}
}

// OnQuery matches requests with a query parameter of this value.
func OnQuery(name, value string) func(Request) bool {
	return func(r Request) bool { return r.Query.Get(name) == value }
}

// OnParameter matches requests with a parameter of this value in the query or in the form.
func OnParameter(name, value string) func(Request) bool {
	return func(r Request) bool { return r.Parameter(name) == value }
}

// OnAll matches requests that every matcher matches.
func OnAll(matchers ...func(Request) bool) func(Request) bool {
	return func(r Request) bool {
		for _, match := range matchers {
			if !match(r) {
				return false
			}
		}
		return true
	}
}

// LimitRate applies an effect, such as Throttle, to the requests above a rate per second, measured by the sandbox's
// clock. Affected requests don't count towards the rate. The fault's Skip and Times count only affected requests.
func LimitRate(perSecond int, excess Effect) Effect {
	limit := &rateLimit{most: perSecond, span: time.Second}
	condition := excess.condition
	excess.condition = func(r Request) bool {
		return (condition == nil || condition(r)) && !limit.allow(r.At)
	}
	return excess
}

// rateLimit allows a number of requests in any span of time.
type rateLimit struct {
	most int
	span time.Duration

	mu      sync.Mutex
	allowed []time.Time // the latest, at most as many as the limit
}

func (l *rateLimit) allow(at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.allowed) > 0 && at.Sub(l.allowed[0]) >= l.span {
		l.allowed = l.allowed[1:]
	}
	if len(l.allowed) >= l.most {
		return false
	}
	l.allowed = append(l.allowed, at)
	return true
}

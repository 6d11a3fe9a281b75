package paisandbox

import (
	"strconv"
	"sync"
	"time"
)

// Fault applies an effect to some requests. It counts and affects only requests with a valid signature. Such a request
// uses up its nonce. If several faults affect a request, all effects are applied, with one exception: if several
// effects replace the sending of the response, only the first of those is used.
type Fault struct {
	Match func(Request) bool // nil matches every request
	Skip  int                // number of matching requests that pass before the effect applies
	Times int                // number of requests that the fault affects after those; 0 means all
	Do    Effect
}

// Effect changes how the sandbox handles a request. Functions such as Throttle and Delay create effects.
type Effect struct {
	condition func(Request) bool                         // an additional Fault.Match, set by the effect
	before    func(*exchange) bool                       // runs first; if it returns false, no response is sent
	query     func(*exchange, *listQuery) *ErrorResponse // changes or refuses a request for a page of a list
	images    func(*imageQuery)                          // changes a ListImages request
	page      func(*pageRange)                           // changes the page in the response
	response  func(*exchange, *Response)                 // changes the response
	replaces  bool                                       // the operation doesn't run; response creates the whole response
	send      func(*exchange, *Response)                 // sends the response in another way
}

type activeFault struct {
	Fault
	matched int
}

type faultList struct {
	mu     sync.Mutex
	faults []*activeFault
}

// effects counts the request for every fault that matches it, and returns the effects to apply.
func (l *faultList) effects(r Request) []Effect {
	l.mu.Lock()
	faults := l.faults
	l.mu.Unlock()

	// Match runs without the lock, because it may call methods of the sandbox.
	var effects []Effect
	for _, f := range faults {
		if (f.Match == nil || f.Match(r)) && (f.Do.condition == nil || f.Do.condition(r)) && l.count(f) {
			effects = append(effects, f.Do)
		}
	}
	return effects
}

// count counts a matching request and reports whether the fault affects it.
func (l *faultList) count(f *activeFault) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.matched++
	return f.matched > f.Skip && (f.Times == 0 || f.matched <= f.Skip+f.Times)
}

// add copies the list of faults, because effects reads the old list without the lock.
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

// OnPage matches ListImages and ListWorkspaces requests for page n.
func OnPage(n int) func(Request) bool {
	return func(r Request) bool {
		page, isList := r.Query.Get("PageNumber"), r.Action == "ListImages" || r.Action == "ListWorkspaces"
		return isList && (page == strconv.Itoa(n) || n == 1 && page == "")
	}
}

// OnQuery matches requests whose query parameter has the value.
func OnQuery(name, value string) func(Request) bool {
	return func(r Request) bool { return r.Query.Get(name) == value }
}

// OnParameter matches requests whose parameter, in the query or in the form, has the value.
func OnParameter(name, value string) func(Request) bool {
	return func(r Request) bool { return r.Parameter(name) == value }
}

// OnAll matches requests that all matchers match.
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

// LimitRate applies an effect, such as Throttle, to requests that exceed a rate per second, measured by the sandbox's
// clock. Requests that the effect applies to don't count towards the rate. Skip and Times of the Fault count only these
// requests.
func LimitRate(perSecond int, excess Effect) Effect {
	limit := &rateLimit{most: perSecond, span: time.Second}
	condition := excess.condition
	excess.condition = func(r Request) bool {
		return (condition == nil || condition(r)) && !limit.allow(r.At)
	}
	return excess
}

// rateLimit allows a limited number of requests in each period of time.
type rateLimit struct {
	most int
	span time.Duration

	mu      sync.Mutex
	allowed []time.Time // times of the last allowed requests; never more than the limit
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

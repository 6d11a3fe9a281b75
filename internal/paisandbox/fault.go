package paisandbox

import (
	"strconv"
	"sync"
)

// Fault is something that goes wrong, and for which requests. Faults see only requests that passed the signature
// check: a request that was used up by a fault has used up its nonce, too. Several faults may hit one request; each
// does its part, and of two that send the answer, the one added first does.
type Fault struct {
	Match func(Request) bool // nil: every request
	Skip  int                // how many matching requests are let through first
	Times int                // how many it then hits; 0: all
	Do    Effect
}

// Effect is what a fault does. The functions that return one are the list of what there is.
type Effect struct {
	only     func(Request) bool                   // a condition of the effect itself, beside Match
	before   func(*exchange) bool                 // runs first; false: there is nobody left to answer
	query    func(*exchange, *listQuery) *Refusal // changes what is listed
	page     func(*listImagesResponse)            // changes the page
	response func(*exchange, *Response)           // changes the whole answer
	whole    bool                                 // reply makes it from nothing, so nothing is served: no session is issued for it
	send     func(*exchange, *Response)           // sends in place of the normal way
}

type activeFault struct {
	Fault
	matched int
}

type faultList struct {
	mu     sync.Mutex
	faults []*activeFault
}

// hit counts the request against every fault that it matches and returns the effects on it.
func (l *faultList) hit(r Request) []Effect {
	l.mu.Lock()
	faults := l.faults
	l.mu.Unlock()

	// Matchers are the test's and may call the sandbox, so none runs under the lock.
	var effects []Effect
	for _, f := range faults {
		if (f.Match == nil || f.Match(r)) && (f.Do.only == nil || f.Do.only(r)) && l.count(f) {
			effects = append(effects, f.Do)
		}
	}
	return effects
}

func (l *faultList) count(f *activeFault) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.matched++
	return f.matched > f.Skip && (f.Times == 0 || f.matched <= f.Skip+f.Times)
}

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

// OnAction matches requests of one API action.
func OnAction(action string) func(Request) bool {
	return func(r Request) bool { return r.Action == action }
}

// OnPage matches ListImages requests for one page.
func OnPage(n int) func(Request) bool {
	return func(r Request) bool {
		page := r.Query.Get("PageNumber")
		return r.Action == "ListImages" && (page == strconv.Itoa(n) || n == 1 && page == "")
	}
}

// OnQuery matches requests with this query parameter.
func OnQuery(name, value string) func(Request) bool {
	return func(r Request) bool { return r.Query.Get(name) == value }
}

// OnParameter matches requests with this parameter, be it in the query or in a form.
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

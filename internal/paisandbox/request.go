package paisandbox

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Request is what the sandbox saw of one HTTP request and what it answered.
type Request struct {
	Method     string
	Path       string
	Query      url.Values
	Header     http.Header
	Host       string
	Proto      string
	RemoteAddr string
	Reused     bool   // the connection had carried another request before
	Action     string // of the header x-acs-action; of STS, the parameter
	Body       []byte
	Form       url.Values // of the body, where it is a form
	At         time.Time

	Status    int    // answered; 0: not yet, or never
	ErrorCode string // of the API error answered, if it was one
	RequestID string // as the answer names it

	Ended time.Time // when the answer was sent, or nobody was left to answer; zero: still under way
}

// Parameter is the value of a parameter, be it in the query or in a form.
func (r Request) Parameter(name string) string {
	if r.Query.Has(name) {
		return r.Query.Get(name)
	}
	return r.Form.Get(name)
}

func (r Request) clone() Request {
	r.Query, r.Form, r.Header, r.Body = cloneValues(r.Query), cloneValues(r.Form), r.Header.Clone(), slices.Clone(r.Body)
	return r
}

func cloneValues(values url.Values) url.Values {
	return url.Values(http.Header(values).Clone())
}

// requestLog keeps every request in order of arrival, unless they are taken.
type requestLog struct {
	mu       sync.Mutex
	requests []*Request
	count    int // those taken too
	underWay int
	peak     int
}

func (l *requestLog) begin(r *Request) (number int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, r)
	l.count++
	l.underWay++
	l.peak = max(l.peak, l.underWay)
	return l.count
}

func (l *requestLog) change(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *requestLog) end(r *Request, at time.Time) {
	l.change(func() {
		l.underWay--
		r.Ended = at
	})
}

// take forgets those that have ended, and gives them.
func (l *requestLog) take() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ended []Request
	l.requests = slices.DeleteFunc(l.requests, func(r *Request) bool {
		if !r.Ended.IsZero() {
			ended = append(ended, *r)
		}
		return !r.Ended.IsZero()
	})
	return ended
}

package paisandbox

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Request is an HTTP request that the sandbox received, with the outcome.
type Request struct {
	Method     string
	Path       string
	Query      url.Values
	Header     http.Header
	Host       string
	Proto      string
	RemoteAddr string
	Reused     bool   // the connection carried an earlier request
	Action     string // header x-acs-action; for STS the parameter Action
	Body       []byte
	Form       url.Values // of the body, if that is a form
	At         time.Time

	Status    int    // of the response; 0 before it is sent, and if none is sent
	ErrorCode string // of the API error in the response, if any
	RequestID string // sent in the response

	Ended time.Time // when the response was sent or the client disconnected; zero until then
}

// Parameter returns the value of a parameter in the query or in the form.
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

// requestLog holds the requests in order of arrival until take removes them.
type requestLog struct {
	mu       sync.Mutex
	requests []*Request
	count    int // includes removed requests
	current  int // requests in progress
	peak     int
}

// begin adds a request and returns its number, from 1.
func (l *requestLog) begin(r *Request) (number int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, r)
	l.count++
	l.current++
	l.peak = max(l.peak, l.current)
	return l.count
}

// update runs change under the lock that protects every logged request.
func (l *requestLog) update(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *requestLog) end(r *Request, at time.Time) {
	l.update(func() {
		l.current--
		r.Ended = at
	})
}

// all returns copies of the requests.
func (l *requestLog) all() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	requests := make([]Request, 0, len(l.requests))
	for _, r := range l.requests {
		requests = append(requests, r.clone())
	}
	return requests
}

// take removes the requests that have ended and returns them.
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

func (l *requestLog) peakRequests() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.peak
}

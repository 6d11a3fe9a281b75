package paisandbox

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Request is an HTTP request that the sandbox received, with facts about the response.
type Request struct {
	Method     string
	Path       string
	Query      url.Values
	Header     http.Header
	Host       string
	Proto      string
	RemoteAddr string
	Reused     bool   // whether the connection has carried an earlier request
	Action     string // header x-acs-action; for STS the parameter Action
	Body       []byte
	Form       url.Values // values of the body; nil if the body is not a form
	At         time.Time

	Status    int    // status of the response; 0 until one is sent
	ErrorCode string // code of the API error in the response; "" if there is none
	RequestID string // request ID in the response

	Ended time.Time // time when the response was sent or the client disconnected; zero until then
}

// Parameter returns the value of a parameter in the query or, if the query lacks it, in the form.
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

// requestLog holds the requests in order of arrival. take removes ended requests.
type requestLog struct {
	mu       sync.Mutex
	requests []*Request
	count    int // number of requests, including removed ones
	current  int // number of requests in progress
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

// update calls change while it holds the lock that protects all logged requests.
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

// take removes the ended requests from the log and returns them.
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

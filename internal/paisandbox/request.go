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
	Action     string // of the header x-acs-action
	Body       []byte
	At         time.Time

	Status    int    // answered; 0: not yet, or never
	ErrorCode string // of the API error answered, if it was one
	RequestID string // as the answer names it
}

func (r Request) clone() Request {
	query := make(url.Values, len(r.Query))
	for name, values := range r.Query {
		query[name] = slices.Clone(values)
	}
	r.Query, r.Header, r.Body = query, r.Header.Clone(), slices.Clone(r.Body)
	return r
}

// requestLog keeps every request in order of arrival.
type requestLog struct {
	mu       sync.Mutex
	requests []*Request
	underWay int
	peak     int
}

func (l *requestLog) begin(r *Request) (number int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, r)
	l.underWay++
	l.peak = max(l.peak, l.underWay)
	return len(l.requests)
}

func (l *requestLog) change(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *requestLog) end() { l.change(func() { l.underWay-- }) }

// Requests lists every request that arrived, in order of arrival, refused ones too. A request is listed from the
// moment its header was read, and its Status is set before the first byte of the answer is sent.
func (s *Sandbox) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	all := make([]Request, 0, len(s.log.requests))
	for _, r := range s.log.requests {
		all = append(all, r.clone())
	}
	return all
}

// Peak is the largest number of requests that were under way at once.
func (s *Sandbox) Peak() int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.peak
}

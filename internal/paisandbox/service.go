package paisandbox

import (
	"context"
	"fmt"
)

// service is a server that answers in the sandbox's way: it logs what it is asked, and faults change what it answers.
type service struct {
	server
	sandbox *Sandbox
	product string                                   // as the links in its errors name it
	admit   func(x *exchange) (operation, *apiError) // finds what is asked for, and refuses those who may not ask

	log    requestLog
	faults faultList
}

// startFor starts a service that ends with a sandbox. What it is goes into its errors.
func (s *service) startFor(ctx context.Context, what, addr string, authority *Authority) error {
	err := s.start(ctx, addr, authority, s.handle)
	if err == nil {
		err = s.sandbox.adopt(&s.server)
	}
	if err != nil {
		return fmt.Errorf("sandbox: %s: %w", what, err)
	}
	return nil
}

// Requests lists every request that arrived, in order of arrival, refused ones too. A request is listed from the
// moment its header was read, and its Status is set before the first byte of the answer is sent.
func (s *service) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	all := make([]Request, 0, len(s.log.requests))
	for _, r := range s.log.requests {
		all = append(all, r.clone())
	}
	return all
}

// TakeRequests lists the requests that have ended, in order of arrival, and forgets them: those of a long run would fill the memory.
func (s *service) TakeRequests() []Request { return s.log.take() }

// Peak is the largest number of requests that were under way at once.
func (s *service) Peak() int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.peak
}

// AddFault turns a fault on.
func (s *service) AddFault(f Fault) { s.faults.add(f) }

// ClearFaults turns every fault off.
func (s *service) ClearFaults() { s.faults.clear() }

// Before runs a function between two requests: after n-1 more requests have come, before the nth is answered.
func (s *service) Before(n int, do func(*Sandbox)) {
	s.AddFault(Fault{Skip: n - 1, Times: 1, Do: Change(do)})
}

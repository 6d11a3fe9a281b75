package paisandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

func TestFaultsOfTheConnection(t *testing.T) {
	t.Parallel()
	for name, secure := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for fault, do := range map[string]Effect{"truncate": Truncate(), "reset": Reset()} {
				s := startSandbox(t, Options{TLS: secure})
				s.AddFault(Fault{Do: do, Times: 1})
				c := newCaller(s)
				if a, err := c.do(t.Context(), t, imagesPath); err == nil {
					t.Errorf("%s: got an answer: %s", fault, a.body)
				}
				c.list(t, "") // and the server goes on
			}
		})
	}
}

func TestTruncateBreaksItsPromise(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: Truncate()})
	a, err := newCaller(s).do(t.Context(), t, imagesPath)
	if !errors.Is(err, io.ErrUnexpectedEOF) || a.StatusCode != http.StatusOK {
		t.Errorf("got %v", err)
	}
}

func TestCloseAfter(t *testing.T) {
	t.Parallel()
	for name, secure := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{TLS: secure})
			s.AddFault(Fault{Skip: 1, Times: 1, Do: CloseAfter()})
			c := newCaller(s)
			for range 4 {
				c.list(t, "")
			}
			seen := s.Requests()
			if len(seen) != 4 || !seen[1].Reused || seen[2].Reused || !seen[3].Reused {
				t.Errorf("logged %+v", seen)
			}
		})
	}
}

// andThen does something when the header of an answer is there.
type andThen struct {
	http.RoundTripper
	do func()
}

func (a andThen) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := a.RoundTripper.RoundTrip(r)
	a.do()
	return response, err
}

func TestWaitingEndsWithTheClient(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]Effect{"delay": Delay(time.Hour), "hang": Hang(), "stall": Stall()} {
		s := startSandbox(t, Options{})
		c := newCaller(s)
		// The client goes when its request has arrived; where an answer begins, when that has begun.
		ctx, cancel := context.WithCancel(t.Context())
		if name == "stall" {
			c.http.Transport = andThen{c.http.Transport, cancel}
		} else {
			s.AddFault(Fault{Do: Call(func(*Sandbox) { cancel() })})
		}
		s.AddFault(Fault{Do: do})
		a, err := c.do(ctx, t, imagesPath)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
		if began := a.Response != nil; began != (name == "stall") {
			t.Errorf("%s: an answer began: %v", name, began)
		}
		waitForNoRequests(t, s)
		if status := s.Requests()[0].Status; (status != 0) != (name == "stall") {
			t.Errorf("%s: answered %d", name, status)
		}
	}
}

func TestCloseEndsWaiting(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]Effect{"delay": Delay(time.Hour), "hang": Hang(), "stall": Stall()} {
		s := startSandbox(t, Options{})
		arrived := make(chan struct{})
		s.AddFault(Fault{Do: Call(func(*Sandbox) { close(arrived) })})
		s.AddFault(Fault{Do: do})
		failed := make(chan error, 1)
		go func() {
			_, err := newCaller(s).do(t.Context(), t, imagesPath)
			failed <- err
		}()
		<-arrived
		began := time.Now()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-failed; err == nil {
			t.Errorf("%s: the client got an answer", name)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

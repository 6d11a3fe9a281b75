package paisandbox

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"syscall"
	"testing"
	"time"
)

func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for name, tls := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for fault, do := range map[string]Effect{"Truncate": Truncate(), "Reset": Reset()} {
				s := startSandbox(t, Options{TLS: tls})
				s.AddFault(Fault{Do: do, Times: 1})
				c := newCaller(s)
				if r, err := c.do(t.Context(), t, imagesPath); err == nil {
					t.Errorf("%s: got a whole response: %s", fault, r.body)
				}
				c.list(t, "") // the server still responds
			}
		})
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: Truncate()})
	r, err := newCaller(s).do(t.Context(), t, imagesPath)
	if !errors.Is(err, io.ErrUnexpectedEOF) || r.StatusCode != http.StatusOK {
		t.Errorf("got %v, want a header and %v", err, io.ErrUnexpectedEOF)
	}
}

func TestCloseAfter(t *testing.T) {
	t.Parallel()
	for name, tls := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{TLS: tls})
			s.AddFault(Fault{Skip: 1, Times: 1, Do: CloseAfter()})
			c := newCaller(s)
			for range 4 {
				c.list(t, "")
			}
			logged := s.Requests()
			if len(logged) != 4 || !logged[1].Reused || logged[2].Reused || !logged[3].Reused {
				t.Errorf("got the log %+v, want 4 requests of which the third uses a new connection", logged)
			}
		})
	}
}

// TestResets checks how much of the response the client receives before the connection is reset.
func TestResets(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do     Effect
		tls    bool
		began  bool // the client receives the first byte
		header bool // the client receives the whole header
		eof    bool // Go may return an unexpected EOF instead, because it reads again after the RST
	}{
		"Reset":                 {do: Reset()},
		"Reset, HTTP/2":         {do: Reset(), tls: true, eof: true},
		"ResetInHeader":         {do: ResetInHeader(), began: true, eof: true},
		"ResetInHeader, HTTP/2": {do: ResetInHeader(), tls: true, eof: true},
		"ResetInBody":           {do: ResetInBody(), began: true, header: true},
		"ResetInBody, HTTP/2":   {do: ResetInBody(), tls: true, began: true, header: true, eof: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{TLS: tt.tls})
			s.AddFault(Fault{Do: tt.do, Times: 1})
			c := newCaller(s)
			began := false
			trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { began = true }}
			r, err := c.do(httptrace.WithClientTrace(t.Context(), trace), t, imagesPath)
			if !errors.Is(err, syscall.ECONNRESET) && (!tt.eof || !errors.Is(err, io.ErrUnexpectedEOF)) {
				t.Errorf("got %v, want a connection reset", err)
			}
			if header := r.Response != nil; began != tt.began || header != tt.header {
				t.Errorf("got a first byte: %t, a header: %t; want %t, %t", began, header, tt.began, tt.header)
			}
			if logged := s.Requests(); len(logged) != 1 || (logged[0].Status == http.StatusOK) != tt.began {
				t.Errorf("got the log %+v", logged)
			}
			c.list(t, "") // the server still responds
		})
	}
}

// TestResetReused checks that Go's transport sends the request again automatically, with the same nonce.
func TestResetReused(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: ResetReused(), Times: 1})
	c := newCaller(s)
	c.list(t, "")
	if e := c.get(t, imagesPath).apiError(t); e.Code != "SignatureNonceUsed" {
		t.Errorf("got %s", e.Code)
	}
	c.list(t, "")
	logged := s.Requests()
	if len(logged) != 4 || logged[0].Reused || !logged[1].Reused || logged[2].Reused || !logged[3].Reused {
		t.Fatalf("got the log %+v", logged)
	}
	first, second := logged[1].Header.Get("X-Acs-Signature-Nonce"), logged[2].Header.Get("X-Acs-Signature-Nonce")
	if first != second {
		t.Errorf("got the nonces %s and %s, want the same", first, second)
	}
}

// waitingEffects are the effects that last until the client disconnects or the sandbox closes.
var waitingEffects = map[string]Effect{"Delay": Delay(time.Hour), "Hang": Hang(), "Stall": Stall()}

// afterHeader is a transport that calls a function after it has received the header of a response.
type afterHeader struct {
	http.RoundTripper
	call func()
}

func (a afterHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := a.RoundTripper.RoundTrip(r)
	a.call()
	return response, err
}

func TestWaitingEndsWithTheClient(t *testing.T) {
	t.Parallel()
	for name, do := range waitingEffects {
		s := startSandbox(t, Options{})
		c := newCaller(s)
		// The client disconnects after the sandbox has received the request or, for Stall, has sent the header.
		ctx, cancel := context.WithCancel(t.Context())
		responds := name == "Stall"
		if responds {
			c.http.Transport = afterHeader{c.http.Transport, cancel}
		} else {
			s.AddFault(Fault{Do: Call(func(*Sandbox) { cancel() })})
		}
		s.AddFault(Fault{Do: do})
		r, err := c.do(ctx, t, imagesPath)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
		if (r.Response != nil) != responds {
			t.Errorf("%s: got a header: %t, want %t", name, r.Response != nil, responds)
		}
		waitForNoRequests(t, s)
		if status := s.Requests()[0].Status; (status != 0) != responds {
			t.Errorf("%s: got status %d in the log", name, status)
		}
	}
}

func TestCloseEndsWaiting(t *testing.T) {
	t.Parallel()
	for name, do := range waitingEffects {
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
			t.Errorf("%s: got a whole response", name)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: Close took %v", name, took)
		}
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	const delay = 300 * time.Millisecond
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Times: 1, Do: Delay(delay)})
	c := newCaller(s)
	began := time.Now()
	c.list(t, "")
	if took := time.Since(began); took < delay {
		t.Errorf("got a response after %v, want at least %v", took, delay)
	}
}

func TestPresentCertificateFor(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 0} {
		s := startSandbox(t, Options{TLS: true})
		c := newCaller(s)
		c.list(t, "")
		s.PresentCertificateFor("other.example.com", n)
		c.list(t, "") // uses the open connection
		s.AddFault(Fault{Times: 1, Do: CloseAfter()})
		c.list(t, "")
		refused := 0
		for attempt := range 4 {
			_, err := c.do(t.Context(), t, imagesPath)
			var hostnameErr x509.HostnameError
			if errors.As(err, &hostnameErr) {
				refused++
			} else if err != nil {
				t.Errorf("n = %d, attempt %d: got %v", n, attempt+1, err)
			}
			if want := n == 0 || attempt < n; (err != nil) != want {
				t.Errorf("n = %d, attempt %d: got %v, want an error: %t", n, attempt+1, err, want)
			}
		}
		// A client that refuses the certificate sends no request.
		if got, want := len(s.Requests()), 3+4-refused; got != want {
			t.Errorf("n = %d: got %d requests, want %d", n, got, want)
		}
	}
}

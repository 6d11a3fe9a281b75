package paisandbox

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"syscall"
	"testing"
)

// TestResetsComeWhereTheySay: how much of the answer has come when the connection breaks.
func TestResetsComeWhereTheySay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do     Effect
		secure bool
		began  bool // a first byte came
		header bool // the whole header did
		lost   bool // the kernel's word is lost on the way: Go reads once more after it, and finds an end
	}{
		"before the header":          {do: Reset()},
		"before the header, HTTP/2":  {do: Reset(), secure: true, lost: true},
		"in the header":              {do: ResetInHeader(), began: true, lost: true},
		"none in the header, HTTP/2": {do: ResetInHeader(), secure: true, lost: true},
		"in the body":                {do: ResetInBody(), began: true, header: true},
		"in the body, HTTP/2":        {do: ResetInBody(), secure: true, began: true, header: true, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{TLS: tt.secure})
			s.AddFault(Fault{Do: tt.do, Times: 1})
			c := newCaller(s)
			began := false
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotFirstResponseByte: func() { began = true }})
			a, err := c.do(ctx, t, imagesPath)
			if !errors.Is(err, syscall.ECONNRESET) && (!tt.lost || !errors.Is(err, io.ErrUnexpectedEOF)) {
				t.Errorf("got %v", err)
			}
			if began != tt.began || (a.Response != nil) != tt.header {
				t.Errorf("a first byte: %t, an answer: %t, %v", began, a.Response != nil, err)
			}
			if seen := s.Requests(); (seen[0].Status == http.StatusOK) != tt.began || len(seen) != 1 {
				t.Errorf("logged %+v", seen)
			}
			c.list(t, "") // and the server goes on
		})
	}
}

// The transport sends the very same request again; the service has seen its nonce.
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
	seen := s.Requests()
	if len(seen) != 4 || seen[0].Reused || !seen[1].Reused || seen[2].Reused || !seen[3].Reused {
		t.Fatalf("logged %+v", seen)
	}
	if one, two := seen[1].Header.Get("X-Acs-Signature-Nonce"), seen[2].Header.Get("X-Acs-Signature-Nonce"); one != two {
		t.Errorf("nonces %s and %s", one, two)
	}
}

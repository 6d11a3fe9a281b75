package paisandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

// TestLongAnswers: the answer is whole, blanks follow, and a bomb costs a thousandth on the way.
func TestLongAnswers(t *testing.T) {
	t.Parallel()
	const mebibytes = 3
	for name, tt := range map[string]struct {
		do       Effect
		least    int64
		most     int64
		encoding string
	}{
		"long":      {PadBody(mebibytes), mebibytes << 20, mebibytes<<20 + 50_000, ""},
		"gzip bomb": {GzipBomb(mebibytes), 1000, 20_000, "gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{})
			s.AddFault(Fault{Do: tt.do})
			c := newCaller(s)
			// The transport takes compression off unseen, unless it is asked for by hand.
			c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
			raw := c.get(t, imagesPath)
			if raw.ContentLength < tt.least || raw.ContentLength > tt.most || raw.Header.Get("Content-Encoding") != tt.encoding {
				t.Errorf("%d bytes, encoded %q", raw.ContentLength, raw.Header.Get("Content-Encoding"))
			}
			c.beforeSigning = nil
			a := c.get(t, imagesPath)
			var page listImagesResponse
			decodeStrictly(t, a.body, &page)
			blanks := len(a.body) - len(bytes.TrimRight(a.body, " "))
			if len(page.Images) != 20 || blanks != mebibytes<<20 || !json.Valid(a.body) {
				t.Errorf("%d images and %d blanks", len(page.Images), blanks)
			}
		})
	}
}

// A client that takes no gzip gets no bomb.
func TestBombIsForGzip(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: GzipBomb(3)})
	c := newCaller(s)
	c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") }
	if a := c.get(t, imagesPath); len(a.body) > 50_000 || a.Header.Get("Content-Encoding") != "" {
		t.Errorf("%d bytes, encoded %q", len(a.body), a.Header.Get("Content-Encoding"))
	}
}

// A client that has enough of it ends it.
func TestLongAnswersEndWithTheClient(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: PadBody(1 << 20)}) // a tebibyte
	c := newCaller(s)
	response, err := c.http.Do(c.newRequest(t.Context(), t, imagesPath))
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.CopyN(io.Discard, response.Body, 1<<20)
	_ = response.Body.Close()
	if err != nil {
		t.Error(err)
	}
	waitForNoRequests(t, s)
}

func TestTrickle(t *testing.T) {
	t.Parallel()
	const every = 20 * time.Millisecond
	for name, secure := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{TLS: secure})
			s.AddFault(Fault{Do: Body(200, "[]")})
			s.AddFault(Fault{Do: Trickle(every)})
			c := newCaller(s)
			c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") }
			began := time.Now()
			a := c.get(t, imagesPath)
			if took := time.Since(began); string(a.body) != "[]" || took < every {
				t.Errorf("%q after %v", a.body, took)
			}

			s.ClearFaults()
			s.AddFault(Fault{Do: Trickle(time.Hour)})
			ctx, cancel := context.WithCancel(t.Context())
			c.http.Transport = andThen{c.http.Transport, cancel}
			if a, err := c.do(ctx, t, imagesPath); !errors.Is(err, context.Canceled) || a.Response == nil {
				t.Errorf("got %v", err)
			}
			waitForNoRequests(t, s)
		})
	}
}


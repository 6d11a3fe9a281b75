package paisandbox

import (
	"compress/gzip"
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, Options{Now: clock.now})
	c := newCaller(s)
	c.beforeSigning = func(r *http.Request) { r.Header.Set("User-Agent", "me") }
	c.list(t, "Name=b&PageSize=2")
	r := c.get(t, imagesPath+"/none")
	logged := s.Requests()
	if len(logged) != 2 {
		t.Fatalf("got the log %+v, want two requests", logged)
	}
	first, second := logged[0], logged[1]
	first.Header = http.Header{"User-Agent": first.Header["User-Agent"]}
	first.RemoteAddr, first.RequestID, first.Body = "", "", nil
	want := Request{
		Method: "GET", Path: imagesPath, Query: map[string][]string{"Name": {"b"}, "PageSize": {"2"}}, Proto: "HTTP/1.1",
		Header: http.Header{"User-Agent": {"me"}}, Host: s.Host(), Action: "ListImages", At: clock.now(), Status: 200,
		Ended: clock.now(), // set before the next request on the connection
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	if second.Status != 404 || second.ErrorCode != imageNotFoundCode ||
		second.RequestID != r.Header.Get("X-Acs-Request-Id") {
		t.Errorf("got %+v, want 404 %s and the request id of the response", second, imageNotFoundCode)
	}
	second.Query.Set("changed", "outside")
	second.Header.Set("changed", "outside")
	if unchanged := s.Requests()[1]; unchanged.Query.Has("changed") || unchanged.Header.Get("changed") != "" {
		t.Error("Requests doesn't return copies")
	}
}

func TestPeakRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	var arrived sync.WaitGroup
	arrived.Add(3)
	s.AddFault(Fault{Times: 3, Do: Call(func(*Sandbox) { arrived.Done(); arrived.Wait() })})
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() { newCaller(s).list(t, "") })
	}
	clients.Wait()
	newCaller(s).list(t, "")
	if got := s.PeakRequests(); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}

// TestTakeRequests checks that each ended request is returned once, and that requests in progress stay in the log.
func TestTakeRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Match: OnPage(2), Do: Delay(time.Hour)})
	c := newCaller(s)
	c.list(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := c.do(ctx, t, imagesPath+"?PageNumber=2")
		failed <- err
	}()
	taken := waitForTaken(s, 1)
	for began := time.Now(); len(s.Requests()) == 0 && time.Since(began) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if len(taken) != 1 || taken[0].Status != http.StatusOK {
		t.Errorf("got %+v, want the ended request", taken)
	}
	if again := s.TakeRequests(); len(again) != 0 || len(s.Requests()) != 1 {
		t.Errorf("got %+v, want none; the log is %+v", again, s.Requests())
	}
	cancel()
	if err := <-failed; err == nil {
		t.Error("the delayed request got a response")
	}
	taken = waitForTaken(s, 1)
	if len(s.Requests()) != 0 || len(taken) != 1 || taken[0].Query.Get("PageNumber") != "2" || taken[0].Status != 0 {
		t.Errorf("got %+v, want the request of page 2 without a status", taken)
	}
}

// waitForTaken calls TakeRequests until the calls have returned n requests, for at most 10 seconds.
func waitForTaken(s *Sandbox, n int) []Request {
	var taken []Request
	for began := time.Now(); len(taken) < n && time.Since(began) < 10*time.Second; {
		time.Sleep(time.Millisecond)
		taken = append(taken, s.TakeRequests()...)
	}
	return taken
}

func TestCompression(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	for accept, want := range map[string]bool{
		"gzip": true, "deflate, gzip;q=0.5, *": true, "gzip; q=1.0": true, "identity": false, "gzip;q=0": false, "br": false,
	} {
		c := newCaller(s)
		r := c.newRequest(t.Context(), t, imagesPath)
		r.Header.Set("Accept-Encoding", accept) // if the header is set, the transport doesn't decompress
		response, err := c.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%s: got a compressed response: %t, want %t", accept, got, want)
		}
		if want {
			if _, err := gzip.NewReader(response.Body); err != nil {
				t.Errorf("%s: %v", accept, err)
			}
		}
		_ = response.Body.Close()
	}
	c := newCaller(s)
	c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
	if r := c.get(t, imagesPath+"?PageSize=0"); r.Header.Get("Content-Encoding") != "" {
		t.Error("an error response is compressed")
	}
	newCaller(s).list(t, "") // the transport requests gzip and decompresses it
}

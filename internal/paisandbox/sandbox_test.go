package paisandbox

import (
	"compress/gzip"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTLSOffersHTTP2(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{TLS: true})
	if !strings.HasPrefix(s.URL(), "https://127.0.0.1:") {
		t.Errorf("URL is %s", s.URL())
	}
	newCaller(s).list(t, "")
	if seen := s.Requests(); seen[0].Proto != "HTTP/2.0" {
		t.Errorf("spoke %s", seen[0].Proto)
	}
	stranger := &http.Client{Transport: &http.Transport{}}
	r := newCaller(s).newRequest(t.Context(), t, imagesPath)
	if response, err := stranger.Do(r); err == nil {
		_ = response.Body.Close()
		t.Error("a client that doesn't trust the certificate got an answer")
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	c := newCaller(s)
	for range 3 {
		c.list(t, "")
	}
	c.get(t, imagesPath+"?PageSize=0")
	c.list(t, "")
	for k, r := range s.Requests() {
		if r.RemoteAddr != s.Requests()[0].RemoteAddr || r.Reused != (k > 0) {
			t.Errorf("request %d came from %s, reused %v", k, r.RemoteAddr, r.Reused)
		}
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	s := startSandbox(t, Options{Now: func() time.Time { return now }})
	c := newCaller(s)
	c.beforeSigning = func(r *http.Request) { r.Header.Set("User-Agent", "me") }
	c.list(t, "Name=b&PageSize=2")
	a := c.get(t, imagesPath+"/none")
	seen := s.Requests()
	if len(seen) != 2 {
		t.Fatalf("logged %+v", seen)
	}
	first, second := seen[0], seen[1]
	first.Header, first.RemoteAddr, first.RequestID = http.Header{"User-Agent": first.Header["User-Agent"]}, "", ""
	want := Request{
		Method: "GET", Path: imagesPath, Query: map[string][]string{"Name": {"b"}, "PageSize": {"2"}}, Proto: "HTTP/1.1",
		Header: http.Header{"User-Agent": {"me"}}, Host: strings.TrimPrefix(s.URL(), "http://"), Action: "ListImages", At: now, Status: 200,
		Ended: now, // before the connection took the next request
	}
	first.Body = nil
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	if second.Status != 404 || second.ErrorCode != imageNotFoundCode || second.RequestID != a.Header.Get("X-Acs-Request-Id") {
		t.Errorf("logged %+v", second)
	}
	second.Query.Set("changed", "outside")
	second.Header.Set("changed", "outside")
	if again := s.Requests()[1]; again.Query.Has("changed") || again.Header.Get("changed") != "" {
		t.Error("the log can be changed from outside")
	}
}

func TestPeak(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	var together sync.WaitGroup
	together.Add(3)
	s.AddFault(Fault{Times: 3, Do: Call(func(*Sandbox) { together.Done(); together.Wait() })})
	var done sync.WaitGroup
	for range 3 {
		done.Go(func() { newCaller(s).list(t, "") })
	}
	done.Wait()
	newCaller(s).list(t, "")
	if s.PeakRequests() != 3 {
		t.Errorf("peak is %d", s.PeakRequests())
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	for accept, want := range map[string]bool{
		"gzip": true, "deflate, gzip;q=0.5, *": true, "gzip; q=1.0": true, "identity": false, "gzip;q=0": false, "br": false,
	} {
		c := newCaller(s)
		r := c.newRequest(t.Context(), t, imagesPath)
		r.Header.Set("Accept-Encoding", accept) // set by hand, the transport leaves the body alone
		response, err := c.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%s: compressed: %v", accept, got)
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
	if a := c.get(t, imagesPath+"?PageSize=0"); a.Header.Get("Content-Encoding") != "" {
		t.Error("an error is compressed")
	}
	newCaller(s).list(t, "") // and the transport's own way
}

func TestEnviron(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	want := []string{
		"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=" + s.URL(), "ALIBABA_CLOUD_REGION=cn-hangzhou",
		"ALIBABA_CLOUD_ACCESS_KEY_ID=SandboxAccessKeyId", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=SandboxAccessKeySecret",
	}
	if diff := cmp.Diff(want, s.Environ()); diff != "" {
		t.Error(diff)
	}
	s.SetCredentials("a", "b", "c")
	if got := s.Environ(); !slices.Contains(got, "ALIBABA_CLOUD_SECURITY_TOKEN=c") || !slices.Contains(got, "ALIBABA_CLOUD_ACCESS_KEY_ID=a") {
		t.Errorf("got %v", got)
	}
}

func TestStartAndEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{Addr: "localhost:0"})
	if err != nil {
		t.Fatal(err)
	}
	c := newCaller(s)
	c.list(t, "")
	if second, err := Start(ctx, Options{Addr: strings.TrimPrefix(s.URL(), "http://")}); err == nil {
		_ = second.Close()
		t.Error("two on one port")
	}
	cancel()
	for wait := time.Now(); ; time.Sleep(time.Millisecond) {
		if _, err := c.do(t.Context(), t, imagesPath); err != nil {
			break
		}
		if time.Since(wait) > 5*time.Second {
			t.Fatal("it serves after its context has ended")
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Start(ctx, Options{}); err == nil {
		t.Error("started in a context that had ended")
	}
}

func TestAllInterfacesAreReachedByLoopback(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Addr: ":0"})
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("URL is %s", s.URL())
	}
	newCaller(s).list(t, "")
}

func TestManySideBySide(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for n := range 8 {
		s := startSandbox(t, Options{Catalogue: Numbered(n), TLS: n%2 == 0})
		if n%3 == 0 {
			s.AddFault(Fault{Times: 1, Do: ServerError(http.StatusInternalServerError)})
		}
		all.Go(func() {
			c := newCaller(s)
			if a := c.get(t, imagesPath); (a.StatusCode == http.StatusInternalServerError) != (n%3 == 0) {
				t.Errorf("sandbox %d: %s", n, a.Status)
			}
			if page := c.list(t, ""); page.TotalCount != n {
				t.Errorf("sandbox %d has %d images", n, page.TotalCount)
			}
		})
	}
	all.Wait()
}

// TestTakeRequests takes what has ended, once, and leaves what is under way.
func TestTakeRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Match: OnPage(2), Do: Delay(time.Hour)})
	c := newCaller(s)
	c.list(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := c.do(ctx, t, imagesPath+"?PageNumber=2")
		gone <- err
	}()
	taken := takeRequests(s, 1)
	for begun := time.Now(); len(s.Requests()) == 0 && time.Since(begun) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if more := s.TakeRequests(); len(taken) != 1 || taken[0].Status != http.StatusOK || len(more) != 0 || len(s.Requests()) != 1 {
		t.Errorf("%d requests and %d more were taken, %d are left", len(taken), len(more), len(s.Requests()))
	}
	cancel()
	if err := <-gone; err == nil {
		t.Error("there was an answer")
	}
	taken = takeRequests(s, 1)
	if len(s.Requests()) != 0 || len(taken) != 1 || taken[0].Query.Get("PageNumber") != "2" || taken[0].Status != 0 {
		t.Errorf("taken: %+v", taken)
	}
}

// takeRequests waits a while for so many to have ended.
func takeRequests(s *Sandbox, number int) []Request {
	var taken []Request
	for begun := time.Now(); len(taken) < number && time.Since(begun) < 10*time.Second; {
		time.Sleep(time.Millisecond)
		taken = append(taken, s.TakeRequests()...)
	}
	return taken
}

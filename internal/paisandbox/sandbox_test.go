package paisandbox

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"
)

func TestTLSOffersHTTP2(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{TLS: true})
	if !strings.HasPrefix(s.URL(), "https://127.0.0.1:") {
		t.Errorf("got URL %s, want https", s.URL())
	}
	newCaller(s).list(t, "")
	if got := s.Requests()[0].Proto; got != "HTTP/2.0" {
		t.Errorf("got %s, want HTTP/2.0", got)
	}
	client := &http.Client{Transport: &http.Transport{}} // doesn't trust the sandbox's certificate
	if response, err := client.Do(newCaller(s).newRequest(t.Context(), t, imagesPath)); err == nil {
		_ = response.Body.Close()
		t.Error("a client that doesn't trust the certificate got a response")
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	c := newCaller(s)
	for range 3 {
		c.list(t, "")
	}
	c.get(t, imagesPath+"?PageSize=0") // an error response
	c.list(t, "")
	for k, r := range s.Requests() {
		if r.RemoteAddr != s.Requests()[0].RemoteAddr || r.Reused != (k > 0) {
			t.Errorf("request %d came from %s, Reused %t; want one connection", k, r.RemoteAddr, r.Reused)
		}
	}
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
	got := s.Environ()
	for _, variable := range []string{"ALIBABA_CLOUD_SECURITY_TOKEN=c", "ALIBABA_CLOUD_ACCESS_KEY_ID=a"} {
		if !slices.Contains(got, variable) {
			t.Errorf("got %v, want %s in it", got, variable)
		}
	}
}

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{Addr: "localhost:0"})
	if err != nil {
		t.Fatal(err)
	}
	c := newCaller(s)
	c.list(t, "")
	if second, err := Start(ctx, Options{Addr: s.Host()}); err == nil {
		_ = second.Close()
		t.Error("two sandboxes listen on one port")
	}
	cancel()
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		if _, err := c.do(t.Context(), t, imagesPath); err != nil {
			break
		}
		if time.Since(began) > 5*time.Second {
			t.Fatal("the sandbox still serves after its context ended")
		}
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := Start(ctx, Options{}); err == nil {
		t.Error("Start succeeded with a context that had ended")
	}
}

func TestUnspecifiedAddressIsReachedByLoopback(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Addr: ":0"})
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("got URL %s, want the loopback address", s.URL())
	}
	newCaller(s).list(t, "")
}

func TestSandboxesAreIndependent(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for n := range 8 {
		s := startSandbox(t, Options{Catalogue: Numbered(n), TLS: n%2 == 0})
		faulty := n%3 == 0
		if faulty {
			s.AddFault(Fault{Times: 1, Do: ServerError(http.StatusInternalServerError)})
		}
		group.Go(func() {
			c := newCaller(s)
			if r := c.get(t, imagesPath); (r.StatusCode == http.StatusInternalServerError) != faulty {
				t.Errorf("sandbox %d: got %s", n, r.Status)
			}
			if page := c.list(t, ""); page.TotalCount != n {
				t.Errorf("sandbox %d: got %d images", n, page.TotalCount)
			}
		})
	}
	group.Wait()
}

// TestCloseReleasesMemory checks that the context of a closed sandbox doesn't keep the sandbox in memory, because some
// tests start thousands of sandboxes.
func TestCloseReleasesMemory(t *testing.T) {
	t.Parallel()
	start := func() weak.Pointer[Sandbox] {
		s, err := Start(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		return weak.Make(s)
	}
	closed := start()
	for began := time.Now(); closed.Value() != nil; runtime.GC() {
		if time.Since(began) > 5*time.Second {
			t.Fatal("the sandbox is still in memory")
		}
	}
}

package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func TestCancelEndsTheWait(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}, 9), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-release
		_, _ = w.Write([]byte(session("late", time.Hour)))
	}))
	t.Cleanup(server.Close)
	made, err := Find(Configuration{}, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+server.URL))
	if err != nil {
		t.Fatal(err)
	}
	patient := make(chan error, 1)
	go func() {
		got, err := made.Source.Credentials(context.Background())
		if err == nil && got != sessionOf("late") {
			err = fmt.Errorf("signed in as %v", got)
		}
		patient <- err
	}()
	<-asked

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	begun := time.Now()
	if _, err := made.Source.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("it took %s to end", took)
	}
	// Who waits for the same answer is not disturbed.
	close(release)
	if err := <-patient; err != nil {
		t.Error(err)
	}
	// Where there is no time, nothing is begun.
	fresh, count := numbered(t, 0, time.Hour)
	if _, err := fresh.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	time.Sleep(50 * time.Millisecond)
	if count.Load() != 0 {
		t.Error("asked for one whose context had ended")
	}
}

// numbered is a sidecar whose every session is another.
func numbered(t *testing.T, delay, lasts time.Duration) (paiclient.CredentialSource, *atomic.Int32) {
	t.Helper()
	count := new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		number := count.Add(1)
		time.Sleep(delay)
		_, _ = w.Write([]byte(session(fmt.Sprint(number), lasts)))
	}))
	t.Cleanup(server.Close)
	made, err := Find(Configuration{}, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return made.Source, count
}

func TestManyAtOnceAskOnce(t *testing.T) {
	t.Parallel()
	made, count := numbered(t, 20*time.Millisecond, time.Minute)
	all := func(want string, before func()) {
		var wait sync.WaitGroup
		for range 50 {
			wait.Go(func() {
				before()
				if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf(want) {
					t.Errorf("signed in as %v (%v), want session %s", got, err, want)
				}
			})
		}
		wait.Wait()
	}
	all("1", func() {})
	all("1", func() {})
	if count.Load() != 1 {
		t.Errorf("asked %d times, want once", count.Load())
	}
	// All of them learn that their session has expired.
	all("2", func() { made.Renew(sessionOf("1")) })
	if count.Load() != 2 {
		t.Errorf("asked %d times, want once more", count.Load())
	}
}

// clock gives a function that has time pass for a source.
func clock(asked paiclient.CredentialSource) (pass func(time.Duration)) {
	var passed atomic.Int64
	asked.(*source).now = func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	return func(more time.Duration) { passed.Add(int64(more)) }
}

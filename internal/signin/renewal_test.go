package signin

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func TestRenew(t *testing.T) {
	t.Parallel()
	made, count := numbered(t, 0, time.Hour)
	steps := []struct {
		expired string
		want    string
	}{{"", "1"}, {"1", "2"}, {"1", "2"}, {"other", "2"}, {"2", "3"}, {"2", "3"}, {"1", "3"}}
	for i, step := range steps {
		if step.expired != "" && !made.Renew(sessionOf(step.expired)) {
			t.Errorf("step %d: a sidecar can't be asked again", i)
		}
		if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf(step.want) {
			t.Errorf("step %d: signed in as %v (%v), want session %s", i, got, err, step.want)
		}
	}
	if count.Load() != 3 {
		t.Errorf("asked %d times, want 3", count.Load())
	}
	keys, err := Find(Configuration{}, around(t, "ALICLOUD_ACCESS_KEY=a", "ALICLOUD_SECRET_KEY=b"))
	if err != nil {
		t.Fatal(err)
	}
	if keys.Source.Renew(paiclient.Credentials{AccessKeyID: "a", AccessKeySecret: "b"}) {
		t.Error("static keys can't be others when asked again")
	}
}

// TestRenewWhileAsking renews while an answer is under way that was asked for before.
func TestRenewWhileAsking(t *testing.T) {
	t.Parallel()
	var count atomic.Int32
	asked, release := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		number := count.Add(1)
		if number == 2 {
			asked <- struct{}{}
			<-release
		}
		// Too short for the library to keep: it asks at every call.
		_, _ = w.Write([]byte(session(fmt.Sprint(number), time.Minute)))
	}))
	t.Cleanup(server.Close)
	made, err := Find(Configuration{}, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+server.URL))
	if err != nil {
		t.Fatal(err)
	}
	pass := clock(made.Source)
	first, err := made.Source.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pass(keep)
	old := make(chan paiclient.Credentials, 1)
	go func() {
		got, _ := made.Source.Credentials(context.Background())
		old <- got
	}()
	<-asked
	made.Source.Renew(first)
	if got, err := made.Source.Credentials(t.Context()); err != nil || got != sessionOf("3") {
		t.Errorf("after the renewal signed in as %v (%v), want session 3", got, err)
	}
	close(release)
	<-old
	// What came late is not what the source has now: a third renewal must be that of session 3.
	if s := made.Source.(*source); s.latest != sessionOf("3") {
		t.Errorf("the source holds %v, want session 3", s.latest)
	}
}

// TestShortSessions have less than the three minutes left with which the library fetches anew at every call.
func TestShortSessions(t *testing.T) {
	t.Parallel()
	made, count := numbered(t, 0, time.Minute)
	pass := clock(made)
	for i, step := range []struct {
		after time.Duration
		want  string
	}{{0, "1"}, {0, "1"}, {keep - time.Second, "1"}, {time.Second, "2"}, {keep / 2, "2"}, {keep / 2, "3"}} {
		pass(step.after)
		if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf(step.want) {
			t.Errorf("step %d: signed in as %v (%v), want session %s", i, got, err, step.want)
		}
	}
	// Who asks while the answer comes has it too.
	if got, err := made.(*source).ask(); err != nil || got != sessionOf("3") {
		t.Errorf("signed in as %v (%v), want session 3", got, err)
	}
	if keep > time.Minute || keepFailure > 10*time.Second {
		t.Errorf("kept for %s and %s: what was fetched has less than three minutes left", keep, keepFailure)
	}
	// What the service calls expired isn't kept.
	made.Renew(sessionOf("3"))
	if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf("4") || count.Load() != 4 {
		t.Errorf("signed in as %v (%v) after %d questions, want session 4", got, err, count.Load())
	}
}

// TestLongSessions are kept by the library, for as long as there are three minutes left.
func TestLongSessions(t *testing.T) {
	t.Parallel()
	made, count := numbered(t, 0, time.Hour)
	pass := clock(made)
	for range 5 {
		if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf("1") {
			t.Errorf("signed in as %v (%v), want session 1", got, err)
		}
		pass(keep)
	}
	if count.Load() != 1 {
		t.Errorf("asked %d times, want once", count.Load())
	}
}

// TestFailuresStandForAWhile: those who wait in line for a place don't each wait for the same answer.
func TestFailuresStandForAWhile(t *testing.T) {
	t.Parallel()
	var count atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if count.Add(1) == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = w.Write([]byte(session("late", time.Hour)))
	}))
	t.Cleanup(server.Close)
	made := find(t, Configuration{CredentialsURI: server.URL}, around(t)).Source
	pass := clock(made)
	for range 3 {
		_, err := made.Credentials(t.Context())
		checkError(t, err, "the sidecar of credentials_uri gave no credentials")
		pass(keepFailure/3 - time.Second/10)
	}
	if count.Load() != 1 {
		t.Errorf("asked %d times, want once", count.Load())
	}
	pass(time.Second)
	if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf("late") {
		t.Errorf("signed in as %v (%v)", got, err)
	}
}

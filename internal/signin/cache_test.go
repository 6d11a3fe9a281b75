package signin

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// sidecarSource is the source of a sidecar. Its sessions have the numbers 1, 2 and so on, in the order of
// Sandbox.Sessions.
type sidecarSource struct {
	paiclient.CredentialSource
	sandbox *paisandbox.Sandbox
	sidecar *identity.Sidecar
}

func newSidecarSource(t *testing.T, lifetime time.Duration) *sidecarSource {
	t.Helper()
	s := startSandbox(t)
	sidecar := startSidecar(t, s, lifetime)
	return &sidecarSource{find(t, Configuration{CredentialsURI: sidecar.URL()}, newEnv(t)).Credentials, s, sidecar}
}

// session returns the credentials of a session, or the zero value if the sidecar has issued fewer sessions.
func (s *sidecarSource) session(number int) paiclient.Credentials {
	sessions := s.sandbox.Sessions()
	if number < 1 || number > len(sessions) {
		return paiclient.Credentials{}
	}
	return credentialsOf(sessions[number-1])
}

// check checks that the source returns the session with the given number.
func (s *sidecarSource) check(t *testing.T, number int) {
	t.Helper()
	got, err := s.Credentials(t.Context())
	checkCredentials(t, got, err, s.session(number))
}

func (s *sidecarSource) checkRequests(t *testing.T, want int) {
	t.Helper()
	if got := len(s.sidecar.Requests()); got != want {
		t.Errorf("%d requests to the sidecar, want %d", got, want)
	}
}

// TestCancelEndsWait cancels one of two callers that wait for the same response (design rule 7).
func TestCancelEndsWait(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Hour)
	arrived, release := make(chan struct{}), make(chan struct{})
	source.sidecar.BeforeRequest(1, func(*paisandbox.Sandbox) {
		close(arrived)
		<-release
	})
	other := make(chan error, 1)
	go func() {
		_, err := source.Credentials(context.Background())
		other <- err
	}()
	<-arrived

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	begin := time.Now()
	if _, err := source.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("the wait ended after %s", took)
	}
	close(release)
	if err := <-other; err != nil {
		t.Errorf("the other caller received %v", err)
	}
	source.check(t, 1)

	fresh := newSidecarSource(t, time.Hour)
	if _, err := fresh.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	time.Sleep(50 * time.Millisecond)
	fresh.checkRequests(t, 0)
}

func TestConcurrentCallersShareRequest(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Minute)
	source.sidecar.AddFault(paisandbox.Fault{Do: paisandbox.Delay(20 * time.Millisecond)})
	checkAll := func(number int, before func()) {
		var wait sync.WaitGroup
		for range 50 {
			wait.Go(func() {
				before()
				source.check(t, number)
			})
		}
		wait.Wait()
		source.checkRequests(t, number)
	}
	checkAll(1, func() {})
	checkAll(1, func() {})
	first := source.session(1)
	checkAll(2, func() { source.Renew(first) }) // each caller reports that the session has expired
}

func TestRenew(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Hour)
	source.check(t, 1)
	for i, step := range []struct{ expired, want int }{{1, 2}, {1, 2}, {0, 2}, {2, 3}, {2, 3}, {1, 3}} {
		if !source.Renew(source.session(step.expired)) {
			t.Errorf("step %d: Renew returned false", i)
		}
		source.check(t, step.want)
	}
	source.checkRequests(t, 3)

	keys := paiclient.Credentials{AccessKeyID: "a", AccessKeySecret: "b"}
	static := find(t, Configuration{AccessKey: keys.AccessKeyID, SecretKey: keys.AccessKeySecret}, newEnv(t))
	if static.Credentials.Renew(keys) {
		t.Error("Renew returned true for static keys")
	}
}

// TestRenewDuringRequest calls Renew while a request is in progress, and checks that the response is not cached.
func TestRenewDuringRequest(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Minute) // shorter than three minutes, so the library fetches at every call
	advance := setClock(source.CredentialSource)
	source.check(t, 1)
	advance(keepCredentials)
	arrived, release := make(chan struct{}), make(chan struct{})
	source.sidecar.BeforeRequest(1, func(*paisandbox.Sandbox) {
		close(arrived)
		<-release
	})
	done := make(chan struct{})
	go func() {
		_, _ = source.Credentials(context.Background())
		close(done)
	}()
	<-arrived
	source.Renew(source.session(1))
	source.check(t, 2)
	renewed := source.session(2)
	close(release)
	<-done
	if got, err := source.Credentials(t.Context()); err != nil || got != renewed {
		t.Errorf("credentials %v, error %v; want those of the renewal %v", got, err, renewed)
	}
	source.checkRequests(t, 3)
}

// TestShortSessions checks that sessions of less than three minutes are cached, although the library fetches them at
// every call.
func TestShortSessions(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Minute)
	advance := setClock(source.CredentialSource)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{
		{0, 1},
		{0, 1},
		{keepCredentials - time.Second, 1},
		{time.Second, 2},
		{keepCredentials / 2, 2},
		{keepCredentials / 2, 3},
	} {
		advance(step.after)
		source.check(t, step.want)
	}
	// A call that waited for another call's fetch uses its result.
	got, err := source.CredentialSource.(*cache).update(t.Context())
	checkCredentials(t, got, err, source.session(3))
	if keepCredentials > time.Minute || keepFailure > 10*time.Second {
		t.Errorf("results are kept for %s and %s, which is too long for sessions with less than three minutes left",
			keepCredentials, keepFailure)
	}
	source.Renew(source.session(3))
	source.check(t, 4)
	source.checkRequests(t, 4)
}

func TestLongSessionsAreKept(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Hour)
	advance := setClock(source.CredentialSource)
	for range 5 {
		source.check(t, 1)
		advance(keepCredentials)
	}
	source.checkRequests(t, 1)
}

func TestFailuresAreKept(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Hour)
	advance := setClock(source.CredentialSource)
	source.sidecar.AddFault(paisandbox.Fault{Times: 1, Do: paisandbox.ServerError(500)})
	for range 3 {
		_, err := source.Credentials(t.Context())
		checkError(t, err, "the sidecar set by `credentials_uri`")
		advance(keepFailure/3 - time.Second/10)
	}
	source.checkRequests(t, 1)
	advance(time.Second)
	source.check(t, 1)
}

// TestMissingSidecarIsNotTemporary checks that the error of a sidecar that doesn't exist is not temporary, so that no
// request is retried.
func TestMissingSidecarIsNotTemporary(t *testing.T) {
	t.Parallel()
	_, err := fetch(t, Configuration{CredentialsURI: "http://127.0.0.1:1"}, newEnv(t))
	checkError(t, err, "connection refused", "check the address")
	if isTemporary(err) {
		t.Errorf("temporary: %v", err)
	}
}

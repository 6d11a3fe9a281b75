package signin

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// sidecarSource is the source of a sidecar whose sessions are numbered from 1, in the order of the sandbox's list.
type sidecarSource struct {
	paiclient.CredentialSource
	sandbox *paisandbox.Sandbox
	sidecar *identity.Sidecar
}

func newSidecarSource(t *testing.T, lifetime time.Duration) *sidecarSource {
	t.Helper()
	s := startSandbox(t)
	sidecar := startSidecar(t, s, lifetime)
	return &sidecarSource{find(t, Configuration{CredentialsURI: sidecar.URL()}, newEnv(t)).Source, s, sidecar}
}

// session returns the credentials of a session, the zero value if there are fewer.
func (s *sidecarSource) session(number int) paiclient.Credentials {
	sessions := s.sandbox.Sessions()
	if number < 1 || number > len(sessions) {
		return paiclient.Credentials{}
	}
	return credentialsOf(sessions[number-1])
}

// check checks that the source returns the session with a number.
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

// TestCancelEndsWait cancels one of two callers that wait for the same response.
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
	if static.Source.Renew(keys) {
		t.Error("Renew returned true for static keys")
	}
}

// TestRenewDuringRequest renews while a request is under way: its response is not kept.
func TestRenewDuringRequest(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Minute) // so short that the library fetches at every call
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

// TestShortSessions uses sessions that the library would fetch at every call, since they are valid for less than three minutes.
func TestShortSessions(t *testing.T) {
	t.Parallel()
	source := newSidecarSource(t, time.Minute)
	advance := setClock(source.CredentialSource)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {0, 1}, {keepCredentials - time.Second, 1}, {time.Second, 2}, {keepCredentials / 2, 2}, {keepCredentials / 2, 3}} {
		advance(step.after)
		source.check(t, step.want)
	}
	// A call that waited for its turn doesn't fetch again.
	got, err := source.CredentialSource.(*cache).update()
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
		checkError(t, err, "the sidecar of credentials_uri")
		advance(keepFailure/3 - time.Second/10)
	}
	source.checkRequests(t, 1)
	advance(time.Second)
	source.check(t, 1)
}

// TestMissingSidecarIsNotTemporary checks that no caller waits for a sidecar that doesn't exist.
func TestMissingSidecarIsNotTemporary(t *testing.T) {
	t.Parallel()
	_, err := fetch(t, Configuration{CredentialsURI: "http://127.0.0.1:1"}, newEnv(t))
	checkError(t, err, "connection refused", "check the address")
	if isTemporary(err) {
		t.Errorf("temporary: %v", err)
	}
}

// roleSource returns a source for a role that is assumed with static keys.
func roleSource(t *testing.T, sts *identity.STS) (source paiclient.CredentialSource, advance func(time.Duration)) {
	t.Helper()
	arn := roleARN("r")
	source = find(t, Configuration{
		AccessKey: keyID, SecretKey: keySecret, AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.Host(),
	}, newEnv(t)).Source
	return source, setClock(source)
}

// TestTemporaryFailures checks which codes of STS are temporary, how long they are kept, and that a session that is still valid
// remains in use.
func TestTemporaryFailures(t *testing.T) {
	t.Parallel()
	for code, temporary := range map[string]bool{
		"Throttling.User": true, "ServiceUnavailable": true, "InternalError": true,
		"NoPermission": false, "SignatureDoesNotMatch": false,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{Lifetime: time.Minute}) // so short that the library fetches at every call
			refuse := paisandbox.Fault{Do: paisandbox.APIError(503, code, "hidden")}
			source, advance := roleSource(t, sts)
			sts.AddFault(refuse)
			_, err := source.Credentials(t.Context())
			if err == nil || isTemporary(err) != temporary {
				t.Errorf("temporary %t, want %t: %v", isTemporary(err), temporary, err)
			}
			sts.ClearFaults()
			if _, err := source.Credentials(t.Context()); err == nil {
				t.Error("the failure was not kept")
			}
			advance(keepTemporaryFailure)
			if _, err := source.Credentials(t.Context()); (err == nil) != temporary {
				t.Errorf("after %s: %v", keepTemporaryFailure, err)
			}
			advance(keepFailure)
			current, err := source.Credentials(t.Context())
			checkLastSession(t, current, err, s, identity.ByAssumeRole)

			sts.AddFault(refuse)
			advance(keepCredentials)
			got, err := source.Credentials(t.Context())
			if !temporary {
				checkError(t, err, code)
				return
			}
			checkCredentials(t, got, err, current)
			source.Renew(current)
			_, err = source.Credentials(t.Context())
			checkError(t, err, code)
		})
	}
}

func TestUnreachableSTSIsTemporary(t *testing.T) {
	t.Parallel()
	arn := roleARN("r")
	_, err := fetch(t, Configuration{
		AccessKey: "x", SecretKey: "k", AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: "127.0.0.1:1",
	}, newEnv(t))
	checkError(t, err, "connection refused", "HTTPS_PROXY", "sts_endpoint")
	if !isTemporary(err) {
		t.Errorf("not temporary: %v", err)
	}
}

// TestRoleWithExpiredSession checks with which session of the sidecar a role is assumed.
func TestRoleWithExpiredSession(t *testing.T) {
	t.Parallel()
	arn := roleARN("r")
	start := func(t *testing.T, lifetime time.Duration) (*sidecarSource, *identity.STS, func(time.Duration)) {
		t.Helper()
		s := startSandbox(t)
		sidecar, sts := startSidecar(t, s, time.Hour), startSTS(t, s, identity.STSOptions{Lifetime: lifetime})
		source := find(t, Configuration{
			CredentialsURI: sidecar.URL(), AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.Host(),
		}, newEnv(t)).Source
		return &sidecarSource{source, s, sidecar}, sts, setClock(source)
	}
	// check fetches credentials of the role. It compares, for each request to STS, the number of the sidecar's session.
	check := func(t *testing.T, source *sidecarSource, sts *identity.STS, want ...int) {
		t.Helper()
		got, err := source.Credentials(t.Context())
		checkLastSession(t, got, err, source.sandbox, identity.ByAssumeRole)
		checkBases(t, source, sts, want...)
	}
	t.Run("session of the role expires", func(t *testing.T) {
		t.Parallel()
		source, sts, advance := start(t, time.Minute)
		check(t, source, sts, 1)
		advance(keepCredentials)
		check(t, source, sts, 1, 1)
	})
	t.Run("the service refuses the role's session", func(t *testing.T) {
		t.Parallel()
		source, sts, _ := start(t, time.Hour)
		check(t, source, sts, 1)
		got, _ := source.Credentials(t.Context())
		source.Renew(got)
		check(t, source, sts, 1, 2) // the age of the sidecar's session is unknown
	})
	t.Run("STS refuses the sidecar's session", func(t *testing.T) {
		t.Parallel()
		source, sts, advance := start(t, time.Minute)
		check(t, source, sts, 1)
		advance(keepCredentials)
		source.sandbox.ExpireSessions()
		check(t, source, sts, 1, 1, 2)
	})
	t.Run("STS refuses every session", func(t *testing.T) {
		t.Parallel()
		source, sts, _ := start(t, time.Hour)
		sts.AddFault(paisandbox.Fault{Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "hidden")})
		_, err := source.Credentials(t.Context())
		checkError(t, err, "the role "+arn+" (session name terraform-provider-pai) assumed with the sidecar of credentials_uri",
			"code InvalidSecurityToken.Expired, request ID ", "sign in again")
		checkBases(t, source, sts, 1) // it was new, so there is no second attempt
	})
	t.Run("the sidecar fails", func(t *testing.T) {
		t.Parallel()
		source, sts, _ := start(t, time.Hour)
		source.sidecar.AddFault(paisandbox.Fault{Do: paisandbox.Body(502, "hidden")})
		_, err := source.Credentials(t.Context())
		checkError(t, err, "the sidecar of credentials_uri failed", "check the address")
		checkBases(t, source, sts)
	})
}

// checkBases checks, for each request to STS, the number of the sidecar's session that signed it.
func checkBases(t *testing.T, source *sidecarSource, sts *identity.STS, want ...int) {
	t.Helper()
	numbers := make(map[string]int)
	for _, session := range source.sandbox.Sessions() {
		if session.By == identity.BySidecar {
			numbers[session.AccessKeyID] = len(numbers) + 1
		}
	}
	var got []int
	for _, r := range sts.Requests() {
		got = append(got, numbers[r.Parameter("AccessKeyId")])
	}
	if !slices.Equal(got, want) {
		t.Errorf("roles were assumed with the sidecar's sessions %v, want %v", got, want)
	}
}

// TestRoleWithBrokenProfile checks that an error of the profile below a role is shown.
func TestRoleWithBrokenProfile(t *testing.T) {
	t.Parallel()
	arn := roleARN("r")
	env := newEnv(t)
	content := func(name string) string {
		return `{"current":"a","profiles":[{"name":"` + name + `","mode":"CredentialsURI","credentials_uri":"http://127.0.0.1:1"}]}`
	}
	writeFile(t, env.Home, cliConfig, content("a"))
	source := find(t, Configuration{Profile: "a", AssumeRole: &AssumeRole{RoleARN: &arn}}, env).Source
	writeFile(t, env.Home, cliConfig, content("b"))
	_, err := source.Credentials(t.Context())
	checkError(t, err, `has no profile "a": use one of b`)
}

package signin

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// roleSource returns the source of a role that is assumed with static keys, and a function that advances its clock.
func roleSource(t *testing.T, sts *identity.STS) (source paiclient.CredentialSource, advance func(time.Duration)) {
	t.Helper()
	arn := testRole("r")
	source = find(t, Configuration{
		AccessKey: keyID, SecretKey: keySecret, AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.Host(),
	}, newEnv(t)).Credentials
	return source, setClock(source)
}

// TestTemporaryFailures checks which error codes of STS are temporary and how long such an error is cached. It also
// checks that a session remains in use after any error, until the API refuses it.
func TestTemporaryFailures(t *testing.T) {
	t.Parallel()
	for code, temporary := range map[string]bool{
		"Throttling.User": true, "ServiceUnavailable": true, "InternalError": true, "SignatureNonceUsed": true,
		"NoPermission": false, "SignatureDoesNotMatch": false,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			// The library fetches sessions of less than three minutes at every call.
			sts := startSTS(t, s, identity.STSOptions{Lifetime: time.Minute})
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
			checkCredentials(t, got, err, current)
			source.Renew(current)
			_, err = source.Credentials(t.Context())
			checkError(t, err, code)
		})
	}
}

func TestUnreachableSTSIsTemporary(t *testing.T) {
	t.Parallel()
	arn := testRole("r")
	_, err := fetch(t, Configuration{
		AccessKey: "x", SecretKey: "k", AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: "127.0.0.1:1",
	}, newEnv(t))
	checkError(t, err, "connection refused", "HTTPS_PROXY", "sts_endpoint")
	var source interface{ Unreachable() bool }
	if !isTemporary(err) || !errors.As(err, &source) || !source.Unreachable() {
		t.Errorf("not temporary, or not unreachable: %v", err)
	}
}

// TestRoleWithExpiredSession checks which of the sidecar's sessions is used to assume a role, before and after a
// session has expired.
func TestRoleWithExpiredSession(t *testing.T) {
	t.Parallel()
	arn := testRole("r")
	start := func(t *testing.T, lifetime time.Duration) (*sidecarSource, *identity.STS, func(time.Duration)) {
		t.Helper()
		s := startSandbox(t)
		sidecar, sts := startSidecar(t, s, time.Hour), startSTS(t, s, identity.STSOptions{Lifetime: lifetime})
		source := find(t, Configuration{
			CredentialsURI: sidecar.URL(), AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.Host(),
		}, newEnv(t)).Credentials
		return &sidecarSource{source, s, sidecar}, sts, setClock(source)
	}
	// check fetches credentials of the role. It compares the numbers of the sidecar's sessions that signed requests to
	// STS.
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
		check(t, source, sts, 1, 2) // Renew also drops the sidecar's session, which may have expired
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
		checkError(t, err,
			"the role "+arn+" (session name terraform) assumed with the sidecar set by `credentials_uri`",
			"code InvalidSecurityToken.Expired, request ID ", "sign in again")
		checkBases(t, source, sts, 1) // the refused session was new, so there is no second attempt
	})
	t.Run("the sidecar fails", func(t *testing.T) {
		t.Parallel()
		source, sts, _ := start(t, time.Hour)
		source.sidecar.AddFault(paisandbox.Fault{Do: paisandbox.Body(502, "hidden")})
		_, err := source.Credentials(t.Context())
		checkError(t, err, "no credentials from the sidecar set by `credentials_uri`: ", "check the address")
		checkBases(t, source, sts)
	})
}

// checkBases compares the numbers of the sidecar's sessions that signed requests to STS, one number for each request.
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

// TestRoleWithBrokenProfile checks the error if a role is to be assumed with an invalid profile.
func TestRoleWithBrokenProfile(t *testing.T) {
	t.Parallel()
	arn := testRole("r")
	env := newEnv(t)
	content := func(name string) string {
		return `{"current": "a", "profiles": [
			{"name": "` + name + `", "mode": "CredentialsURI", "credentials_uri": "http://127.0.0.1:1"}]}`
	}
	writeFile(t, env.Home, cliConfig, content("a"))
	source := find(t, Configuration{Profile: "a", AssumeRole: &AssumeRole{RoleARN: &arn}}, env).Credentials
	writeFile(t, env.Home, cliConfig, content("b"))
	_, err := source.Credentials(t.Context())
	checkError(t, err, `has no profile "a" (profiles in the file: b)`)
}

// waitingProvider is a provider whose first call waits until its context ends.
type waitingProvider struct {
	calls   int
	waiting chan struct{} // closed when the first call waits
	staticKeys
}

func (p *waitingProvider) GetCredentialsContext(ctx context.Context) (*providers.Credentials, error) {
	if p.calls++; p.calls > 1 {
		return p.GetCredentials()
	}
	close(p.waiting)
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestCancelEndsFetch cancels the caller that started a fetch, while another one waits for the result. The context must
// reach the source, also through a role, and the other caller must get credentials.
func TestCancelEndsFetch(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sts := startSTS(t, s, identity.STSOptions{})
	for name, withRole := range map[string]bool{"source": false, "role": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waiting := &waitingProvider{
				waiting:    make(chan struct{}),
				staticKeys: staticKeys{AccessKeyID: keyID, AccessKeySecret: keySecret},
			}
			source := newCache(func() (providers.CredentialsProvider, error) {
				if !withRole {
					return waiting, nil
				}
				provider, err := assumedRole{arn: testRole("r"), sessionName: "me", stsHost: sts.Host()}.provider(waiting)
				return &namedProvider{"the role", advice{sts: true}, provider}, err
			})
			ctx, cancel := context.WithCancel(t.Context())
			cancelled, others := make(chan error), make(chan paiclient.Credentials)
			go func() {
				_, err := source.Credentials(ctx)
				cancelled <- err
			}()
			<-waiting.waiting
			go func() {
				got, err := source.Credentials(t.Context())
				if err != nil {
					t.Error(err)
				}
				others <- got
			}()
			cancel()
			if err := <-cancelled; !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want the context's", err)
			}
			want := paiclient.Credentials(waiting.staticKeys)
			got := <-others
			if withRole {
				checkLastSession(t, got, nil, s, identity.ByAssumeRole)
			} else if got != want {
				t.Errorf("credentials %v, want %v", got, want)
			}
		})
	}
}

package signin

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestPassingFailures: of what may pass, a caller is told so, and a session in hand goes on.
func TestPassingFailures(t *testing.T) {
	t.Parallel()
	arn := "r"
	for code, passes := range map[string]bool{
		"Throttling.User": true, "ServiceUnavailable": true, "InternalError": true, "NoPermission": false, "SignatureDoesNotMatch": false,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			var refusing atomic.Bool
			sts := serveSTS(t)
			sts.lasts = time.Minute // so that the library asks whenever it is asked
			sts.refuse = func(url.Values) (int, string) {
				if refusing.Load() {
					return http.StatusServiceUnavailable, `{"RequestId":"1","Code":"` + code + `","Message":"hidden"}`
				}
				return 0, ""
			}
			source := find(t, Configuration{
				AccessKey: "x", SecretKey: "k", AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.host,
			}, around(t)).Source
			pass := clock(source)
			refusing.Store(true)
			_, err := source.Credentials(t.Context())
			if err == nil || isTemporary(err) != passes {
				t.Errorf("passes: %t, %v", isTemporary(err), err)
			}
			refusing.Store(false)
			if _, err := source.Credentials(t.Context()); err == nil {
				t.Error("a failure did not stand")
			}
			pass(keepPassingFailure)
			if _, err := source.Credentials(t.Context()); (err == nil) != passes {
				t.Errorf("after a while: %v", err)
			}
			pass(keepFailure)
			if got, err := source.Credentials(t.Context()); err != nil || got != sessionOf("r") {
				t.Errorf("signed in as %v (%v)", got, err)
			}

			refusing.Store(true)
			pass(keep)
			if _, err := source.Credentials(t.Context()); (err == nil) != passes {
				t.Errorf("with a session in hand: %v", err)
			}
			if !passes {
				return
			}
			source.Renew(sessionOf("r"))
			if _, err := source.Credentials(t.Context()); err == nil {
				t.Error("a session that the service calls expired goes on")
			}
		})
	}
}

// TestUnreachable: where nothing answers, no trust policy is to blame.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	arn := "r"
	_, err := signInWith(t, Configuration{
		AccessKey: "x", SecretKey: "k", AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: "127.0.0.1:1",
	}, around(t))
	checkError(t, err, "connection refused", "HTTPS_PROXY", "sts_endpoint")
	if strings.Contains(err.Error(), "trust policy") || !isTemporary(err) {
		t.Errorf("passes: %t, %v", isTemporary(err), err)
	}
}

// TestAbsentIsNotBusy: a sidecar that isn't there is not waited for.
func TestAbsentIsNotBusy(t *testing.T) {
	t.Parallel()
	_, err := signInWith(t, Configuration{CredentialsURI: "http://127.0.0.1:1"}, around(t))
	checkError(t, err, "connection refused", "what it leads to is running")
	if isTemporary(err) {
		t.Errorf("it is tried again: %v", err)
	}
}

// TestBrokenBase: what is wrong with the profile below a role is said as it is.
func TestBrokenBase(t *testing.T) {
	t.Parallel()
	arn := "r"
	surroundings := around(t)
	content := func(name string) string {
		return `{"current":"a","profiles":[{"name":"` + name + `","mode":"CredentialsURI","credentials_uri":"http://127.0.0.1:1"}]}`
	}
	write(t, surroundings.Home, cliConfig, content("a"))
	source := find(t, Configuration{Profile: "a", AssumeRole: &AssumeRole{RoleARN: &arn}}, surroundings).Source
	write(t, surroundings.Home, cliConfig, content("b"))
	_, err := source.Credentials(t.Context())
	checkError(t, err, `has no profile "a", only: b`)
	if strings.Contains(err.Error(), "left out") {
		t.Error(err)
	}
}

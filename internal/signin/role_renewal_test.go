package signin

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestRoleAboveASession looks at what the role's assumption is signed with when sessions have expired.
func TestRoleAboveASession(t *testing.T) {
	t.Parallel()
	arn := "r"
	const expired = `{"RequestId": "1", "Code": "InvalidSecurityToken.Expired", "Message": "hidden"}`
	setUp := func(t *testing.T, lasts time.Duration, refuse func(url.Values) (int, string)) (paiclient.CredentialSource, *sts, func(time.Duration)) {
		t.Helper()
		var count atomic.Int32
		sidecar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(session(fmt.Sprint(count.Add(1)), time.Hour)))
		}))
		t.Cleanup(sidecar.Close)
		sts := serveSTS(t)
		sts.lasts, sts.refuse = lasts, refuse
		source := find(t, Configuration{
			CredentialsURI: sidecar.URL, AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.host,
		}, around(t)).Source
		return source, sts, clock(source)
	}
	check := func(t *testing.T, source paiclient.CredentialSource, sts *sts, want ...string) {
		t.Helper()
		if got, err := source.Credentials(t.Context()); err != nil || got != sessionOf("r") {
			t.Errorf("signed in as %v (%v)", got, err)
		}
		if diff := cmp.Diff(want, sts.sent("AccessKeyId")); diff != "" {
			t.Errorf("assumed with (-want +got):\n%s", diff)
		}
	}
	t.Run("the role's runs out", func(t *testing.T) {
		t.Parallel()
		source, sts, pass := setUp(t, time.Minute, nil)
		check(t, source, sts, "STS.1")
		pass(keep)
		check(t, source, sts, "STS.1", "STS.1") // the session below lasts
	})
	t.Run("the service calls the role's expired", func(t *testing.T) {
		t.Parallel()
		source, sts, _ := setUp(t, time.Hour, nil)
		check(t, source, sts, "STS.1")
		source.Renew(sessionOf("r"))
		check(t, source, sts, "STS.1", "STS.2") // who knows how old the session below is
	})
	t.Run("STS calls the one below expired", func(t *testing.T) {
		t.Parallel()
		var out atomic.Bool
		source, sts, pass := setUp(t, time.Minute, func(asked url.Values) (int, string) {
			if out.Load() && asked.Get("AccessKeyId") == "STS.1" {
				return http.StatusBadRequest, expired
			}
			return 0, ""
		})
		check(t, source, sts, "STS.1")
		pass(keep)
		out.Store(true)
		check(t, source, sts, "STS.1", "STS.1", "STS.2")
	})
	t.Run("STS calls every one below expired", func(t *testing.T) {
		t.Parallel()
		source, sts, _ := setUp(t, time.Hour, func(url.Values) (int, string) { return http.StatusBadRequest, expired })
		_, err := source.Credentials(t.Context())
		checkError(t, err, "the role r (session name terraform-provider-pai) assumed with the sidecar of credentials_uri",
			"code InvalidSecurityToken.Expired, request id 1", "sign in anew")
		if sent := sts.sent("AccessKeyId"); len(sent) != 1 { // it was fresh already
			t.Errorf("assumed with %v, want one attempt", sent)
		}
	})
	t.Run("the one below fails", func(t *testing.T) {
		t.Parallel()
		address := serve(t, http.StatusBadGateway, "hidden")
		_, err := signInWith(t, Configuration{CredentialsURI: address, AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: "127.0.0.1:1"}, around(t))
		checkError(t, err, "the sidecar of credentials_uri gave no credentials", "check the address")
	})
}

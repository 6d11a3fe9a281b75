package signin

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// oidcParameters are the parameters of AssumeRoleWithOIDC that tests compare, in addition to the token.
var oidcParameters = []string{"Action", "OIDCProviderArn", "RoleArn", "RoleSessionName", "Policy", "DurationSeconds"}

func TestOIDCOfEnvironment(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	token, fileToken := identity.OIDCToken(s, "variable", time.Hour), identity.OIDCToken(s, "file", time.Hour)
	file := writeFile(t, t.TempDir(), "token", fileToken+"\n")
	const tokenVariable, fileVariable = "ALIBABA_CLOUD_OIDC_TOKEN=", "ALIBABA_CLOUD_OIDC_TOKEN_FILE="
	provider, role := "ALIBABA_CLOUD_OIDC_PROVIDER_ARN="+testProvider+"\n", "ALIBABA_CLOUD_ROLE_ARN="+testRole("ci")+"\n"
	for name, test := range map[string]struct {
		variables          []string
		token, sessionName string
		err                []string
	}{
		"token": {[]string{tokenVariable + token + "\n", provider, role}, token, "terraform", nil},
		"file":  {[]string{fileVariable + file, provider, role}, fileToken, "terraform", nil},
		"token and file": {
			[]string{tokenVariable + token, fileVariable + file, provider, role}, token, "terraform", nil,
		},
		"session name": {
			[]string{tokenVariable + token, provider, role, "ALIBABA_CLOUD_ROLE_SESSION_NAME=mine"}, token, "mine", nil,
		},
		"session name, second variable": {
			[]string{tokenVariable + token, provider, role, "ALIBABACLOUD_ROLE_SESSION_NAME=mine"}, token, "mine", nil,
		},
		"no role":     {[]string{tokenVariable + "hidden", provider}, "", "", []string{"ALIBABA_CLOUD_ROLE_ARN"}},
		"no provider": {[]string{fileVariable + file, role}, "", "", []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
		"no token": {
			[]string{provider, role},
			"", "",
			[]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN is set", "ALIBABACLOUD_OIDC_TOKEN_FILE"},
		},
		"missing file": {
			[]string{fileVariable + file + "x", provider, role}, "", "", []string{"read the OIDC token", file + "x"},
		},
		"empty file": {
			[]string{fileVariable + writeFile(t, t.TempDir(), "empty", " \n"), provider, role}, "", "", []string{"is empty"},
		},
		"no home": {
			[]string{fileVariable + "~/token", provider, role},
			"", "",
			[]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE: ~/token", "home directory is unknown"},
		},
		"only a role": {[]string{role, metadataDisabled + "=true"}, "", "", []string{"no credential source is set"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			env := newEnv(t, append(test.variables, "STS_ENDPOINT="+sts.Host())...)
			env.Home = ""
			got, err := fetch(t, Configuration{}, env)
			if test.err != nil {
				checkError(t, err, test.err...)
				return
			}
			checkLastSession(t, got, err, s, identity.ByAssumeRoleWithOIDC)
			want := []string{
				"AssumeRoleWithOIDC|" + testProvider + "|" + testRole("ci") + "|" + test.sessionName + "||3600|" + test.token,
			}
			if diff := cmp.Diff(want, parametersSent(sts.Requests(), append(oidcParameters, "OIDCToken")...)); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOIDCOfBlock(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	token, fileToken := identity.OIDCToken(s, "argument", time.Hour), identity.OIDCToken(s, "file", time.Hour)
	home := t.TempDir()
	file := writeFile(t, home, "token", fileToken+"\n")
	for name, test := range map[string]struct {
		oidc     OIDC
		variable string
		token    string
		want     string // session name, policy and seconds, as sent
	}{
		"token":        {OIDC{Token: token}, "", token, "terraform||3600"},
		"file":         {OIDC{TokenFile: file}, "", fileToken, "terraform||3600"},
		"file in home": {OIDC{TokenFile: "~/token"}, "", fileToken, "terraform||3600"},
		"everything": {
			OIDC{Token: token, RoleSessionName: "mine", Policy: "{}", SessionExpiration: 900}, "", token, "mine|{}|900",
		},
		"session name of the environment": {
			OIDC{Token: token}, "ALIBABA_CLOUD_ROLE_SESSION_NAME=env", token, "env||3600",
		},
		"session name of the block": {
			OIDC{Token: token, RoleSessionName: "mine"}, "ALIBABA_CLOUD_ROLE_SESSION_NAME=decoy", token, "mine||3600",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			test.oidc.ProviderARN, test.oidc.RoleARN = testProvider, testRole("r")
			env := newDecoyEnv(t, test.variable)
			env.Home = home
			got, err := fetch(t, Configuration{OIDC: &test.oidc, STSEndpoint: sts.Host()}, env)
			checkLastSession(t, got, err, s, identity.ByAssumeRoleWithOIDC)
			want := []string{"AssumeRoleWithOIDC|" + testProvider + "|" + testRole("r") + "|" + test.want + "|" + test.token}
			if diff := cmp.Diff(want, parametersSent(sts.Requests(), append(oidcParameters, "OIDCToken")...)); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
	_, err := fetch(
		t, Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", TokenFile: "~/x"}}, Env{Getenv: newEnv(t).Getenv},
	)
	checkArgument(t, err, "assume_role_with_oidc.oidc_token_file", "home directory is unknown")
}

// startOIDC starts an STS and writes a token to a file. It returns a configuration that uses both.
func startOIDC(
	t *testing.T, s *paisandbox.Sandbox, lifetime time.Duration,
) (sts *identity.STS, file string, config Configuration) {
	t.Helper()
	sts = startSTS(t, s, identity.STSOptions{Lifetime: lifetime})
	file = writeFile(t, t.TempDir(), "token", identity.OIDCToken(s, "first", time.Hour))
	return sts, file, Configuration{
		OIDC: &OIDC{ProviderARN: testProvider, RoleARN: testRole("r"), TokenFile: file}, STSEndpoint: sts.Host(),
	}
}

// TestOIDCTokenFileChanges replaces the token in the file before it expires, as Kubernetes does.
func TestOIDCTokenFileChanges(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sts, file, config := startOIDC(t, s, time.Hour)
	source := find(t, config, newDecoyEnv(t)).Credentials
	advance := setClock(source)
	for _, subject := range []string{"first", "second"} {
		token := identity.OIDCToken(s, subject, time.Hour)
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := source.Credentials(t.Context())
		checkLastSession(t, got, err, s, identity.ByAssumeRoleWithOIDC)
		if requests := sts.Requests(); requests[len(requests)-1].Parameter("OIDCToken") != token {
			t.Errorf("%s: another token was sent", subject)
		}
		advance(keepCredentials)
	}
	if got := len(sts.Requests()); got != 2 {
		t.Errorf("%d requests to STS, want 2", got)
	}
}

// TestOIDCTokenRefused replaces the token with one that STS refuses. It checks that the session remains in use while it
// is valid.
func TestOIDCTokenRefused(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sts, file, config := startOIDC(t, s, time.Hour)
	source := find(t, config, newDecoyEnv(t)).Credentials
	advance := setClock(source)
	for range 3 {
		got, err := source.Credentials(t.Context())
		checkLastSession(t, got, err, s, identity.ByAssumeRoleWithOIDC)
		if err := os.WriteFile(file, []byte("not a token"), 0o600); err != nil {
			t.Fatal(err)
		}
		advance(keepCredentials)
	}
	if got := sts.Requests(); len(got) != 3 || got[1].ErrorCode != "AuthenticationFail.OIDCToken.Invalid" {
		t.Errorf("requests to STS: %v", parametersSent(got, "OIDCToken"))
	}
	if got := len(s.Sessions()); got != 1 {
		t.Errorf("%d sessions, want 1", got)
	}
}

// TestOIDCTokenFileDeleted deletes the file of the token, as CI services do at the end of a job.
func TestOIDCTokenFileDeleted(t *testing.T) {
	t.Parallel()
	for name, lifetime := range map[string]time.Duration{"session valid": time.Hour, "session expires": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts, file, config := startOIDC(t, s, lifetime)
			source := find(t, config, newDecoyEnv(t)).Credentials
			advance := setClock(source)
			if _, err := source.Credentials(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			advance(keepCredentials)
			sts.AddFault(paisandbox.Fault{Do: paisandbox.Body(403, "{}")})
			got, err := source.Credentials(t.Context())
			checkLastSession(t, got, err, s, identity.ByAssumeRoleWithOIDC)
			source.Renew(got) // the API has refused the session as expired
			_, err = source.Credentials(t.Context())
			checkError(t, err, "OIDC as the role "+testRole("r"), "read the OIDC token", file)
		})
	}
}

// TestOIDCTokenIsSecret checks that no error contains the token that STS refused (design rule 4).
func TestOIDCTokenIsSecret(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sts := startSTS(t, s, identity.STSOptions{})
	token := identity.OIDCToken(s, "me", -time.Hour)
	_, err := fetch(t, Configuration{
		OIDC: &OIDC{ProviderARN: testProvider, RoleARN: testRole("r"), Token: token}, STSEndpoint: sts.Host(),
	}, newEnv(t))
	checkError(t, err, "AuthenticationFail.OIDCToken.Expired", "get a new OIDC token")
	if strings.Contains(err.Error(), token) {
		t.Errorf("the error contains the token: %v", err)
	}
}

package signin

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const roleARN = "acs:ram::1:role/ci"

func TestOIDC(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "token", "file-token\n")
	complete := []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=acs:ram::1:oidc-provider/p\n", "ALIBABA_CLOUD_ROLE_ARN=" + roleARN + "\n"}
	tests := map[string]struct {
		variables      []string
		token, session string
		err            []string
	}{
		"token":                   {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=the-token\n"}, complete...), "the-token", "terraform-provider-pai", nil},
		"file":                    {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file}, complete...), "file-token", "terraform-provider-pai", nil},
		"token and file":          {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=the-token", "ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file}, complete...), "the-token", "terraform-provider-pai", nil},
		"session":                 {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=x", "ALIBABA_CLOUD_ROLE_SESSION_NAME=mine"}, complete...), "x", "mine", nil},
		"session of alicloud":     {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=x", "ALICLOUD_ASSUME_ROLE_SESSION_NAME=mine"}, complete...), "x", "mine", nil},
		"no role":                 {[]string{"ALIBABA_CLOUD_OIDC_TOKEN=hidden", complete[0]}, "", "", []string{"ALIBABA_CLOUD_ROLE_ARN"}},
		"no provider":             {[]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file, complete[1]}, "", "", []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
		"no token":                {complete, "", "", []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN is set", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"}},
		"no such file":            {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file + "x"}, complete...), "", "", []string{file + "x", "can't be read"}},
		"empty file":              {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + write(t, t.TempDir(), "empty", " \n")}, complete...), "", "", []string{"is empty"}},
		"no home":                 {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=~/token"}, complete...), "", "", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE: ~/token can't be found"}},
		"a role alone is no OIDC": {[]string{complete[1], metadataDisabled + "=true"}, "", "", []string{"nothing to sign in with"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := serveSTS(t)
			surroundings := around(t, append(test.variables, "STS_ENDPOINT="+sts.host)...)
			surroundings.Home = ""
			got, err := signIn(t, surroundings)
			if test.err != nil {
				checkError(t, err, test.err...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got != sessionOf(roleARN) {
				t.Errorf("signed in as %v", got)
			}
			want := []string{"AssumeRoleWithOIDC|" + test.token + "|acs:ram::1:oidc-provider/p|" + roleARN + "|" + test.session + "||3600"}
			if diff := cmp.Diff(want, sts.sent("Action", "OIDCToken", "OIDCProviderArn", "RoleArn", "RoleSessionName", "Policy", "DurationSeconds")); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOIDCTokenIsReadAgain: Kubernetes puts a new token into the file before the old one runs out.
func TestOIDCTokenIsReadAgain(t *testing.T) {
	t.Parallel()
	sts := serveSTS(t)
	directory := t.TempDir()
	file := write(t, directory, "token", "first")
	source := find(t, Configuration{}, around(t, "STS_ENDPOINT="+sts.host, "ALIBABA_CLOUD_OIDC_TOKEN_FILE="+file,
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN="+roleARN)).Source
	pass := clock(source)
	for _, token := range []string{"first", "second"} {
		write(t, directory, filepath.Base(file), token+"\n")
		if _, err := source.Credentials(t.Context()); err != nil {
			t.Fatal(err)
		}
		pass(keep)
	}
	if diff := cmp.Diff([]string{"first", "second"}, sts.sent("OIDCToken")); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

// TestOIDCTokenThatIsRefused: where the file's new token opens no session, the one before goes on while it lasts.
func TestOIDCTokenThatIsRefused(t *testing.T) {
	t.Parallel()
	sts := serveSTS(t)
	directory := t.TempDir()
	file := write(t, directory, "token", "first")
	source := find(t, Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", TokenFile: file}, STSEndpoint: sts.host}, aroundDecoys(t)).Source
	pass := clock(source)
	sts.refuse = func(asked url.Values) (int, string) {
		if asked.Get("OIDCToken") == "second" {
			return http.StatusUnauthorized, `{"Code":"AuthenticationFail.OIDCToken.Invalid"}`
		}
		return 0, ""
	}
	for range 3 {
		if got, err := source.Credentials(t.Context()); err != nil || got != sessionOf("r") {
			t.Errorf("signed in as %v (%v)", got, err)
		}
		write(t, directory, filepath.Base(file), "second")
		pass(keep)
	}
	if diff := cmp.Diff([]string{"first", "second", "second"}, sts.sent("OIDCToken")); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

// TestOIDCTokenIsGone: a CI clears up while the session that the token opened still lasts.
func TestOIDCTokenIsGone(t *testing.T) {
	t.Parallel()
	for name, lasts := range map[string]time.Duration{"lasts": time.Hour, "runs out": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := serveSTS(t)
			sts.lasts = lasts
			file := write(t, t.TempDir(), "token", "the-token")
			source := find(t, Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", TokenFile: file}, STSEndpoint: sts.host}, aroundDecoys(t)).Source
			pass := clock(source)
			if _, err := source.Credentials(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			pass(keep)
			sts.refuse = func(url.Values) (int, string) { return http.StatusForbidden, "{}" }
			got, err := source.Credentials(t.Context())
			if lasts == time.Minute {
				checkError(t, err, "OIDC as the role r", "the OIDC token can't be read")
			} else if err != nil || got != sessionOf("r") {
				t.Errorf("signed in as %v (%v)", got, err)
			}
		})
	}
}

func TestConfiguredOIDC(t *testing.T) {
	t.Parallel()
	const block = "acs:ram::1:oidc-provider/p"
	home := t.TempDir()
	file := write(t, home, "token", "file-token\n")
	for name, test := range map[string]struct {
		oidc     OIDC
		variable string
		want     string
	}{
		"token":                          {OIDC{Token: "the-token"}, "", "the-token|" + block + "|r|terraform-provider-pai||3600"},
		"file":                           {OIDC{TokenFile: file}, "", "file-token|" + block + "|r|terraform-provider-pai||3600"},
		"at home":                        {OIDC{TokenFile: "~/token"}, "", "file-token|" + block + "|r|terraform-provider-pai||3600"},
		"and more":                       {OIDC{Token: "the-token", RoleSessionName: "mine", Policy: "{}", SessionExpiration: 900}, "", "the-token|" + block + "|r|mine|{}|900"},
		"the environment's session name": {OIDC{Token: "the-token"}, "ALIBABA_CLOUD_ROLE_SESSION_NAME=env", "the-token|" + block + "|r|env||3600"},
		"the block's session name":       {OIDC{Token: "the-token", RoleSessionName: "mine"}, "ALIBABA_CLOUD_ROLE_SESSION_NAME=decoy", "the-token|" + block + "|r|mine||3600"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := serveSTS(t)
			test.oidc.ProviderARN, test.oidc.RoleARN = block, "r"
			surroundings := aroundDecoys(t, test.variable)
			surroundings.Home = home
			got, err := signInWith(t, Configuration{OIDC: &test.oidc, STSEndpoint: sts.host}, surroundings)
			if err != nil || got != sessionOf("r") {
				t.Errorf("signed in as %v (%v)", got, err)
			}
			sent := sts.sent("OIDCToken", "OIDCProviderArn", "RoleArn", "RoleSessionName", "Policy", "DurationSeconds")
			if diff := cmp.Diff([]string{test.want}, sent); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
	_, err := signInWith(t, Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", TokenFile: "~/x"}}, Surroundings{Getenv: around(t).Getenv})
	checkArgument(t, err, "assume_role_with_oidc.oidc_token_file", "no home directory")
}

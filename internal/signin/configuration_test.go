package signin

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestEachArgument sets one argument while the environment sets every source. It checks that no value of the
// environment is combined with an argument that needs no other.
func TestEachArgument(t *testing.T) {
	t.Parallel()
	uri := startSidecar(t, startSandbox(t), time.Hour).URL()
	file := writeFile(t, t.TempDir(), "file", cliProfiles)
	const oidc = "assume_role_with_oidc"
	for name, test := range map[string]struct {
		config   Configuration
		wantName string // prefix of Result.Name
		argument string
		err      string
	}{
		"profile": {config: Configuration{Profile: "session"}, wantName: `the profile "session" of `},
		"shared_credentials_file": {
			config: Configuration{SharedCredentialsFile: file}, wantName: `the profile "main" of ` + file,
		},
		"ecs_role_name":   {config: Configuration{ECSRoleName: "x"}, wantName: "the ECS role x of `ecs_role_name`"},
		"credentials_uri": {config: Configuration{CredentialsURI: uri}, wantName: "the sidecar set by `credentials_uri`"},

		"OIDC with two tokens": {
			config:   Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "hidden", TokenFile: "f"}},
			argument: oidc + ".oidc_token_file", err: "both oidc_token and oidc_token_file",
		},
		"OIDC too short": {
			config:   Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "hidden", SessionExpiration: 899}},
			argument: oidc + ".session_expiration", err: "899",
		},
		"missing profile": {config: Configuration{Profile: "gone"}, argument: "profile", err: `no profile "gone"`},
		"missing profile in the file": {
			config: Configuration{Profile: "gone", SharedCredentialsFile: file}, argument: "profile", err: `no profile "gone"`,
		},
		"missing file": {
			config:   Configuration{Profile: "main", SharedCredentialsFile: file + "x"},
			argument: "shared_credentials_file", err: file + "x does not exist",
		},
		"directory": {
			config:   Configuration{SharedCredentialsFile: filepath.Dir(file)},
			argument: "shared_credentials_file", err: "read the credentials: read " + filepath.Dir(file),
		},
		"URI without a scheme": {
			config: Configuration{CredentialsURI: "127.0.0.1/hidden"}, argument: "credentials_uri", err: "http://",
		},
		"URI with another scheme": {
			config: Configuration{CredentialsURI: "ftp://127.0.0.1/hidden"}, argument: "credentials_uri", err: "http://",
		},
		"URI without a host": {
			config: Configuration{CredentialsURI: "http:///hidden"}, argument: "credentials_uri", err: "a host",
		},
		"malformed URI": {
			config:   Configuration{CredentialsURI: "http://me:hidden%zz@127.0.0.1"},
			argument: "credentials_uri", err: "not a URL",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newDecoyEnv(t)
			writeFile(t, env.Home, cliConfig, cliProfiles)
			if test.err != "" {
				_, err := fetch(t, test.config, env)
				checkArgument(t, err, test.argument, test.err)
				return
			}
			if got := find(t, test.config, env).Name; !strings.HasPrefix(got, test.wantName) {
				t.Errorf("found %q, want %q", got, test.wantName)
			}
			if name == "ecs_role_name" { // parallel tests can't use the metadata service, which has a fixed address
				return
			}
			if got, err := fetch(t, test.config, env); err != nil || got.AccessKeyID == "" {
				t.Errorf("credentials %v, error %v", got, err)
			}
		})
	}
}

func TestKeysOfBlock(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "hidden-token"} {
		config := Configuration{AccessKey: "id", SecretKey: "hidden", SecurityToken: token}
		got, err := fetch(t, config, newDecoyEnv(t))
		checkCredentials(
			t, got, err, paiclient.Credentials{AccessKeyID: "id", AccessKeySecret: "hidden", SecurityToken: token},
		)
	}
}

func TestKeysOfEnvironment(t *testing.T) {
	t.Parallel()
	const (
		id1, secret1 = "ALIBABA_CLOUD_ACCESS_KEY_ID=id1", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=hidden1"
		id2, secret2 = "ALICLOUD_ACCESS_KEY=id2", "ALICLOUD_SECRET_KEY=hidden2"
		token1       = "ALIBABA_CLOUD_SECURITY_TOKEN=token1"
		token2       = "ALICLOUD_SECURITY_TOKEN=token2"
	)
	keys := func(id, secret, token string) paiclient.Credentials {
		return paiclient.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}
	}
	for name, test := range map[string]struct {
		variables []string
		want      paiclient.Credentials
		missing   string // the variable that the error names as unset
	}{
		"first family": {variables: []string{id1, secret1}, want: keys("id1", "hidden1", "")},
		"first family with token": {
			variables: []string{id1, secret1, token1}, want: keys("id1", "hidden1", "token1"),
		},
		"second family": {variables: []string{id2, secret2}, want: keys("id2", "hidden2", "")},
		"second family with token": {
			variables: []string{id2, secret2, token2}, want: keys("id2", "hidden2", "token2"),
		},
		"first, stale token of the second": {variables: []string{id1, secret1, token2}, want: keys("id1", "hidden1", "")},
		"second, stale token of the first": {variables: []string{id2, secret2, token1}, want: keys("id2", "hidden2", "")},
		"both families": {
			variables: []string{id1, secret1, token1, id2, secret2, token2}, want: keys("id2", "hidden2", "token2"),
		},
		"newlines": {
			variables: []string{id1 + "\n", secret1 + "\r\n", token1 + "\n"}, want: keys("id1", "hidden1", "token1"),
		},
		"empty variables are unset": {
			variables: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=", "ALIBABA_CLOUD_ACCESS_KEY_SECRET= \n", id2, secret2},
			want:      keys("id2", "hidden2", ""),
		},
		"empty token": {
			variables: []string{id1, secret1, "ALIBABA_CLOUD_SECURITY_TOKEN=\n"}, want: keys("id1", "hidden1", ""),
		},
		"before every other source": {
			variables: []string{
				id2, secret2, "ALIBABA_CLOUD_OIDC_TOKEN=x", "ALIBABA_CLOUD_PROFILE=x", "ALIBABA_CLOUD_CREDENTIALS_URI=x",
				"ALIBABA_CLOUD_ECS_METADATA=x",
			},
			want: keys("id2", "hidden2", ""),
		},
		"only the id":             {variables: []string{id1}, missing: "ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
		"only the secret":         {variables: []string{secret1}, missing: "ALIBABA_CLOUD_ACCESS_KEY_ID"},
		"only the second id":      {variables: []string{id2}, missing: "ALICLOUD_SECRET_KEY"},
		"only the second secret":  {variables: []string{secret2}, missing: "ALICLOUD_ACCESS_KEY"},
		"halves of both families": {variables: []string{id1, secret2}, missing: "ALICLOUD_ACCESS_KEY"},
		"half, and the second":    {variables: []string{id1, id2, secret2}, missing: "ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
		"half, and another source": {
			variables: []string{secret1, "ALIBABA_CLOUD_ECS_METADATA=x"}, missing: "ALIBABA_CLOUD_ACCESS_KEY_ID",
		},
		"half the second, and OIDC": {variables: []string{id2, "ALIBABA_CLOUD_OIDC_TOKEN=x"}, missing: "ALICLOUD_SECRET_KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := fetch(t, Configuration{}, newEnv(t, test.variables...))
			if test.missing != "" {
				checkError(t, err, "is set and "+test.missing+" is not")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("credentials (-want +got):\n%s", diff)
			}
		})
	}
}

package signin

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
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

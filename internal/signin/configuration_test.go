package signin

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestEveryArgumentAlone sets one argument, while the environment offers every way: it supplies nothing to what the
// block begins.
func TestEveryArgumentAlone(t *testing.T) {
	t.Parallel()
	sidecar := serve(t, http.StatusOK, session("sidecar", time.Hour))
	file := write(t, t.TempDir(), "file", cliProfiles)
	expected := map[string]struct {
		config   Configuration
		id       string // or else:
		argument string
		err      string
	}{
		"access_key":              {config: Configuration{AccessKey: "id"}, argument: "secret_key", err: "secret_key is missing"},
		"secret_key":              {config: Configuration{SecretKey: "hidden"}, argument: "access_key", err: "access_key is missing"},
		"security_token":          {config: Configuration{SecurityToken: "hidden"}, argument: "access_key", err: "access_key is missing"},
		"profile":                 {config: Configuration{Profile: "session"}, id: "STS.session"},
		"shared_credentials_file": {config: Configuration{SharedCredentialsFile: file}, id: "main-id"},
		"ecs_role_name":           {config: Configuration{ECSRoleName: "x"}},
		"credentials_uri":         {config: Configuration{CredentialsURI: sidecar}, id: "STS.sidecar"},
		"assume_role_with_oidc": {
			config: Configuration{OIDC: &OIDC{}}, argument: "assume_role_with_oidc.oidc_provider_arn", err: "no oidc_provider_arn",
		},
		"assume_role_with_oidc.oidc_provider_arn": {
			config: Configuration{OIDC: &OIDC{ProviderARN: "p"}}, argument: "assume_role_with_oidc.role_arn", err: "no role_arn",
		},
		"assume_role_with_oidc.role_arn": {
			config:   Configuration{OIDC: &OIDC{RoleARN: "r"}},
			argument: "assume_role_with_oidc.oidc_provider_arn", err: "no oidc_provider_arn",
		},
		"assume_role_with_oidc.oidc_token": {
			config:   Configuration{OIDC: &OIDC{Token: "hidden"}},
			argument: "assume_role_with_oidc.oidc_provider_arn", err: "no oidc_provider_arn",
		},
		"assume_role_with_oidc.oidc_token_file": {
			config:   Configuration{OIDC: &OIDC{TokenFile: "f", ProviderARN: "p"}},
			argument: "assume_role_with_oidc.role_arn", err: "no role_arn",
		},
		"OIDC without a token": {
			config:   Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r"}},
			argument: "assume_role_with_oidc.oidc_token", err: "no token",
		},
		"OIDC with two tokens": {
			config:   Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "hidden", TokenFile: "f"}},
			argument: "assume_role_with_oidc.oidc_token_file", err: "both oidc_token and oidc_token_file",
		},
		"OIDC too short": {
			config:   Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "hidden", SessionExpiration: 899}},
			argument: "assume_role_with_oidc.session_expiration", err: "899",
		},
		"no such profile": {config: Configuration{Profile: "gone"}, argument: "profile", err: `no profile "gone"`},
		"no such profile in the file": {
			config: Configuration{Profile: "gone", SharedCredentialsFile: file}, argument: "profile", err: `no profile "gone"`,
		},
		"no such file": {
			config:   Configuration{Profile: "main", SharedCredentialsFile: file + "x"},
			argument: "shared_credentials_file", err: file + "x isn't there",
		},
		"no file but a folder": {
			config:   Configuration{SharedCredentialsFile: filepath.Dir(file)},
			argument: "shared_credentials_file", err: "can't be read",
		},
		"no URL":        {config: Configuration{CredentialsURI: "127.0.0.1/hidden"}, argument: "credentials_uri", err: "begins with http://"},
		"another URL":   {config: Configuration{CredentialsURI: "ftp://127.0.0.1/hidden"}, argument: "credentials_uri", err: "begins with http://"},
		"URL, no host":  {config: Configuration{CredentialsURI: "http:///hidden"}, argument: "credentials_uri", err: "and a host"},
		"malformed URL": {config: Configuration{CredentialsURI: "http://me:hidden%zz@127.0.0.1"}, argument: "credentials_uri", err: "no URL"},
	}
	for name, test := range expected {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			surroundings := aroundDecoys(t)
			write(t, surroundings.Home, cliConfig, cliProfiles)
			if test.err != "" {
				_, err := signInWith(t, test.config, surroundings)
				checkArgument(t, err, test.argument, test.err)
				return
			}
			if test.id == "" { // the instance is not asked here
				if got := find(t, test.config, surroundings).Way; got != "the ECS instance's role x, which ecs_role_name names" {
					t.Errorf("the way is %q", got)
				}
				return
			}
			if got, err := signInWith(t, test.config, surroundings); err != nil || got.AccessKeyID != test.id {
				t.Errorf("signed in as %q (%v), want %q", got.AccessKeyID, err, test.id)
			}
		})
	}
}

func TestConfiguredKeys(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "hidden-token"} {
		got, err := signInWith(t, Configuration{AccessKey: "id", SecretKey: "hidden", SecurityToken: token}, aroundDecoys(t))
		want := paiclient.Credentials{AccessKeyID: "id", AccessKeySecret: "hidden", SecurityToken: token}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("credentials (-want +got):\n%s%v", diff, err)
		}
	}
}

func TestConfiguredProfile(t *testing.T) {
	t.Parallel()
	const region = `{"current": "here", "profiles": [
		{"name": "here", "mode": "AK", "access_key_id": "here-id", "access_key_secret": "hidden", "region_id": " cn-shanghai "},
		{"name": "there", "mode": "AK", "access_key_id": "there-id", "access_key_secret": "hidden"}]}`
	elsewhere := filepath.Join("elsewhere", "file")
	for name, test := range map[string]struct {
		files         map[string]string
		config        Configuration
		id, region    string
		argument, err string
	}{
		"name":                {map[string]string{cliConfig: region}, Configuration{Profile: "there"}, "there-id", "", "", ""},
		"name, with a region": {map[string]string{cliConfig: region}, Configuration{Profile: "here", Region: "cn-beijing"}, "here-id", "cn-shanghai", "", ""},
		"name, SDK's":         {map[string]string{sdkCredentials: sdkSections}, Configuration{Profile: "other"}, "other-id", "", "", ""},
		"name, not the SDK's": {
			map[string]string{cliConfig: region, sdkCredentials: sdkSections},
			Configuration{Profile: "other"},
			"", "", "profile", `no profile "other"`,
		},
		"name, no files": {nil, Configuration{Profile: "x"}, "", "", "profile", `there is no profile "x"`},
		"file":           {map[string]string{elsewhere: region}, Configuration{SharedCredentialsFile: "~/elsewhere/file"}, "here-id", "cn-shanghai", "", ""},
		"file and name":  {map[string]string{elsewhere: region}, Configuration{SharedCredentialsFile: "~/elsewhere/file", Profile: "there"}, "there-id", "", "", ""},
		"file, SDK's":    {map[string]string{elsewhere: sdkSections}, Configuration{SharedCredentialsFile: "~/elsewhere/file"}, "default-id", "", "", ""},
		"file, broken": {
			map[string]string{cliConfig: region, elsewhere: "{"},
			Configuration{SharedCredentialsFile: "~/elsewhere/file"},
			"", "", "shared_credentials_file", "is not the JSON",
		},
		"file, a byte order mark": {map[string]string{elsewhere: "\xef\xbb\xbf" + region}, Configuration{SharedCredentialsFile: "~/elsewhere/file"}, "here-id", "cn-shanghai", "", ""},
		"somebody else's home":    {nil, Configuration{SharedCredentialsFile: "~somebody/file"}, "", "", "shared_credentials_file", "~somebody/file isn't there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The names of the environment don't count, nor does the switch that is for its layer and the next.
			surroundings := aroundDecoys(t, profileDisabled+"=true")
			for name, content := range test.files {
				write(t, surroundings.Home, name, content)
			}
			if test.err != "" {
				_, err := signInWith(t, test.config, surroundings)
				checkArgument(t, err, test.argument, test.err)
				return
			}
			found := find(t, test.config, surroundings)
			got, err := found.Source.Credentials(t.Context())
			if err != nil || got.AccessKeyID != test.id || found.Region != test.region {
				t.Errorf("signed in as %q in %q (%v), want %q in %q", got.AccessKeyID, found.Region, err, test.id, test.region)
			}
		})
	}
	for argument, config := range map[string]Configuration{"profile": {Profile: "x"}, "shared_credentials_file": {SharedCredentialsFile: "~/x"}} {
		_, err := signInWith(t, config, Surroundings{Getenv: around(t).Getenv})
		checkArgument(t, err, argument)
	}
	_, err := signInWith(t, Configuration{ECSRoleName: "x"}, around(t, metadataDisabled+"=true"))
	checkArgument(t, err, "ecs_role_name", metadataDisabled)
}

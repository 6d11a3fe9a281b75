package signin

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// sourceCase is a credential source with the settings that select it, and the expected credentials.
type sourceCase struct {
	name      string
	argument  string // the argument that the error of a conflict names
	configure func(*Configuration)
	variables []string
	files     map[string]string // in the home directory
	wantName  string            // prefix of Result.Name
	key       string            // AccessKey ID of static keys; otherwise by is set
	by        string            // By of the session that the sandbox issues
}

// sourceCases returns a case for each of Sources, in search order.
func sourceCases(t *testing.T, s *paisandbox.Sandbox, sts *identity.STS) []sourceCase {
	t.Helper()
	endpoint := sts.Host()
	uri := startSidecar(t, s, time.Hour).URL()
	token := identity.OIDCToken(s, "me", time.Hour)
	session := s.Issue(paisandbox.Session{By: "test"}, time.Hour)
	file := writeFile(t, t.TempDir(), "file", fmt.Sprintf(`{"current": "main", "profiles": [
		{"name": "main", "mode": "AK", "access_key_id": %q, "access_key_secret": %q},
		{"name": "session", "mode": "StsToken", "access_key_id": %q, "access_key_secret": %q, "sts_token": %q}]}`,
		keyID, keySecret, session.AccessKeyID, session.AccessKeySecret, session.SecurityToken))
	return []sourceCase{
		{
			name: "keys of the block", argument: "access_key", wantName: "the keys of the provider block", key: keyID,
			configure: func(c *Configuration) { c.AccessKey, c.SecretKey = keyID, keySecret },
		}, {
			name: "profile of the block", argument: "profile", wantName: `the profile "session" of ` + file,
			key:       session.AccessKeyID,
			configure: func(c *Configuration) { c.Profile, c.SharedCredentialsFile = "session", file },
		}, {
			name: "sidecar of the block", argument: "credentials_uri", wantName: "the sidecar set by `credentials_uri`",
			by:        identity.BySidecar,
			configure: func(c *Configuration) { c.CredentialsURI = uri },
		}, {
			name: "ECS role of the block", argument: "ecs_role_name", wantName: "the ECS role block of `ecs_role_name`",
			configure: func(c *Configuration) { c.ECSRoleName = "block" },
		}, {
			name: "OIDC of the block", argument: "assume_role_with_oidc", wantName: "OIDC as the role " + testRole("block"),
			by: identity.ByAssumeRoleWithOIDC,
			configure: func(c *Configuration) {
				c.OIDC = &OIDC{ProviderARN: testProvider, RoleARN: testRole("block"), Token: token}
				c.STSEndpoint = endpoint
			},
		}, {
			name: "keys", wantName: "the keys of ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY", key: keyID,
			variables: []string{"ALICLOUD_ACCESS_KEY=" + keyID, "ALICLOUD_SECRET_KEY=" + keySecret},
		}, {
			name: "profile", wantName: `the profile "main" of ` + file, key: keyID,
			variables: []string{"ALIBABA_CLOUD_CREDENTIALS_FILE=" + file},
		}, {
			name: "sidecar", wantName: "the sidecar set by ALICLOUD_CREDENTIALS_URI", by: identity.BySidecar,
			variables: []string{"ALICLOUD_CREDENTIALS_URI=" + uri},
		}, {
			name: "ECS role", wantName: "the ECS role env of ALICLOUD_ECS_ROLE_NAME",
			variables: []string{"ALICLOUD_ECS_ROLE_NAME=env"},
		}, {
			name: "OIDC", wantName: "OIDC as the role " + testRole("env"), by: identity.ByAssumeRoleWithOIDC,
			variables: []string{
				"ALIBABA_CLOUD_OIDC_TOKEN=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=" + testProvider,
				"ALIBABA_CLOUD_ROLE_ARN=" + testRole("env"), "STS_ENDPOINT=" + endpoint,
			},
		}, {
			name: "CLI profile", wantName: `the profile "home" of `, key: keyID, files: map[string]string{
				cliConfig: fmt.Sprintf(`{"current": "home", "profiles": [
					{"name": "home", "mode": "AK", "access_key_id": %q, "access_key_secret": %q}]}`, keyID, keySecret),
			},
		}, {
			name: "SDK profile", wantName: `the profile "default" of `, key: keyID, files: map[string]string{
				sdkCredentials: "[default]\ntype = access_key\naccess_key_id = " + keyID + "\naccess_key_secret = " + keySecret,
			},
		}, {
			name: "attached ECS role", wantName: "the role of the ECS instance",
		},
	}
}

func (c sourceCase) configuration() (config Configuration) {
	if c.configure != nil {
		c.configure(&config)
	}
	return config
}

// isECSRole reports whether the credentials come from the metadata service. Parallel tests can't use that service.
func (c sourceCase) isECSRole() bool { return c.key == "" && c.by == "" }

// TestPairsOfSources sets every pair of sources. It checks that the first one in search order is used, or that there is
// an error if the provider block sets both.
func TestPairsOfSources(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	all := sourceCases(t, s, startSTS(t, s, identity.STSOptions{}))
	if len(all) != len(Sources) {
		t.Fatalf("%d cases for %d sources", len(all), len(Sources))
	}
	for i, first := range all {
		for j, second := range all[i:] {
			t.Run(first.name+" and "+second.name, func(t *testing.T) {
				t.Parallel()
				env := newEnv(
					t, slices.Concat(first.variables, second.variables, []string{"ALIBABA_CLOUD_SECURITY_TOKEN=decoy"})...,
				)
				for _, c := range []sourceCase{first, second} {
					for name, content := range c.files {
						writeFile(t, env.Home, name, content)
					}
				}
				config := first.configuration()
				if second.configure != nil && j > 0 {
					second.configure(&config)
				}
				if first.configure != nil && second.configure != nil && j > 0 {
					_, err := fetch(t, config, env)
					checkArgument(t, err, second.argument, first.argument+" and "+second.argument, "set only one")
					return
				}
				found := find(t, config, env)
				if sessions := first.key == ""; !strings.HasPrefix(found.Name, first.wantName) || found.Sessions != sessions {
					t.Errorf("found %q, sessions %t; want %q, %t", found.Name, found.Sessions, first.wantName, sessions)
				}
				if first.isECSRole() {
					return
				}
				got, err := found.Credentials.Credentials(t.Context())
				if err != nil || first.key != "" && got.AccessKeyID != first.key || first.by != "" && got.SecurityToken == "" {
					t.Errorf("credentials %v, error %v; want %s%s", got, err, first.key, first.by)
				}
			})
		}
	}
}

// TestEachVariable checks the result if only one variable of an argument is set.
func TestEachVariable(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	uri := startSidecar(t, s, time.Hour).URL()
	file := writeFile(t, t.TempDir(), "elsewhere", cliProfiles)
	const nothing = "no credential source is set"
	expected := map[string]struct{ value, wantName, err string }{ // $variable is the name of the variable
		"access_key":                              {"x", "", "$variable is set and "},
		"secret_key":                              {"hidden", "", "$variable is set and "},
		"security_token":                          {"hidden", "", nothing}, // a token alone is ignored
		"profile":                                 {"x", "", `there is no profile "x"`},
		"shared_credentials_file":                 {file, `the profile "main" of ` + file, ""},
		"ecs_role_name":                           {"x", "the ECS role x of $variable", ""},
		"credentials_uri":                         {uri, "the sidecar set by $variable", ""},
		"assume_role.role_arn":                    {"x", "", nothing},
		"assume_role.session_name":                {"x", "", nothing},
		"assume_role.session_expiration":          {"x", "", nothing},
		"assume_role_with_oidc.oidc_provider_arn": {"x", "", "OIDC also needs ALIBABA_CLOUD_OIDC_TOKEN"},
		"assume_role_with_oidc.role_arn":          {"x", "", nothing},
		"assume_role_with_oidc.oidc_token":        {"hidden", "", "OIDC also needs ALIBABA_CLOUD_OIDC_PROVIDER_ARN"},
		"assume_role_with_oidc.oidc_token_file":   {"x", "", "OIDC also needs ALIBABA_CLOUD_OIDC_PROVIDER_ARN"},
		"assume_role_with_oidc.role_session_name": {"x", "", nothing},
		"region":       {"x", "", nothing},
		"sts_endpoint": {"x", "", nothing},
	}
	for _, argument := range Arguments {
		want, ok := expected[argument.Name]
		if ok != (len(argument.Variables) > 0) {
			t.Errorf("%s has the variables %v", argument.Name, argument.Variables)
		}
		for _, variable := range argument.Variables {
			t.Run(argument.Name+" "+variable, func(t *testing.T) {
				t.Parallel()
				variables := []string{variable + "=" + want.value + "\n"}
				if argument.Name != "ecs_role_name" {
					variables = append(variables, metadataDisabled+"=true")
				}
				env := newEnv(t, variables...)
				if want.err != "" {
					_, err := fetch(t, Configuration{}, env)
					checkError(t, err, strings.ReplaceAll(want.err, "$variable", variable))
					if on := (*ArgumentError)(nil); errors.As(err, &on) {
						t.Errorf("the error is about the argument %s, which is not set", on.Argument)
					}
					return
				}
				if got := find(t, Configuration{}, env).Name; got != strings.ReplaceAll(want.wantName, "$variable", variable) {
					t.Errorf("found %q", got)
				}
				switch argument.Name {
				case "credentials_uri":
					if got, err := fetch(t, Configuration{}, env); err != nil || got.SecurityToken == "" {
						t.Errorf("credentials %v, error %v; want a session", got, err)
					}
				case "shared_credentials_file":
					if got, err := fetch(t, Configuration{}, env); err != nil || got.AccessKeyID != "main-id" {
						t.Errorf("credentials %v, error %v; want main-id", got, err)
					}
				}
			})
		}
	}
}

// checkFixFirst checks that an error first names the simplest fixes, and then the other texts in their order.
func checkFixFirst(t *testing.T, err error, others ...string) {
	t.Helper()
	position := 0
	for _, want := range append([]string{"aliyun configure", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"}, others...) {
		next := strings.Index(err.Error()[position:], want)
		if next < 0 {
			t.Fatalf("%q is not in its place: %v", want, err)
		}
		position += next
	}
	if before, _, _ := strings.Cut(err.Error(), others[0]); strings.Contains(before, "ALIBABA_CLOUD_PROFILE") {
		t.Errorf("the fix follows the variables: %v", err)
	}
}

func TestNothingSet(t *testing.T) {
	t.Parallel()
	// The error names what can be set, and the variables and files that were searched.
	facts := []string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
		"ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE", "ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE",
		"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI",
		"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret_key",
		"aliyun configure",
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED",
	}
	env := newEnv(t, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=True\n")
	_, err := fetch(t, Configuration{}, env)
	checkError(t, err, append(facts, env.Home+"/.aliyun/config.json", env.Home+"/.alibabacloud/credentials")...)
	checkFixFirst(t, err, "set `access_key`", "ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABA_CLOUD_ECS_METADATA_DISABLED")

	_, err = fetch(t, Configuration{}, newEnv(t, metadataDisabled+"=true", "ALIBABA_CLOUD_BEARER_TOKEN=hidden"))
	checkError(t, err, "does not support the variables ALIBABA_CLOUD_BEARER_TOKEN")

	env.Home = ""
	_, err = fetch(t, Configuration{}, env)
	checkError(t, err, append(facts, "home directory is unknown")...)

	_, err = fetch(
		t, Configuration{}, newEnv(t, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true", "ALIBABA_CLOUD_ECS_METADATA=my-role"),
	)
	checkError(t, err, "ALIBABA_CLOUD_ECS_METADATA_DISABLED", "ALIBABA_CLOUD_ECS_METADATA needs")
}

// TestNoHome runs without a home directory. It checks that the working directory, which contains credential files, is
// not used in its place.
func TestNoHome(t *testing.T) {
	home := t.TempDir()
	writeFile(t, home, cliConfig, `{"current": "a", "profiles": [
		{"name": "a", "mode": "AK", "access_key_id": "decoy", "access_key_secret": "key"}]}`)
	t.Chdir(home)
	env := newEnv(t, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true")
	env.Home = ""
	_, err := fetch(t, Configuration{}, env)
	checkError(t, err, "home directory is unknown")
}

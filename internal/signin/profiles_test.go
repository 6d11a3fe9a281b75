package signin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

const cliProfiles = `{"current": "main", "profiles": [
	{"name": "main", "mode": "AK", "access_key_id": "main-id ", "access_key_secret": "hidden-main\n", "sts_token": "not of this mode"},
	{"name": "session", "mode": "StsToken", "access_key_id": "STS.session", "access_key_secret": "hidden-session", "sts_token": "hidden-token"},
	{"name": "main", "mode": "AK", "access_key_id": "second of this name", "access_key_secret": "hidden"},
	{"name": "no token", "mode": "StsToken", "access_key_id": "x", "access_key_secret": "hidden", "sts_token": ""},
	{"name": "no secret", "mode": "AK", "access_key_id": "x", "access_key_secret": " "},
	{"name": "role without keys", "mode": "RamRoleArn", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "role without ARN", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "hidden"},
	{"name": "role too short", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "hidden", "ram_role_arn": "r", "expired_seconds": 60},
	{"name": "OIDC without token", "mode": "OIDC", "oidc_provider_arn": "x", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "own source", "mode": "ChainableRamRoleArn", "source_profile": "own source", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "ping", "mode": "ChainableRamRoleArn", "source_profile": "pong", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "pong", "mode": "ChainableRamRoleArn", "source_profile": "ping", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "no source", "mode": "ChainableRamRoleArn", "source_profile": "gone", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "broken source", "mode": "ChainableRamRoleArn", "source_profile": "no secret", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "SSO logged out", "mode": "CloudSSO", "cloud_sso_sign_in_url": "x", "access_token": "hidden", "cloud_sso_access_token_expire": 1},
	{"name": "instance", "mode": "EcsRamRole", "ram_role_name": "x"},
	{"name": "odd", "mode": "Teleport", "access_key_id": "x", "access_key_secret": "hidden"},
	null, {"mode": "AK"}
]}`

func TestCLIProfiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, content string
		id, token     string
		err           []string
	}{
		"current":            {"", cliProfiles, "main-id", "", nil},
		"by name":            {"session", cliProfiles, "STS.session", "hidden-token", nil},
		"line end":           {"session\n", cliProfiles, "STS.session", "hidden-token", nil},
		"wrong name":         {"other", cliProfiles, "", "", []string{`no profile "other"`, "main", "session"}},
		"no token":           {"no token", cliProfiles, "", "", []string{`"no token"`, "StsToken", "sts_token", "aliyun configure"}},
		"no secret":          {"no secret", cliProfiles, "", "", []string{"access_key_secret"}},
		"a number":           {"", `{"current": "n", "profiles": [{"name": "n", "mode": "AK", "access_key_id": 5, "access_key_secret": "hidden"}]}`, "", "", []string{"access_key_id"}},
		"role without keys":  {"role without keys", cliProfiles, "", "", []string{"access_key_id"}},
		"role without ARN":   {"role without ARN", cliProfiles, "", "", []string{"ram_role_arn"}},
		"role too short":     {"role too short", cliProfiles, "", "", []string{"config.json", "900s"}},
		"OIDC without token": {"OIDC without token", cliProfiles, "", "", []string{"oidc_token_file"}},
		"own source":         {"own source", cliProfiles, "", "", []string{"its own source_profile"}},
		"sources in a ring":  {"ping", cliProfiles, "", "", []string{"its own source_profile"}},
		"no source":          {"no source", cliProfiles, "", "", []string{`"gone"`}},
		"broken source":      {"broken source", cliProfiles, "", "", []string{`"no secret"`, "access_key_secret"}},
		"logged out":         {"SSO logged out", cliProfiles, "", "", []string{"config.json", "re-login"}},
		"metadata disabled":  {"instance", cliProfiles, "", "", []string{`"instance"`, metadataDisabled}},
		"unknown mode":       {"odd", cliProfiles, "", "", []string{`"Teleport"`, "AK, ChainableRamRoleArn"}},
		"malformed":          {"", `{"profiles": [{"access_key_secret": "hidden",`, "", "", []string{"is not the JSON", "aliyun configure"}},
		"another shape":      {"", `{"profiles": "hidden"}`, "", "", []string{"is not the JSON"}},
		"no JSON":            {"", "access_key_secret hidden", "", "", []string{"is not the JSON"}},
		"empty file":         {"", "", "", "", []string{"is not the JSON"}},
		"no profiles":        {"", "{}", "", "", []string{`no profile ""`}},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			surroundings := around(t, "ALIBABA_CLOUD_PROFILE="+test.name, metadataDisabled+"=true")
			write(t, surroundings.Home, cliConfig, test.content)
			// A source that is there and broken is no reason to try the next.
			write(t, surroundings.Home, sdkCredentials, sdkSections)
			checkSignIn(t, surroundings, test.id, test.token, test.err)
		})
	}
}

const sdkSections = `
[default]
type = access_key
access_key_id = default-id
access_key_secret = hidden-default
[other]
type = access_key
access_key_id = other-id
access_key_secret = hidden-other
[no secret]
type = access_key
access_key_id = x
access_key_secret =
[role]
type = ram_role_arn
access_key_id = x
access_key_secret = hidden
[instance]
type = ecs_ram_role
[named instance]
type = ecs_ram_role
role_name = x
[odd]
type = teleport
[untyped]
access_key_id = x
`

func TestSDKProfiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, content string
		id            string
		err           []string
	}{
		"default":              {"", sdkSections, "default-id", nil},
		"by name":              {"other", sdkSections, "other-id", nil},
		"wrong name":           {"gone", sdkSections, "", []string{"[gone]"}},
		"no secret":            {"no secret", sdkSections, "", []string{"[no secret]", "access_key_secret"}},
		"role without ARN":     {"role", sdkSections, "", []string{"role_arn"}},
		"instance, no name":    {"instance", sdkSections, "", []string{"role_name"}},
		"metadata disabled":    {"named instance", sdkSections, "", []string{metadataDisabled}},
		"unknown type":         {"odd", sdkSections, "", []string{`"teleport"`, "access_key"}},
		"no type":              {"untyped", sdkSections, "", []string{`type ""`}},
		"malformed":            {"", "[default]\naccess_key_secret hidden\n", "", []string{"neither the INI file"}},
		"the CLI's, by itself": {"session", cliProfiles, "STS.session", nil},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			token := ""
			if test.content == cliProfiles {
				token = "hidden-token"
			}
			// At home, and where the environment says.
			surroundings := around(t, "ALIBABA_CLOUD_PROFILE="+test.name, metadataDisabled+"=true")
			file := write(t, surroundings.Home, sdkCredentials, test.content)
			checkSignIn(t, surroundings, test.id, token, test.err)
			for _, variable := range []string{"ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"} {
				checkSignIn(t, around(t, "ALIBABA_CLOUD_PROFILE="+test.name, metadataDisabled+"=true", variable+"="+file+"\n"), test.id, token, test.err)
			}
		})
	}
}

func TestProfileFiles(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "elsewhere", cliProfiles)
	missing := filepath.Join(t.TempDir(), "missing")
	atHome := func(variables ...string) Surroundings {
		surroundings := around(t, append(variables, metadataDisabled+"=true")...)
		write(t, surroundings.Home, cliConfig, `{"current": "home", "profiles": [{"name": "home", "mode": "AK", "access_key_id": "home", "access_key_secret": "hidden"}]}`)
		return surroundings
	}
	checkSignIn(t, atHome(), "home", "", nil)
	for _, variable := range profileFiles {
		checkSignIn(t, atHome(variable+"="+file), "main-id", "", nil)
		checkSignIn(t, atHome(variable+"="+file, "ALICLOUD_PROFILE=session"), "STS.session", "hidden-token", nil)
		checkSignIn(t, atHome(variable+"="+missing), "", "", []string{missing, variable, "isn't there"})
		checkSignIn(t, atHome(variable+"="+filepath.Dir(file)), "", "", []string{filepath.Dir(file), "can't be read"})
	}
	checkSignIn(t, around(t, "ALICLOUD_PROFILE=x"), "", "", []string{`no profile "x"`, cliConfig, sdkCredentials})

	// Whoever disables the CLI's profiles has the SDKs' file read, and no file of the CLI.
	disabled := atHome("ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true")
	checkSignIn(t, disabled, "", "", []string{metadataDisabled})
	write(t, disabled.Home, sdkCredentials, sdkSections)
	checkSignIn(t, disabled, "default-id", "", nil)

	// A file that is there and can't be read is broken, and no reason to try the next.
	unreadable := around(t)
	if err := os.MkdirAll(filepath.Join(unreadable.Home, cliConfig), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, unreadable.Home, sdkCredentials, sdkSections)
	checkSignIn(t, unreadable, "", "", []string{"can't be read", cliConfig})
}

func TestProfileIsReadAgain(t *testing.T) {
	t.Parallel()
	surroundings := around(t)
	write(t, surroundings.Home, sdkCredentials, "[default]\ntype = access_key\naccess_key_id = before\naccess_key_secret = x")
	made, err := Find(surroundings)
	if err != nil {
		t.Fatal(err)
	}
	before, err := made.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	write(t, surroundings.Home, sdkCredentials, "[default]\ntype = access_key\naccess_key_id = after\naccess_key_secret = x")
	if !made.Renew(before) {
		t.Error("a file can't be read again")
	}
	after, err := made.Credentials(t.Context())
	if err != nil || after.AccessKeyID != "after" {
		t.Errorf("signed in as %q (%v), want after", after.AccessKeyID, err)
	}
}

func checkSignIn(t *testing.T, surroundings Surroundings, id, token string, wantErr []string) {
	t.Helper()
	got, err := signIn(t, surroundings)
	if wantErr != nil {
		checkError(t, err, wantErr...)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(paiclient.Credentials{AccessKeyID: id, SecurityToken: token},
		paiclient.Credentials{AccessKeyID: got.AccessKeyID, SecurityToken: got.SecurityToken}); diff != "" {
		t.Errorf("credentials (-want +got):\n%s", diff)
	}
	if got.AccessKeySecret == "" || strings.TrimSpace(got.AccessKeySecret) != got.AccessKeySecret {
		t.Errorf("the secret is %q", got.AccessKeySecret)
	}
}

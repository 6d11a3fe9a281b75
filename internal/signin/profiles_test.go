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
		"no profiles":        {"", "{}", "", "", []string{"names no current profile"}},
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
	for _, variable := range Environment("shared_credentials_file") {
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
	made, err := Find(Configuration{}, surroundings)
	if err != nil {
		t.Fatal(err)
	}
	before, err := made.Source.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	write(t, surroundings.Home, sdkCredentials, "[default]\ntype = access_key\naccess_key_id = after\naccess_key_secret = x")
	if !made.Source.Renew(before) {
		t.Error("a file can't be read again")
	}
	after, err := made.Source.Credentials(t.Context())
	if err != nil || after.AccessKeyID != "after" {
		t.Errorf("signed in as %q (%v), want after", after.AccessKeyID, err)
	}
}

// TestProfileBreaks while the session is under way.
func TestProfileBreaks(t *testing.T) {
	t.Parallel()
	surroundings := around(t)
	file := write(t, surroundings.Home, cliConfig, configOf(t, map[string]any{"mode": "AK", "access_key_id": "x", "access_key_secret": "hidden"}))
	source := find(t, Configuration{}, surroundings).Source
	before, err := source.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	write(t, surroundings.Home, cliConfig, `{"hidden":`)
	if !source.Renew(before) {
		t.Error("a file can't be read again")
	}
	_, err = source.Credentials(t.Context())
	checkError(t, err, "the profile it of "+file+" gave no credentials", "is not the JSON", "aliyun sts GetCallerIdentity")
}

func TestProfileWithATilde(t *testing.T) {
	t.Parallel()
	for _, variable := range Environment("shared_credentials_file") {
		surroundings := around(t, variable+"=~/elsewhere")
		write(t, surroundings.Home, "elsewhere", cliProfiles)
		checkSignIn(t, surroundings, "main-id", "", nil)
		surroundings.Home = ""
		checkSignIn(t, surroundings, "", "", []string{variable + ": ~/elsewhere can't be found"})
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

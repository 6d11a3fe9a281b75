package signin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

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
[other.child]
type = access_key
access_key_id = child-id
`

// checkKeys fetches credentials. It checks the access key ID and the security token, or the error if wantErr is set.
func checkKeys(t *testing.T, env Env, id, token string, wantErr []string) {
	t.Helper()
	got, err := fetch(t, Configuration{}, env)
	if wantErr != nil {
		checkError(t, err, wantErr...)
		return
	}
	if err != nil || got.AccessKeyID != id || got.SecurityToken != token {
		t.Errorf("credentials %v, error %v; want %q with token %q", got, err, id, token)
	}
	if got.AccessKeySecret == "" || strings.TrimSpace(got.AccessKeySecret) != got.AccessKeySecret {
		t.Errorf("the secret is %q", got.AccessKeySecret)
	}
}

func TestProfileOfBlock(t *testing.T) {
	t.Parallel()
	const region = `{"current": "here", "profiles": [
		{"name": "here", "mode": "AK", "access_key_id": "here-id", "access_key_secret": "hidden",
			"region_id": " cn-shanghai "},
		{"name": "there", "mode": "AK", "access_key_id": "there-id", "access_key_secret": "hidden"}]}`
	elsewhere := filepath.Join("elsewhere", "file")
	byFile := Configuration{SharedCredentialsFile: "~/elsewhere/file"}
	for name, test := range map[string]struct {
		files         map[string]string
		config        Configuration
		id, region    string
		argument, err string
	}{
		"name": {files: map[string]string{cliConfig: region}, config: Configuration{Profile: "there"}, id: "there-id"},
		"name, with a region": {
			files: map[string]string{cliConfig: region}, config: Configuration{Profile: "here", Region: "cn-beijing"},
			id: "here-id", region: "cn-shanghai",
		},
		"name in the SDKs' file": {
			files: map[string]string{sdkCredentials: sdkSections}, config: Configuration{Profile: "other"}, id: "other-id",
		},
		"name in the second file only": {
			files:  map[string]string{cliConfig: region, sdkCredentials: sdkSections},
			config: Configuration{Profile: "other"}, argument: "profile", err: `no profile "other"`,
		},
		"name, no files": {config: Configuration{Profile: "x"}, argument: "profile", err: `there is no profile "x"`},
		"file": {
			files: map[string]string{elsewhere: region}, config: byFile, id: "here-id", region: "cn-shanghai",
		},
		"file of the SDKs": {files: map[string]string{elsewhere: sdkSections}, config: byFile, id: "default-id"},
		"file, byte order mark": {
			files: map[string]string{elsewhere: "\xef\xbb\xbf" + region}, config: byFile, id: "here-id", region: "cn-shanghai",
		},
		"file, not valid": {
			files: map[string]string{cliConfig: region, elsewhere: "{"}, config: byFile, argument: "shared_credentials_file",
			err: "is not the JSON",
		},
		"file of another's home": {
			config: Configuration{SharedCredentialsFile: "~user/file"}, argument: "shared_credentials_file",
			err: "~user/file does not exist",
		},
		"file and name": {
			files:  map[string]string{elsewhere: region},
			config: Configuration{SharedCredentialsFile: "~/elsewhere/file", Profile: "there"}, id: "there-id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Neither profileDisabled nor the variables for profile and file apply to the provider block.
			env := newDecoyEnv(t, profileDisabled+"=true")
			for name, content := range test.files {
				writeFile(t, env.Home, name, content)
			}
			if test.err != "" {
				_, err := fetch(t, test.config, env)
				checkArgument(t, err, test.argument, test.err)
				return
			}
			found := find(t, test.config, env)
			got, err := found.Credentials.Credentials(t.Context())
			if err != nil || got.AccessKeyID != test.id || found.Region != test.region {
				t.Errorf("credentials %v in %q, error %v; want %q in %q", got, found.Region, err, test.id, test.region)
			}
		})
	}
	for argument, config := range map[string]Configuration{
		"profile": {Profile: "x"}, "shared_credentials_file": {SharedCredentialsFile: "~/x"},
	} {
		_, err := fetch(t, config, Env{Getenv: newEnv(t).Getenv})
		checkArgument(t, err, argument, "home directory is unknown")
	}
	_, err := fetch(t, Configuration{ECSRoleName: "x"}, newEnv(t, metadataDisabled+"=true"))
	checkArgument(t, err, "ecs_role_name", metadataDisabled)
}

func TestProfileOfEnvironment(t *testing.T) {
	t.Parallel()
	file := writeFile(t, t.TempDir(), "elsewhere", cliProfiles)
	missing := filepath.Join(t.TempDir(), "missing")
	withHome := func(variables ...string) Env {
		env := newEnv(t, append(variables, metadataDisabled+"=true")...)
		writeFile(t, env.Home, cliConfig, `{"current": "home", "profiles": [
			{"name": "home", "mode": "AK", "access_key_id": "home", "access_key_secret": "hidden"}]}`)
		return env
	}
	checkKeys(t, withHome(), "home", "", nil)
	for _, variable := range Variables("shared_credentials_file") {
		checkKeys(t, withHome(variable+"="+file), "main-id", "", nil)
		checkKeys(t, withHome(variable+"="+file, "ALICLOUD_PROFILE=session"), "STS.session", "hidden-token", nil)
		checkKeys(t, withHome(variable+"="+missing), "", "", []string{missing, variable, "does not exist"})
		checkKeys(t, withHome(variable+"="+filepath.Dir(file)), "", "", []string{"read " + filepath.Dir(file)})
	}
	checkKeys(t, newEnv(t, "ALICLOUD_PROFILE=x"), "", "", []string{`no profile "x"`, cliConfig, sdkCredentials})

	// With this variable, only the SDKs' file is read.
	disabled := withHome("ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true")
	checkKeys(t, disabled, "", "", []string{metadataDisabled})
	writeFile(t, disabled.Home, sdkCredentials, sdkSections)
	checkKeys(t, disabled, "default-id", "", nil)

	// If a file can't be read, the next file is not tried.
	unreadable := newEnv(t)
	if err := os.MkdirAll(filepath.Join(unreadable.Home, cliConfig), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, unreadable.Home, sdkCredentials, sdkSections)
	checkKeys(t, unreadable, "", "", []string{"read the credentials", cliConfig})
}

func TestProfileFileWithTilde(t *testing.T) {
	t.Parallel()
	for _, variable := range Variables("shared_credentials_file") {
		env := newEnv(t, variable+"=~/elsewhere")
		writeFile(t, env.Home, "elsewhere", cliProfiles)
		checkKeys(t, env, "main-id", "", nil)
		env.Home = ""
		checkKeys(t, env, "", "", []string{variable + ": ~/elsewhere", "home directory is unknown"})
	}
}

func TestRenewReadsProfileAgain(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	writeFile(t, env.Home, sdkCredentials, "[default]\ntype = access_key\naccess_key_id = before\naccess_key_secret = x")
	source := find(t, Configuration{}, env).Credentials
	before, err := source.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, env.Home, sdkCredentials, "[default]\ntype = access_key\naccess_key_id = after\naccess_key_secret = x")
	if !source.Renew(before) {
		t.Error("Renew returned false")
	}
	got, err := source.Credentials(t.Context())
	checkCredentials(t, got, err, paiclient.Credentials{AccessKeyID: "after", AccessKeySecret: "x"})

	file := writeFile(t, env.Home, sdkCredentials, `{"hidden":`)
	source.Renew(got)
	_, err = source.Credentials(t.Context())
	checkError(t, err, `the profile "default" of `+file, "is not the JSON", "aliyun sts GetCallerIdentity")
}

func TestSDKProfiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		profile, content string
		id               string
		err              []string
	}{
		"default":                {"", sdkSections, "default-id", nil},
		"by name":                {"other", sdkSections, "other-id", nil},
		"child section":          {"other.child", sdkSections, "", []string{"[other.child]", "has no access_key_secret"}},
		"wrong name":             {"gone", sdkSections, "", []string{"[gone]"}},
		"no secret":              {"no secret", sdkSections, "", []string{"[no secret]", "access_key_secret"}},
		"role without an ARN":    {"role", sdkSections, "", []string{"role_arn"}},
		"instance without role":  {"instance", sdkSections, "", []string{"role_name"}},
		"metadata disabled":      {"named instance", sdkSections, "", []string{metadataDisabled}},
		"unsupported type":       {"odd", sdkSections, "", []string{`"teleport"`, "access_key, ecs_ram_role"}},
		"no type":                {"untyped", sdkSections, "", []string{`type ""`}},
		"malformed":              {"", "[default]\naccess_key_secret hidden\n", "", []string{"neither an INI file"}},
		"JSON of the CLI's file": {"session", cliProfiles, "STS.session", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := ""
			if test.content == cliProfiles {
				token = "hidden-token"
			}
			variables := []string{"ALIBABA_CLOUD_PROFILE=" + test.profile, metadataDisabled + "=true"}
			env := newEnv(t, variables...)
			file := writeFile(t, env.Home, sdkCredentials, test.content)
			checkKeys(t, env, test.id, token, test.err)
			for _, variable := range []string{"ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"} {
				checkKeys(t, newEnv(t, append(variables, variable+"="+file+"\n")...), test.id, token, test.err)
			}
		})
	}
}

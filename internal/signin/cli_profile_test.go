package signin

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

const cliProfiles = `{"current": "main", "profiles": [
	{"name": "main", "mode": "AK", "access_key_id": "main-id ", "access_key_secret": "hidden-main\n",
		"sts_token": "of another mode"},
	{"name": "session", "mode": "StsToken", "access_key_id": "STS.session", "access_key_secret": "hidden-session",
		"sts_token": "hidden-token"},
	{"name": "main", "mode": "AK", "access_key_id": "second of this name", "access_key_secret": "hidden"},
	{"name": "no token", "mode": "StsToken", "access_key_id": "x", "access_key_secret": "hidden", "sts_token": ""},
	{"name": "no secret", "mode": "AK", "access_key_id": "x", "access_key_secret": " "},
	{"name": "role without keys", "mode": "RamRoleArn", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "role without ARN", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "hidden"},
	{"name": "role too short", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "hidden",
		"ram_role_arn": "r", "expired_seconds": 60},
	{"name": "OIDC without token", "mode": "OIDC", "oidc_provider_arn": "x", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "own source", "mode": "ChainableRamRoleArn", "source_profile": "own source",
		"ram_role_arn": "acs:ram::1:role/x"},
	{"name": "ping", "mode": "ChainableRamRoleArn", "source_profile": "pong", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "pong", "mode": "ChainableRamRoleArn", "source_profile": "ping", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "no source", "mode": "ChainableRamRoleArn", "source_profile": "gone", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "broken source", "mode": "ChainableRamRoleArn", "source_profile": "no secret",
		"ram_role_arn": "acs:ram::1:role/x"},
	{"name": "logged out", "mode": "CloudSSO", "cloud_sso_sign_in_url": "x", "access_token": "hidden",
		"cloud_sso_access_token_expire": 1},
	{"name": "instance", "mode": "EcsRamRole", "ram_role_name": "x"},
	{"name": "odd", "mode": "Teleport", "access_key_id": "x", "access_key_secret": "hidden"},
	{"name": "lower case", "mode": "ststoken", "access_key_id": "STS.lower", "access_key_secret": "hidden-lower",
		"sts_token": "hidden-token"},
	{"name": "anonymous", "mode": "Anonymous", "access_key_id": "x", "access_key_secret": "hidden"},
	{"name": "bearer", "mode": "BearerToken", "bearer_token": "hidden"},
	{"name": "deprecated", "mode": "RamRoleArnWithRoleName", "ram_role_name": "x", "ram_role_arn": "acs:ram::1:role/x"},
	{"name": "key pair", "mode": "RsaKeyPair", "private_key": "hidden", "key_pair_name": "x"},
	{"name": "bad STS", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "hidden",
		"ram_role_arn": "acs:ram::1:role/x", "sts_endpoint": "http://sts.example.com"},
	null, {"mode": "AK"}
]}`

// oneProfile returns a configuration of the CLI with a single profile, named "it".
func oneProfile(t *testing.T, members map[string]any) string {
	t.Helper()
	members["name"] = "it"
	content, err := json.Marshal(map[string]any{"current": "it", "profiles": []any{members}})
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestCLIProfiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		profile, content string
		id, token        string
		err              []string
	}{
		"current":             {"", cliProfiles, "main-id", "", nil},
		"by name":             {"session", cliProfiles, "STS.session", "hidden-token", nil},
		"name with a newline": {"session\n", cliProfiles, "STS.session", "hidden-token", nil},
		"wrong name":          {"other", cliProfiles, "", "", []string{`no profile "other"`, "main", "session"}},
		"no token": {
			"no token", cliProfiles, "", "", []string{`"no token"`, "StsToken", "sts_token", "aliyun configure"},
		},
		"no secret":           {"no secret", cliProfiles, "", "", []string{"access_key_secret"}},
		"role without keys":   {"role without keys", cliProfiles, "", "", []string{"access_key_id"}},
		"role without an ARN": {"role without ARN", cliProfiles, "", "", []string{"ram_role_arn"}},
		"role too short":      {"role too short", cliProfiles, "", "", []string{"config.json", "900s"}},
		"OIDC without token":  {"OIDC without token", cliProfiles, "", "", []string{"oidc_token_file"}},
		"own source_profile":  {"own source", cliProfiles, "", "", []string{"its own source_profile"}},
		"cycle of profiles":   {"ping", cliProfiles, "", "", []string{"its own source_profile"}},
		"no source_profile":   {"no source", cliProfiles, "", "", []string{`"gone"`}},
		"broken source":       {"broken source", cliProfiles, "", "", []string{`"no secret"`, "access_key_secret"}},
		"logged out":          {"logged out", cliProfiles, "", "", []string{"config.json", "re-login"}},
		"metadata disabled":   {"instance", cliProfiles, "", "", []string{`"instance"`, metadataDisabled}},
		"unsupported mode":    {"odd", cliProfiles, "", "", []string{`"Teleport"`, "AK, ChainableRamRoleArn"}},
		"lower-case mode":     {"lower case", cliProfiles, "STS.lower", "hidden-token", nil},
		"Anonymous":           {"anonymous", cliProfiles, "", "", []string{"mode Anonymous", "not supported"}},
		"BearerToken":         {"bearer", cliProfiles, "", "", []string{"mode BearerToken", "not supported"}},
		"role of an instance": {"deprecated", cliProfiles, "", "", []string{"RamRoleArnWithRoleName", "ChainableRamRoleArn"}},
		"RsaKeyPair":          {"key pair", cliProfiles, "", "", []string{"mode RsaKeyPair", "not supported"}},
		"wrong STS endpoint":  {"bad STS", cliProfiles, "", "", []string{`"bad STS"`, "sts_endpoint"}},
		"number as ID": {
			"", `{"current": "n", "profiles": [{"name": "n", "mode": "AK", "access_key_id": 5, "access_key_secret": "hidden"}]}`,
			"", "",
			[]string{"access_key_id"},
		},
		"malformed": {
			"", `{"profiles": [{"access_key_secret": "hidden",`, "", "", []string{"is not the JSON", "aliyun configure"},
		},
		"another shape": {"", `{"profiles": "hidden"}`, "", "", []string{"is not the JSON"}},
		"not JSON":      {"", "access_key_secret hidden", "", "", []string{"is not the JSON"}},
		"empty file":    {"", "\n", "", "", []string{"config.json is empty", "aliyun configure"}},
		"empty object":  {"", "{}", "", "", []string{"has no profiles", "aliyun configure"}},
		"no profiles":   {"", `{"current": "x", "profiles": []}`, "", "", []string{"has no profiles"}},
		"little-endian": {
			"", "\xff\xfe{\x00}\x00", "", "", []string{"config.json is encoded in UTF-16", "UTF-8"},
		},
		"big-endian":         {"", "\xfe\xff\x00{\x00}", "", "", []string{"UTF-16"}},
		"no byte order mark": {"", "{\x00}\x00", "", "", []string{"UTF-16"}},
		"no current profile": {
			"", `{"profiles": [{"name": "x", "mode": "AK"}, {"name": "default", "mode": "AK",
				"access_key_id": "default", "access_key_secret": "hidden"}]}`, "default", "", nil,
		},
		"empty current profile": {
			"", `{"current": "", "profiles": [{"name": "default", "mode": "AK",
				"access_key_id": "default", "access_key_secret": "hidden"}]}`, "default", "", nil,
		},
		"no default profile": {
			"", `{"profiles": [{"name": "x"}, {"name": "y"}]}`, "", "", []string{"no current profile", `"default"`, "x, y"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t, "ALIBABA_CLOUD_PROFILE="+test.profile, metadataDisabled+"=true")
			writeFile(t, env.Home, cliConfig, test.content)
			writeFile(t, env.Home, sdkCredentials, sdkSections) // must not be used
			checkKeys(t, env, test.id, test.token, test.err)
		})
	}
}

// TestSessionNameOfProfile checks that the variable of the session name applies only if the profile has none.
func TestSessionNameOfProfile(t *testing.T) {
	t.Parallel()
	for member, want := range map[string]string{"me": "me", "": "env"} {
		s := startSandbox(t)
		env := newEnv(t, "ALIBABA_CLOUD_ROLE_SESSION_NAME=env",
			"ALIBABA_CLOUD_STS_ENDPOINT="+startSTS(t, s, identity.STSOptions{}).Host())
		writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{
			"mode": "RamRoleArn", "access_key_id": keyID, "access_key_secret": keySecret,
			"ram_role_arn": testRole("r"), "ram_session_name": member,
		}))
		got, err := fetch(t, Configuration{}, env)
		if session := checkLastSession(t, got, err, s, identity.ByAssumeRole); session.Name != want {
			t.Errorf("ram_session_name %q: session name %q, want %q", member, session.Name, want)
		}
	}
}

// TestRolesOfProfiles checks the requests that profiles with a role send to STS.
func TestRolesOfProfiles(t *testing.T) {
	t.Parallel()
	const (
		own   = "|me|{}|external|900"
		short = "|terraform|||3600"
	)
	for name, want := range map[string][]string{ // action, role, session name, policy, external ID, seconds
		"keys":           {"AssumeRole|" + testRole("1") + own},
		"plain":          {"AssumeRole|" + testRole("1") + short},
		"chain":          {"AssumeRole|" + testRole("2") + short},
		"chain of chain": {"AssumeRole|" + testRole("1") + own, "AssumeRole|" + testRole("3") + short},
		"oidc":           {"AssumeRoleWithOIDC|" + testRole("4") + short},
		"oidc in home":   {"AssumeRoleWithOIDC|" + testRole("4") + short},
		"oidc token":     {"AssumeRoleWithOIDC|" + testRole("4") + short},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			base := s.Issue(paisandbox.Session{By: "test"}, time.Hour)
			token := map[string]string{
				"oidc":         identity.OIDCToken(s, "file", time.Hour),
				"oidc in home": identity.OIDCToken(s, "home", time.Hour),
				"oidc token":   identity.OIDCToken(s, "member", time.Hour),
			}
			keys := fmt.Sprintf(`"access_key_id": %q, "access_key_secret": %q`, keyID, keySecret)
			oidc := fmt.Sprintf(`"mode": "OIDC", "oidc_provider_arn": %q, "ram_role_arn": %q`, testProvider, testRole("4"))
			config := fmt.Sprintf(`{"profiles": [
				{"name": "keys", "mode": "RamRoleArn", %[1]s, "ram_role_arn": %[2]q, "ram_session_name": "me",
					"policy": "{}", "external_id": "external", "expired_seconds": 900},
				{"name": "plain", "mode": "RamRoleArn", %[1]s, "ram_role_arn": %[2]q},
				{"name": "token", "mode": "StsToken", "access_key_id": %[3]q, "access_key_secret": %[4]q, "sts_token": %[5]q},
				{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "token", "ram_role_arn": %[6]q},
				{"name": "chain of chain", "mode": "ChainableRamRoleArn", "source_profile": "keys", "ram_role_arn": %[7]q},
				{"name": "oidc", %[8]s, "oidc_token_file": %[9]q},
				{"name": "oidc in home", %[8]s, "oidc_token_file": "~/token"},
				{"name": "oidc token", %[8]s, "oidc_token": %[10]q}]}`,
				keys, testRole("1"), base.AccessKeyID, base.AccessKeySecret, base.SecurityToken, testRole("2"), testRole("3"), oidc,
				writeFile(t, t.TempDir(), "token", token["oidc"]+"\n"), token["oidc token"])
			env := newEnv(t, "ALIBABA_CLOUD_PROFILE="+name, "ALIBABA_CLOUD_STS_ENDPOINT="+sts.Host())
			writeFile(t, env.Home, cliConfig, config)
			writeFile(t, env.Home, "token", token["oidc in home"])
			got, err := fetch(t, Configuration{}, env)
			by := identity.ByAssumeRole
			if token[name] != "" {
				by = identity.ByAssumeRoleWithOIDC
			}
			session := checkLastSession(t, got, err, s, by)
			requests := sts.Requests()
			lines := parametersSent(requests, "Action", "RoleArn", "RoleSessionName", "Policy", "ExternalId", "DurationSeconds")
			if diff := cmp.Diff(want, lines); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if sentToken := requests[len(requests)-1].Parameter("OIDCToken"); sentToken != token[name] {
				t.Errorf("OIDC token %q, want %q", sentToken, token[name])
			}
			parents := map[string]string{
				"keys": keyID, "plain": keyID, "chain": base.AccessKeyID, "chain of chain": s.Sessions()[1].AccessKeyID,
			}
			if session.Parent != parents[name] {
				t.Errorf("the role was assumed with %q, want %q", session.Parent, parents[name])
			}
		})
	}
}

func TestProfileOfSidecar(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	uri := startSidecar(t, s, time.Hour).URL()
	for value, want := range map[string]string{
		uri: "", " " + uri + "\n": "", "hidden": "invalid `credentials_uri`", "": "has no `credentials_uri`",
	} {
		env := newEnv(t)
		writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{"mode": "CredentialsURI", "credentials_uri": value}))
		got, err := fetch(t, Configuration{}, env)
		if want != "" {
			checkError(t, err, `the profile "it"`, want)
			continue
		}
		checkLastSession(t, got, err, s, identity.BySidecar)
	}
}

func TestProfileOfCloudSSO(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sso, err := identity.StartSSO(t.Context(), s, identity.SSOOptions{})
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	for name, test := range map[string]struct {
		url     string
		expires time.Time
		err     []string
	}{
		"logged in":  {sso.URL() + "/start", later, nil},
		"expired":    {sso.URL(), time.Now().Add(-time.Hour), []string{"config.json", "re-login"}},
		"plain HTTP": {"http://sso.example.com", later, []string{"cloud_sso_sign_in_url", "https"}},
		"another host": {
			"https://sso.example.com", later, []string{`profile "it" of `, "sso.example.com", "aliyun sts GetCallerIdentity"},
		},
		"plain HTTP, this machine": {"http://127.0.0.1:1", later, []string{"connection refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{
				"mode": "CloudSSO", "cloud_sso_sign_in_url": test.url, "cloud_sso_account_id": "1", "cloud_sso_access_config": "c",
				"access_token": sso.AccessToken(), "cloud_sso_access_token_expire": test.expires.Unix(),
			}))
			got, err := fetch(t, Configuration{}, env)
			if test.err != nil {
				checkError(t, err, test.err...)
				if strings.Contains(err.Error(), sso.AccessToken()) {
					t.Errorf("the error contains the access token: %v", err)
				}
				return
			}
			if session := checkLastSession(t, got, err, s, identity.ByCloudSSO); session.RoleARN != "1/c" {
				t.Errorf("account and configuration %s, want 1/c", session.RoleARN)
			}
		})
	}
}

// TestProfileOfInstance checks that a profile without a role name uses the attached role, and not the role of the
// environment.
func TestProfileOfInstance(t *testing.T) { //nolint:paralleltest // the metadata service has a fixed address
	for _, disabled := range []string{"true", "false"} {
		s := startSandbox(t)
		useMetadata(t, s)
		env := newEnv(t, imdsV1Disabled+"="+disabled, "ALIBABA_CLOUD_ECS_METADATA=decoy")
		file := writeFile(t, env.Home, "file", oneProfile(t, map[string]any{"mode": "EcsRamRole"}))
		got, err := fetch(t, Configuration{SharedCredentialsFile: file}, env)
		checkLastSession(t, got, err, s, identity.ByMetadata)
	}
}

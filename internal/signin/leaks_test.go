package signin

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// runLeakCases is the environment variable with which TestNothingIsPrinted runs the test binary as a program. It needs
// a new process, because the library reads DEBUG at startup.
const runLeakCases = "SIGNIN_TEST_RUN_LEAK_CASES"

// leakCase sets one credential source.
type leakCase struct {
	config    Configuration
	variables []string
	files     map[string]string // contents of files in the home directory
	fails     bool              // the source has no credentials
}

// leakCaseNames returns the names of all cases: one for each credential source, each mode of CLI profiles and each type
// of SDK profiles, and two more.
func leakCaseNames() []string {
	names := []string{"command without JSON", "assumed role"}
	for _, source := range Sources {
		switch {
		case source.Arguments != nil:
			names = append(names, "block: "+source.Name)
		case source.Variables != nil:
			names = append(names, "environment: "+source.Name)
		default:
			names = append(names, source.Name)
		}
	}
	for _, mode := range slices.Sorted(maps.Keys(cliModes)) {
		names = append(names, "mode "+mode)
	}
	for _, name := range slices.Sorted(maps.Keys(sdkTypes)) {
		names = append(names, "type "+name)
	}
	return names
}

// TestNothingIsPrinted fetches the credentials of every source with DEBUG=credential, with which the library prints the
// tokens that it sends. It checks that nothing is printed (design rule 4).
func TestNothingIsPrinted(t *testing.T) { //nolint:paralleltest // as a program, it routes the real names to its servers
	if os.Getenv(runLeakCases) != "" {
		printLeakCases(t)
		return
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNothingIsPrinted$")
	command.Env = append(os.Environ(), "DEBUG=credential", runLeakCases+"=true")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, output)
	}
	want := strings.Join(leakCaseNames(), "\n") + "\nend\n"
	for line := range strings.Lines(string(output)) {
		next, rest, _ := strings.Cut(want, "\n")
		if next == "" {
			break // the test binary prints its result
		}
		if strings.TrimSuffix(line, "\n") != next {
			t.Fatalf("printed before %q: %s", next, line)
		}
		want = rest
	}
	if want != "" {
		t.Errorf("not printed: %s", want)
	}
}

// printLeakCases prints the name of each case and fetches its credentials. It prints "end" after the last one,
// which fails if standard output remains disabled.
func printLeakCases(t *testing.T) {
	t.Helper()
	cases := newLeakCases(t)
	names := leakCaseNames()
	for _, name := range names {
		fmt.Println(name) //nolint:forbidigo // the output is what the test is about
		c, ok := cases[name]
		if !ok {
			t.Errorf("no case for %s", name)
			continue
		}
		env := newEnv(t, c.variables...)
		for file, content := range c.files {
			writeFile(t, env.Home, file, content)
		}
		if _, err := fetch(t, c.config, env); (err != nil) != c.fails {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if len(cases) != len(names) {
		t.Errorf("%d cases, want %d", len(cases), len(names))
	}
	fmt.Println("end") //nolint:forbidigo // as above
}

// newLeakCases starts servers and returns the cases by name.
func newLeakCases(t *testing.T) map[string]leakCase {
	t.Helper()
	s := startSandbox(t)
	useMetadata(t, s)
	sso, err := identity.StartSSO(t.Context(), s, identity.SSOOptions{})
	if err != nil {
		t.Fatal(err)
	}
	useProxy(t, map[string]string{"oauth.aliyun.com:443": sso.Host()})
	sts := startSTS(t, s, identity.STSOptions{}).Host()
	sidecar := startSidecar(t, s, time.Hour).URL()
	token, role := identity.OIDCToken(s, "me", time.Hour), testRole("r")
	base := s.Issue(paisandbox.Session{By: "test"}, time.Hour)

	keys := map[string]any{"access_key_id": keyID, "access_key_secret": keySecret}
	oidc := []string{
		"ALIBABA_CLOUD_OIDC_TOKEN=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=" + testProvider,
		"ALIBABA_CLOUD_ROLE_ARN=" + role, "STS_ENDPOINT=" + sts,
	}
	cases := map[string]leakCase{
		"block: static keys": {config: Configuration{AccessKey: keyID, SecretKey: keySecret}},
		"block: OIDC": {config: Configuration{
			OIDC: &OIDC{ProviderARN: testProvider, RoleARN: role, Token: token}, STSEndpoint: sts,
		}},
		"block: sidecar":  {config: Configuration{CredentialsURI: sidecar}},
		"block: ECS role": {config: Configuration{ECSRoleName: "attached"}},
		"assumed role": {config: Configuration{
			AccessKey: base.AccessKeyID, SecretKey: base.AccessKeySecret, SecurityToken: base.SecurityToken,
			AssumeRole: &AssumeRole{RoleARN: &role}, STSEndpoint: sts,
		}},
		"environment: static keys": {
			variables: []string{"ALICLOUD_ACCESS_KEY=" + keyID, "ALICLOUD_SECRET_KEY=" + keySecret},
		},
		"environment: OIDC":        {variables: oidc},
		"environment: sidecar":     {variables: []string{"ALIBABA_CLOUD_CREDENTIALS_URI=" + sidecar}},
		"environment: ECS role":    {variables: []string{"ALIBABA_CLOUD_ECS_METADATA=attached"}},
		"role of the ECS instance": {},
	}
	// addProfile adds the case of a profile of the CLI.
	addProfile := func(name string, members ...map[string]any) {
		all := make(map[string]any)
		for _, m := range members {
			maps.Copy(all, m)
		}
		c := cases[name]
		c.files = map[string]string{cliConfig: oneProfile(t, all)}
		c.variables = append(c.variables, "STS_ENDPOINT="+sts)
		cases[name] = c
	}
	expires := time.Now().Add(time.Hour).Unix()
	assumed := map[string]any{"ram_role_arn": role, "ram_session_name": "me"}
	cases["block: profile"] = leakCase{config: Configuration{Profile: "it"}}
	cases["environment: profile"] = leakCase{variables: []string{"ALIBABA_CLOUD_PROFILE=it"}}
	cases["command without JSON"] = leakCase{fails: true}
	addProfile("block: profile", map[string]any{"mode": "AK"}, keys)
	addProfile("environment: profile", map[string]any{"mode": "AK"}, keys)
	addProfile("current profile of the Alibaba Cloud CLI", map[string]any{"mode": "AK"}, keys)
	addProfile("mode AK", map[string]any{"mode": "AK"}, keys)
	addProfile("mode StsToken", map[string]any{
		"mode": "StsToken", "access_key_id": base.AccessKeyID, "access_key_secret": base.AccessKeySecret,
		"sts_token": base.SecurityToken,
	})
	addProfile("mode RamRoleArn", map[string]any{"mode": "RamRoleArn"}, keys, assumed)
	addProfile("mode EcsRamRole", map[string]any{"mode": "EcsRamRole"})
	addProfile("mode OIDC", map[string]any{
		"mode": "OIDC", "oidc_provider_arn": testProvider, "oidc_token": token,
	}, assumed)
	addProfile("mode CredentialsURI", map[string]any{"mode": "CredentialsURI", "credentials_uri": sidecar})
	addProfile("mode CloudSSO", map[string]any{
		"mode": "CloudSSO", "cloud_sso_sign_in_url": sso.URL(), "cloud_sso_account_id": "1", "cloud_sso_access_config": "c",
		"access_token": sso.AccessToken(), "cloud_sso_access_token_expire": expires,
	})
	addProfile("mode OAuth", map[string]any{
		"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": sso.AccessToken(),
		"oauth_refresh_token": sso.RefreshToken(), "oauth_access_token_expire": expires,
	})
	addProfile("mode External", map[string]any{
		"mode": "External", "process_command": `echo '{"mode":"AK","access_key_id":"id","access_key_secret":"hidden"}'`,
	})
	addProfile("command without JSON", map[string]any{"mode": "External", "process_command": "echo hidden"})
	cases["mode ChainableRamRoleArn"] = leakCase{
		variables: []string{"STS_ENDPOINT=" + sts},
		files: map[string]string{cliConfig: fmt.Sprintf(`{"current": "a", "profiles": [
			{"name": "a", "mode": "ChainableRamRoleArn", "source_profile": "b", "ram_role_arn": %q},
			{"name": "b", "mode": "AK", "access_key_id": %q, "access_key_secret": %q}]}`, role, keyID, keySecret)},
	}
	const sdkKeys = "access_key_id = " + keyID + "\naccess_key_secret = " + keySecret + "\n"
	for name, section := range map[string]string{
		"default profile of the SDKs": "type = access_key\n" + sdkKeys,
		"type access_key":             "type = access_key\n" + sdkKeys,
		"type ecs_ram_role":           "type = ecs_ram_role\nrole_name = attached\n",
		"type ram_role_arn":           "type = ram_role_arn\nrole_session_name = me\nrole_arn = " + role + "\n" + sdkKeys,
	} {
		cases[name] = leakCase{
			variables: []string{"STS_ENDPOINT=" + sts},
			files:     map[string]string{sdkCredentials: "[default]\n" + section},
		}
	}
	return cases
}

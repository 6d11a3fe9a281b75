package signin

import (
	"maps"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// TestImpliedModes checks the modes of profiles without a mode against those that version 3.4 of the CLI infers.
func TestImpliedModes(t *testing.T) {
	t.Parallel()
	const id, secret, role = "access_key_id", "access_key_secret", "ram_role_arn"
	for want, cases := range map[string][][]string{
		"AK":          {{id, secret}, {id, secret, "ram_role_name"}},
		"StsToken":    {{id, secret, "sts_token"}, {id, secret, "sts_token", role}},
		"RamRoleArn":  {{id, secret, role}},
		"RsaKeyPair":  {{"private_key", "key_pair_name"}},
		"EcsRamRole":  {{"ram_role_name"}, {id, "ram_role_name", "process_command"}},
		"External":    {{"process_command"}, {"process_command", "oidc_provider_arn", "oidc_token_file", role}},
		"OIDC":        {{"oidc_provider_arn", "oidc_token_file", role, "cloud_sso_sign_in_url"}},
		"CloudSSO":    {{"cloud_sso_sign_in_url", "bearer_token"}},
		"BearerToken": {{"bearer_token"}},
		"":            {{}, {id}, {secret}, {role}, {"credentials_uri"}, {"source_profile", role}, {"private_key"}},
	} {
		for _, names := range cases {
			members := cliProfile{"mode": " "}
			for _, name := range names {
				members[name] = "x"
			}
			if got := members.mode(); got != want {
				t.Errorf("mode %q of a profile with %v, want %q", got, names, want)
			}
		}
	}
	env := newEnv(t)
	writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{"credentials_uri": "hidden"}))
	_, err := fetch(t, Configuration{}, env)
	checkError(t, err, `profile "it"`, "no `mode`", "aliyun configure --profile it")
}

// TestProfileSettingsForSTS checks which STS a role of a profile is assumed at, and that the role is assumed with the
// security token of the profile.
func TestProfileSettingsForSTS(t *testing.T) { //nolint:paralleltest // it routes the names of STS
	s := startSandbox(t)
	sts := startSTS(t, s, identity.STSOptions{})
	base := s.Issue(paisandbox.Session{By: "test"}, time.Hour)
	hosts := []string{
		"sts.aliyuncs.com", "sts.cn-beijing.aliyuncs.com", "sts-vpc.cn-beijing.aliyuncs.com", "sts.example.com",
		"sts.cn-shanghai.aliyuncs.com", "sts-vpc.cn-shanghai.aliyuncs.com",
	}
	vpc, public := paiclient.NetworkVPC, paiclient.NetworkPublic
	for name, test := range map[string]struct { //nolint:paralleltest // as above
		members   map[string]any
		variables []string
		network   string // of the provider block
		want      string
	}{
		"nothing":       {nil, nil, "", "sts.aliyuncs.com"},
		"region":        {map[string]any{"region_id": "cn-beijing"}, nil, "", hosts[1]},
		"endpoint_type": {map[string]any{"region_id": "cn-beijing", "endpoint_type": "VPC"}, nil, "", hosts[2]},
		"another endpoint_type": {
			map[string]any{"region_id": "cn-beijing", "endpoint_type": "public"}, nil, "", hosts[1],
		},
		"endpoint_type and network": {
			map[string]any{"region_id": "cn-beijing", "endpoint_type": "vpc"}, nil, public, hosts[1],
		},
		"network":    {map[string]any{"region_id": "cn-beijing"}, nil, vpc, hosts[2]},
		"sts_region": {map[string]any{"region_id": "cn-beijing", "sts_region": "cn-shanghai"}, nil, "", hosts[4]},
		"sts_region, enable_vpc": {
			map[string]any{"sts_region": "cn-shanghai", "enable_vpc": true}, nil, "", hosts[5],
		},
		"sts_endpoint": {
			map[string]any{"sts_region": "cn-shanghai", "enable_vpc": true, "sts_endpoint": "sts.example.com"},
			nil, "",
			"sts.example.com",
		},
		"sts_endpoint and variable": {
			map[string]any{"sts_endpoint": "sts.example.com"}, []string{"ALIBABA_CLOUD_STS_ENDPOINT=" + hosts[4]}, "", hosts[4],
		},
	} {
		for _, mode := range []string{"RamRoleArn", "assume_role"} {
			t.Run(name+", "+mode, func(t *testing.T) {
				route := make(map[string]string)
				for _, host := range hosts {
					if host == test.want {
						route[host+":443"] = sts.Host()
					}
				}
				useProxy(t, route)
				members := map[string]any{
					"mode": "RamRoleArn", "access_key_id": base.AccessKeyID, "access_key_secret": base.AccessKeySecret,
					"sts_token": base.SecurityToken, "ram_role_arn": testRole("r"),
				}
				config := Configuration{Network: test.network}
				if mode == "assume_role" {
					arn := testRole("r")
					members["mode"], config.AssumeRole = "StsToken", &AssumeRole{RoleARN: &arn}
				}
				maps.Copy(members, test.members)
				env := newEnv(t, test.variables...)
				writeFile(t, env.Home, cliConfig, oneProfile(t, members))
				found := find(t, config, env)
				got, err := found.Credentials.Credentials(t.Context())
				session := checkLastSession(t, got, err, s, identity.ByAssumeRole)
				if session.Parent != base.AccessKeyID {
					t.Errorf("%s assumed the role, want %s", session.Parent, base.AccessKeyID)
				}
				wantNetwork := members["endpoint_type"] == "vpc" || members["endpoint_type"] == "VPC"
				if (found.Network == vpc) != wantNetwork {
					t.Errorf("network %q, want that of the profile", found.Network)
				}
			})
		}
	}
}

// TestIgnoredProfiles checks that the variable of the CLI disables the default profiles, and that it conflicts with a
// named profile.
func TestIgnoredProfiles(t *testing.T) {
	t.Parallel()
	for _, ignore := range ignoreVariables {
		withFiles := func(variables ...string) Env {
			env := newEnv(t, append(variables, ignore+"=True", metadataDisabled+"=true")...)
			writeFile(t, env.Home, cliConfig, cliProfiles)
			writeFile(t, env.Home, sdkCredentials, sdkSections)
			return env
		}
		checkKeys(t, withFiles(), "", "", []string{"no credential source", ignore + " disables all profiles"})
		for _, variable := range Variables("profile", "shared_credentials_file") {
			checkKeys(t, withFiles(variable+"=session"), "", "", []string{variable, ignore})
		}
		for argument, config := range map[string]Configuration{
			"profile": {Profile: "session"}, "shared_credentials_file": {SharedCredentialsFile: "x"},
		} {
			_, err := fetch(t, config, withFiles())
			checkArgument(t, err, argument, ignore)
		}
		env := withFiles("ALIBABA_CLOUD_ACCESS_KEY_ID=x", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=y")
		checkKeys(t, env, "x", "", nil)
	}
	env := newEnv(t, ignoreVariables[0]+"=false")
	writeFile(t, env.Home, cliConfig, cliProfiles)
	checkKeys(t, env, "main-id", "", nil)
}

// TestHomeDir checks that the account database is used only without a home directory in the environment.
func TestHomeDir(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /etc/passwd")
	}
	t.Setenv("HOME", "/elsewhere")
	if got := HomeDir(); got != "/elsewhere" {
		t.Errorf("home directory %q, want that of the environment", got)
	}
	t.Setenv("HOME", "")
	content, err := os.ReadFile("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		fields := strings.Split(line, ":")
		if len(fields) < 6 || fields[2] != strconv.Itoa(os.Getuid()) {
			continue
		}
		if got := HomeDir(); got != fields[5] {
			t.Errorf("home directory %q, want %q", got, fields[5])
		}
		return
	}
	t.Skip("the user is not in /etc/passwd")
}

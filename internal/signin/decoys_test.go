package signin

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestEnvironmentIsNotAsked sets every variable that the library looks at by itself to a decoy, in the environment of
// the process, while the surroundings name one way each: none of the decoys may come into it.
func TestEnvironmentIsNotAsked(t *testing.T) {
	home := t.TempDir()
	decoyCLI := write(t, home, cliConfig, strings.ReplaceAll(cliProfiles, "main-id", "decoy-id"))
	decoySDK := write(t, home, sdkCredentials, strings.ReplaceAll(sdkSections, "default-id", "decoy-id"))
	decoySidecar, asked := serve(t, http.StatusOK, session("decoy", time.Hour))
	for _, name := range []string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN",
		"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE",
		"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN",
		"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
		"ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABA_CLOUD_STS_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION",
		"ALICLOUD_REGION_ID", "ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT", "ALICLOUD_STS_ENDPOINT", "STS_ENDPOINT",
	} {
		t.Setenv(name, "decoy")
	}
	t.Setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", write(t, home, "token", "decoy"))
	t.Setenv("ALIBABA_CLOUD_CONFIG_FILE", decoyCLI)
	t.Setenv("ALIBABA_CLOUD_CREDENTIALS_FILE", decoySDK)
	t.Setenv("ALICLOUD_SHARED_CREDENTIALS_FILE", decoyCLI)
	t.Setenv("ALIBABA_CLOUD_CREDENTIALS_URI", decoySidecar)
	t.Setenv("ALICLOUD_CREDENTIALS_URI", decoySidecar)
	t.Setenv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")
	t.Setenv("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true")
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)

	sts, latest := serveSTS(t)
	sidecar, _ := serve(t, http.StatusOK, session("sidecar", time.Hour))
	token := write(t, t.TempDir(), "token", "the-token")
	role := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := "attached"
		if name := strings.TrimPrefix(r.URL.Path, metadataPath); name != "" {
			body = session(name, time.Hour)
		}
		_, _ = w.Write([]byte(body))
	})
	metadata.Store(&role)
	t.Cleanup(func() { metadata.Store(nil) })

	config := func(profile string) string { return `{"current": "a", "profiles": [{"name": "a", ` + profile + `}]}` }
	const keys = `"access_key_id": "the-id", "access_key_secret": "key"`
	tests := []struct {
		name      string
		variables []string
		cli, sdk  string // files at home
		want      string // the key's id; empty: an error
	}{
		{"keys", []string{"ALICLOUD_ACCESS_KEY=the-id", "ALICLOUD_SECRET_KEY=key"}, "", "", "the-id"},
		{"half a key", []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=the-id"}, "", "", ""},
		{"OIDC", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN=role", "STS_ENDPOINT=" + sts}, "", "", "STS.role"},
		{"OIDC without a role", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "STS_ENDPOINT=" + sts}, "", "", ""},
		{"sidecar", []string{"ALIBABA_CLOUD_CREDENTIALS_URI=" + sidecar}, "", "", "STS.sidecar"},
		{"named instance role", []string{"ALIBABA_CLOUD_ECS_METADATA=named"}, "", "", "STS.named"},
		{"own instance role", nil, "", "", "STS.attached"},
		{"AK", nil, config(`"mode": "AK", ` + keys), "", "the-id"},
		{"AK without a secret", nil, config(`"mode": "AK", "access_key_id": "the-id"`), "", ""},
		{"StsToken", nil, config(`"mode": "StsToken", "sts_token": "t", ` + keys), "", "the-id"},
		{"StsToken without a token", nil, config(`"mode": "StsToken", ` + keys), "", ""},
		{"RamRoleArn", []string{"STS_ENDPOINT=" + sts}, config(`"mode": "RamRoleArn", "ram_role_arn": "role", ` + keys), "", "STS.role"},
		{"RamRoleArn without a role", []string{"STS_ENDPOINT=" + sts}, config(`"mode": "RamRoleArn", ` + keys), "", ""},
		{"RamRoleArn without keys", []string{"STS_ENDPOINT=" + sts}, config(`"mode": "RamRoleArn", "ram_role_arn": "role"`), "", ""},
		{"OIDC profile", []string{"STS_ENDPOINT=" + sts}, config(`"mode": "OIDC", "ram_role_arn": "role", "oidc_provider_arn": "p", "oidc_token_file": "` + token + `"`), "", "STS.role"},
		{"EcsRamRole", nil, config(`"mode": "EcsRamRole", "ram_role_name": "named"`), "", "STS.named"},
		{"EcsRamRole without a name", nil, config(`"mode": "EcsRamRole"`), "", "STS.attached"},
		{"CloudSSO, logged out", nil, config(`"mode": "CloudSSO"`), "", ""},
		{"no current profile", nil, `{"profiles": [{"name": "decoy", "mode": "AK", ` + keys + `}]}`, "", ""},
		{"access_key", nil, "", "[default]\ntype=access_key\naccess_key_id=the-id\naccess_key_secret=k", "the-id"},
		{"access_key without an id", nil, "", "[default]\ntype=access_key\naccess_key_secret=k", ""},
		{"no default section", nil, "", "[decoy]\ntype=access_key\naccess_key_id=the-id\naccess_key_secret=k", ""},
		{"ram_role_arn", []string{"STS_ENDPOINT=" + sts}, "", "[default]\ntype=ram_role_arn\naccess_key_id=the-id\naccess_key_secret=k\nrole_arn=role\nrole_session_name=s", "STS.role"},
		{"ecs_ram_role", nil, "", "[default]\ntype=ecs_ram_role\nrole_name=named", "STS.named"},
	}
	for _, test := range tests { //nolint:paralleltest // they look at one STS, and at the environment
		t.Run(test.name, func(t *testing.T) {
			latest.Store(nil)
			surroundings := around(t, test.variables...)
			if test.cli != "" {
				write(t, surroundings.Home, cliConfig, test.cli)
			}
			if test.sdk != "" {
				write(t, surroundings.Home, sdkCredentials, test.sdk)
			}
			got, err := signIn(t, surroundings)
			if (err != nil) != (test.want == "") || got.AccessKeyID != test.want {
				t.Errorf("signed in as %q (%v), want %q", got.AccessKeyID, err, test.want)
			}
			if strings.Contains(got.AccessKeySecret+got.SecurityToken, "decoy") {
				t.Errorf("signed in with a decoy: %v", got)
			}
			if test.name == "keys" && got.SecurityToken != "" {
				t.Errorf("a token %q that nobody gave", got.SecurityToken)
			}
			if sent := latest.Load(); sent != nil && strings.Contains(sent.Encode(), "decoy") {
				t.Errorf("STS was sent a decoy: %s", sent.Encode())
			}
			if asked.Load() != 0 {
				t.Error("the decoy sidecar was asked")
			}
		})
	}
}

package signin

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// decoys gives every variable that the library or this package knows with a value that nobody means, and puts files
// with decoys into a home.
func decoys(home string) map[string]string {
	files := map[string]string{
		cliConfig:      strings.ReplaceAll(cliProfiles, "main-id", "decoy-id"),
		sdkCredentials: strings.ReplaceAll(sdkSections, "default-id", "decoy-id"),
		"token":        "decoy",
	}
	for name, content := range files {
		file := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			panic(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			panic(err)
		}
	}
	variables := make(map[string]string)
	for _, argument := range Arguments {
		for _, name := range argument.Environment {
			variables[name] = "decoy"
		}
	}
	for _, name := range []string{
		"ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION", "ALICLOUD_REGION_ID", "ALIBABA_CLOUD_STS_REGION",
	} {
		variables[name] = "decoy"
	}
	maps.Copy(variables, map[string]string{
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE":      filepath.Join(home, "token"),
		"ALIBABA_CLOUD_CONFIG_FILE":          filepath.Join(home, cliConfig),
		"ALIBABA_CLOUD_CREDENTIALS_FILE":     filepath.Join(home, sdkCredentials),
		"ALICLOUD_SHARED_CREDENTIALS_FILE":   filepath.Join(home, cliConfig),
		"ALIBABA_CLOUD_CREDENTIALS_URI":      "http://127.0.0.1:1/decoy",
		"ALICLOUD_CREDENTIALS_URI":           "http://127.0.0.1:1/decoy",
		"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true",
		"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true",
		"HOME":                               home,
		"USERPROFILE":                        home,
	})
	return variables
}

// aroundDecoys are surroundings that offer every way and a role, all decoys; these variables are as they are given.
func aroundDecoys(t *testing.T, variables ...string) Surroundings {
	t.Helper()
	set := decoys(t.TempDir())
	for _, name := range append(Environment("sts_endpoint"), append(sessionVariables, profileDisabled)...) {
		delete(set, name) // these may come into it
	}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		set[name] = value
	}
	return Surroundings{Getenv: func(name string) string { return set[name] }, Home: t.TempDir()}
}

// TestEnvironmentIsNotAsked has the surroundings name one way each, while the environment of the process, which the
// library would ask, holds decoys: none of them may come into it.
func TestEnvironmentIsNotAsked(t *testing.T) { //nolint:paralleltest // it needs the metadata's address for itself
	sts := serveSTS(t)
	sidecar := serve(t, http.StatusOK, session("sidecar", time.Hour))
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
		{"OIDC", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN=role", "STS_ENDPOINT=" + sts.host}, "", "", "STS.role"},
		{"OIDC without a role", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "STS_ENDPOINT=" + sts.host}, "", "", ""},
		{"sidecar", []string{"ALIBABA_CLOUD_CREDENTIALS_URI=" + sidecar}, "", "", "STS.sidecar"},
		{"named instance role", []string{"ALIBABA_CLOUD_ECS_METADATA=named"}, "", "", "STS.named"},
		{"own instance role", nil, "", "", "STS.attached"},
		{"AK", nil, config(`"mode": "AK", ` + keys), "", "the-id"},
		{"AK without a secret", nil, config(`"mode": "AK", "access_key_id": "the-id"`), "", ""},
		{"StsToken", nil, config(`"mode": "StsToken", "sts_token": "t", ` + keys), "", "the-id"},
		{"StsToken without a token", nil, config(`"mode": "StsToken", ` + keys), "", ""},
		{"RamRoleArn", []string{"STS_ENDPOINT=" + sts.host}, config(`"mode": "RamRoleArn", "ram_role_arn": "role", ` + keys), "", "STS.role"},
		{"RamRoleArn without a role", []string{"STS_ENDPOINT=" + sts.host}, config(`"mode": "RamRoleArn", ` + keys), "", ""},
		{"RamRoleArn without keys", []string{"STS_ENDPOINT=" + sts.host}, config(`"mode": "RamRoleArn", "ram_role_arn": "role"`), "", ""},
		{"OIDC profile", []string{"STS_ENDPOINT=" + sts.host}, config(`"mode": "OIDC", "ram_role_arn": "role", "oidc_provider_arn": "p", "oidc_token_file": "` + token + `"`), "", "STS.role"},
		{"EcsRamRole", nil, config(`"mode": "EcsRamRole", "ram_role_name": "named"`), "", "STS.named"},
		{"EcsRamRole without a name", nil, config(`"mode": "EcsRamRole"`), "", "STS.attached"},
		{"CloudSSO, logged out", nil, config(`"mode": "CloudSSO"`), "", ""},
		{"no current profile", nil, `{"profiles": [{"name": "decoy", "mode": "AK", ` + keys + `}]}`, "", ""},
		{"access_key", nil, "", "[default]\ntype=access_key\naccess_key_id=the-id\naccess_key_secret=k", "the-id"},
		{"access_key without an id", nil, "", "[default]\ntype=access_key\naccess_key_secret=k", ""},
		{"no default section", nil, "", "[decoy]\ntype=access_key\naccess_key_id=the-id\naccess_key_secret=k", ""},
		{"ram_role_arn", []string{"STS_ENDPOINT=" + sts.host}, "", "[default]\ntype=ram_role_arn\naccess_key_id=the-id\naccess_key_secret=k\nrole_arn=role\nrole_session_name=s", "STS.role"},
		{"ecs_ram_role", nil, "", "[default]\ntype=ecs_ram_role\nrole_name=named", "STS.named"},
	}
	for _, test := range tests { //nolint:paralleltest // as above
		t.Run(test.name, func(t *testing.T) {
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
			if test.name == "keys" && got.SecurityToken != "" {
				t.Errorf("a token %q that nobody gave", got.SecurityToken)
			}
		})
	}
}

package signin

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRolesOfProfiles looks at what STS is asked for the profiles that assume a role.
func TestRolesOfProfiles(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "token", "file-token\n")
	config := `{"profiles": [
		{"name": "keys", "mode": "RamRoleArn", "access_key_id": "my-id", "access_key_secret": "k", "ram_role_arn": "role-1", "ram_session_name": "mine",
			"policy": "{}", "external_id": "e", "expired_seconds": 900},
		{"name": "plain", "mode": "RamRoleArn", "access_key_id": "my-id", "access_key_secret": "k", "ram_role_arn": "role-1"},
		{"name": "token", "mode": "StsToken", "access_key_id": "STS.id", "access_key_secret": "k", "sts_token": "t"},
		{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "token", "ram_role_arn": "role-2"},
		{"name": "chain of chain", "mode": "ChainableRamRoleArn", "source_profile": "keys", "ram_role_arn": "role-3"},
		{"name": "oidc at home", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token_file": "~/token", "ram_role_arn": "role-4"},
		{"name": "oidc itself", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token": "itself", "ram_role_arn": "role-4"},
		{"name": "oidc", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token_file": "` + file + `", "ram_role_arn": "role-4"}]}`
	for name, want := range map[string][]string{
		"keys":           {"AssumeRole|role-1|mine|{}|e|900|my-id||"},
		"plain":          {"AssumeRole|role-1|terraform-provider-pai|||3600|my-id||"},
		"chain":          {"AssumeRole|role-2|terraform-provider-pai|||3600|STS.id|t|"},
		"chain of chain": {"AssumeRole|role-1|mine|{}|e|900|my-id||", "AssumeRole|role-3|terraform-provider-pai|||3600|STS.role-1|token of role-1|"},
		"oidc at home":   {"AssumeRoleWithOIDC|role-4|terraform-provider-pai|||3600|||home-token"},
		"oidc itself":    {"AssumeRoleWithOIDC|role-4|terraform-provider-pai|||3600|||itself"},
		"oidc":           {"AssumeRoleWithOIDC|role-4|terraform-provider-pai|||3600|||file-token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := serveSTS(t)
			surroundings := around(t, "ALIBABA_CLOUD_PROFILE="+name, "ALIBABA_CLOUD_STS_ENDPOINT="+sts.host)
			write(t, surroundings.Home, cliConfig, config)
			write(t, surroundings.Home, "token", "home-token")
			got, err := signIn(t, surroundings)
			if err != nil {
				t.Fatal(err)
			}
			sent := sts.sent("Action", "RoleArn", "RoleSessionName", "Policy", "ExternalId", "DurationSeconds", "AccessKeyId", "SecurityToken", "OIDCToken")
			if diff := cmp.Diff(want, sent); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			role := strings.Split(want[len(want)-1], "|")[1]
			if got != sessionOf(role) {
				t.Errorf("signed in as %v", got)
			}
		})
	}
}

package acctest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// signingIn is one way to sign in, through the real CLI.
type signingIn struct {
	file    string   // of examples/guides/sign-in
	environ []string // beside what leads to the cloud
	decoys  bool     // every other variable is set, and none of it may be used
	region  string   // that is asked; empty: cn-hangzhou

	// What signed the requests to the API: a session that was issued so, or where by is empty the fixed keys.
	by, role, session string
	parent            string // how the session was issued that this one's role was assumed with
	asksMetadata      bool
}

const lookUp = `
data "pai_images" "all" {}

output "count" {
  value = length(data.pai_images.all.images)
}
`

func guideSignIn(t *testing.T) {
	t.Helper()
	readGuidePage(t, "sign-in")
	const (
		id, secret = paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret
		plan       = "acs:ram::1234567890123456:role/terraform-plan"
		provider   = "acs:ram::1234567890123456:oidc-provider/github"
	)
	keys := []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=" + id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + secret + "\n"}
	profile := func(members map[string]any) func(*testing.T, *cloud) []string {
		return func(t *testing.T, c *cloud) []string {
			t.Helper()
			members["name"], members["region_id"] = "dev", "cn-shanghai"
			content, err := json.Marshal(map[string]any{"current": "other", "profiles": []any{members, map[string]any{
				"name": "base", "mode": "AK", "access_key_id": id, "access_key_secret": secret,
			}}})
			if err != nil {
				t.Fatal(err)
			}
			c.keep(t, ".aliyun/config.json", string(content))
			return nil
		}
	}
	token := func(variables ...string) func(*testing.T, *cloud) []string {
		return func(t *testing.T, c *cloud) []string {
			t.Helper()
			file := c.keep(t, "token", identity.OIDCToken(c.Sandbox, "repo:me/mine", time.Hour)+"\n")
			var environ []string
			for _, variable := range variables {
				environ = append(environ, variable+"="+file)
			}
			return environ
		}
	}
	devProfile := func(by, role string) signingIn {
		return signingIn{file: "profile.tf", decoys: true, region: "cn-shanghai", by: by, role: role}
	}
	used := make(map[string]bool)
	for name, test := range map[string]struct {
		signingIn
		prepare func(*testing.T, *cloud) []string // gives more of the environment
	}{
		"keys": {signingIn{file: "keys.tf", decoys: true, environ: []string{"TF_VAR_access_key=" + id, "TF_VAR_secret_key=" + secret + "\n"}}, nil},
		"keys of a session": {signingIn{file: "keys.tf", decoys: true, by: "test"}, func(_ *testing.T, c *cloud) []string {
			session := c.Issue(paisandbox.Session{By: "test"}, 0)
			return []string{"TF_VAR_access_key=" + session.AccessKeyID, "TF_VAR_secret_key=" + session.AccessKeySecret, "TF_VAR_security_token=" + session.SecurityToken}
		}},
		"profile, AK": {devProfile("", ""), profile(map[string]any{"mode": "AK", "access_key_id": id, "access_key_secret": secret})},
		"profile, RamRoleArn": {
			signingIn{file: "profile.tf", decoys: true, region: "cn-shanghai", by: identity.ByAssumeRole, role: plan, session: "me"},
			profile(map[string]any{"mode": "RamRoleArn", "access_key_id": id, "access_key_secret": secret, "ram_role_arn": plan, "ram_session_name": "me", "expired_seconds": 900}),
		},
		"profile, ChainableRamRoleArn": {
			devProfile(identity.ByAssumeRole, plan),
			profile(map[string]any{"mode": "ChainableRamRoleArn", "source_profile": "base", "ram_role_arn": plan}),
		},
		"profile, EcsRamRole": {
			signingIn{file: "profile.tf", decoys: true, region: "cn-shanghai", by: identity.ByMetadata, asksMetadata: true},
			profile(map[string]any{"mode": "EcsRamRole", "ram_role_name": "terraform-plan"}),
		},
		"profile, OIDC": {devProfile(identity.ByAssumeRoleWithOIDC, plan), func(t *testing.T, c *cloud) []string {
			t.Helper()
			token()(t, c)
			return profile(map[string]any{"mode": "OIDC", "oidc_provider_arn": provider, "ram_role_arn": plan, "oidc_token_file": filepath.Join(c.home, "token")})(t, c)
		}},
		"profile, CredentialsURI": {devProfile(identity.BySidecar, ""), func(t *testing.T, c *cloud) []string {
			t.Helper()
			return profile(map[string]any{"mode": "CredentialsURI", "credentials_uri": c.sidecar.URL() + "/x"})(t, c)
		}},
		"profile, CloudSSO": {devProfile(identity.ByCloudSSO, "1234567890123456/ac-1"), func(t *testing.T, c *cloud) []string {
			t.Helper()
			return profile(map[string]any{
				"mode": "CloudSSO", "cloud_sso_sign_in_url": c.sso.URL() + "/x/login", "cloud_sso_account_id": "1234567890123456",
				"cloud_sso_access_config": "ac-1", "access_token": c.sso.AccessToken(), "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
			})(t, c)
		}},
		"profile, OAuth": {devProfile(identity.ByOAuth, ""), func(t *testing.T, c *cloud) []string {
			t.Helper()
			before := c.sso.RefreshToken()
			t.Cleanup(func() {
				content, err := os.ReadFile(filepath.Join(c.home, ".aliyun", "config.json"))
				text := string(content)
				if after := c.sso.RefreshToken(); err != nil || after == before || !strings.Contains(text, after) ||
					!strings.Contains(text, `"base"`) || !strings.Contains(text, `"other"`) {
					t.Errorf("the new token is not kept, or something is lost: %v, %s", err, text)
				}
			})
			return profile(map[string]any{
				"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": c.sso.AccessToken(), "oauth_refresh_token": c.sso.RefreshToken(),
				"oauth_access_token_expire": time.Now().Add(-time.Hour).Unix(),
			})(t, c)
		}},
		"profile, External": {devProfile("command", ""), func(t *testing.T, c *cloud) []string {
			t.Helper()
			session := c.Issue(paisandbox.Session{By: "command"}, 0)
			answer, err := json.Marshal(map[string]string{
				"mode": "StsToken", "access_key_id": session.AccessKeyID, "access_key_secret": session.AccessKeySecret, "sts_token": session.SecurityToken,
			})
			if err != nil {
				t.Fatal(err)
			}
			return profile(map[string]any{"mode": "External", "process_command": "cat " + c.keep(t, "answer.json", string(answer))})(t, c)
		}},
		"profile of another file": {signingIn{file: "profile-of-another-file.tf", decoys: true}, func(t *testing.T, c *cloud) []string {
			t.Helper()
			c.keep(t, "work/aliyun.json", `{"profiles":[{"name":"ci","mode":"AK","access_key_id":"`+id+`","access_key_secret":"`+secret+`","region_id":"cn-shanghai"}]}`)
			return nil
		}},
		"profile of the SDKs' file": {signingIn{file: "profile-of-another-file.tf", decoys: true}, func(t *testing.T, c *cloud) []string {
			t.Helper()
			return []string{"TF_VAR_credentials_file=" + c.keep(t, "credentials", "[ci]\ntype = access_key\naccess_key_id = "+id+"\naccess_key_secret = "+secret+"\n")}
		}},
		"OIDC": {signingIn{file: "oidc.tf", decoys: true, by: identity.ByAssumeRoleWithOIDC, role: plan, session: "images"}, token("TF_VAR_oidc_token_file")},
		"OIDC, token from a variable": {signingIn{file: "oidc-token-from-a-variable.tf", decoys: true, by: identity.ByAssumeRoleWithOIDC, role: plan}, func(_ *testing.T, c *cloud) []string {
			return []string{"TF_VAR_oidc_token=" + identity.OIDCToken(c.Sandbox, "organization:me", time.Hour) + "\n"}
		}},
		"sidecar": {signingIn{file: "sidecar.tf", decoys: true, by: identity.BySidecar}, func(_ *testing.T, c *cloud) []string {
			return []string{"TF_VAR_credentials_uri=" + c.sidecar.URL()}
		}},
		"ECS role": {signingIn{file: "ecs-role.tf", decoys: true, by: identity.ByMetadata, asksMetadata: true}, nil},
		"assumed role": {signingIn{
			file: "assumed-role.tf", environ: keys, by: identity.ByAssumeRole, role: "acs:ram::1234567890123456:role/images-reader", session: "images",
		}, nil},
		"assumed role, by OIDC": {signingIn{
			file: "assumed-role-by-oidc.tf", decoys: true, by: identity.ByAssumeRole, role: "acs:ram::6543210987654321:role/images-reader",
			parent: identity.ByAssumeRoleWithOIDC,
		}, token("TF_VAR_oidc_token_file")},
		"environment, keys":       {signingIn{file: "environment.tf", environ: keys}, nil},
		"environment, other keys": {signingIn{file: "environment.tf", environ: []string{"ALICLOUD_ACCESS_KEY=" + id, "ALICLOUD_SECRET_KEY=" + secret}}, nil},
		"environment, keys and a role": {signingIn{
			file: "environment.tf", environ: append(keys, "ALIBABA_CLOUD_ROLE_ARN="+plan, "ALIBABA_CLOUD_ROLE_SESSION_NAME=nightly"),
			by: identity.ByAssumeRole, role: plan, session: "nightly",
		}, nil},
		"environment, OIDC as Kubernetes sets it": {signingIn{
			file: "environment.tf", environ: []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=" + provider, "ALIBABA_CLOUD_ROLE_ARN=" + plan},
			by: identity.ByAssumeRoleWithOIDC, role: plan,
		}, token("ALIBABA_CLOUD_OIDC_TOKEN_FILE")},
		"environment, profile": {
			signingIn{file: "environment.tf", environ: []string{"ALIBABA_CLOUD_PROFILE=dev"}},
			profile(map[string]any{"mode": "AK", "access_key_id": id, "access_key_secret": secret}),
		},
		"environment, sidecar": {signingIn{file: "environment.tf", by: identity.BySidecar}, func(_ *testing.T, c *cloud) []string {
			return []string{"ALIBABA_CLOUD_CREDENTIALS_URI=" + c.sidecar.URL()}
		}},
		"environment, ECS role": {signingIn{
			file: "environment.tf", environ: []string{"ALIBABA_CLOUD_ECS_METADATA=terraform-plan"}, by: identity.ByMetadata, asksMetadata: true,
		}, nil},
		"nothing, on an ECS instance": {signingIn{file: "environment.tf", by: identity.ByMetadata, asksMetadata: true}, nil},
	} {
		used[test.file] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			if test.prepare != nil {
				test.environ = append(slices.Clone(test.environ), test.prepare(t, c)...)
			}
			test.run(t, c)
		})
	}
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct{ Steps []struct{ Run string } }
	}
	content, err := os.ReadFile(root + "/examples/guides/sign-in/github-actions.yml")
	if err == nil {
		err = yaml.Unmarshal(content, &workflow)
	}
	if steps := workflow.Jobs["plan"].Steps; err != nil || workflow.Permissions["id-token"] != "write" ||
		!strings.Contains(steps[len(steps)-1].Run, "ALIBABA_CLOUD_OIDC_TOKEN_FILE") {
		t.Errorf("the workflow asks for no token: %v, %v", workflow, err)
	}
	files, err := filepath.Glob(root + "/examples/guides/sign-in/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !used[filepath.Base(file)] {
			t.Errorf("%s is not run", file)
		}
	}
}

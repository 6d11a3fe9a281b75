package acctest

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// devProfileTest returns a test in which the Alibaba Cloud CLI's configuration file has a profile named dev. The
// function members returns the profile's settings, and want is the expected signer.
func devProfileTest(want signer, members func(*testing.T, *cloud) map[string]any) signInTest {
	return signInTest{
		file: "profile.tf", decoys: true, region: "cn-shanghai", signer: want,
		prepare: func(t *testing.T, c *cloud) []string {
			t.Helper()
			writeDevProfile(t, c, members(t, c))
			return nil
		},
	}
}

// writeDevProfile writes a configuration file of the Alibaba Cloud CLI with the profiles dev and base.
func writeDevProfile(t *testing.T, c *cloud, members map[string]any) {
	t.Helper()
	members["name"], members["region_id"] = "dev", "cn-shanghai"
	base := map[string]any{"name": "base", "mode": "AK", "access_key_id": keyID, "access_key_secret": keySecret}
	content, err := json.Marshal(map[string]any{"current": "other", "profiles": []any{members, base}})
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, ".aliyun/config.json", string(content))
}

// profileTests returns a test of each mode that a profile of the Alibaba Cloud CLI can have.
func profileTests() map[string]signInTest {
	fixed := func(members map[string]any) func(*testing.T, *cloud) map[string]any {
		return func(*testing.T, *cloud) map[string]any { return members }
	}
	asPlanRole := func(session string) signer {
		return signer{by: identity.ByAssumeRole, role: planRole, session: session}
	}
	ramRole := devProfileTest(asPlanRole("me"), fixed(map[string]any{
		"mode": "RamRoleArn", "access_key_id": keyID, "access_key_secret": keySecret,
		"ram_role_arn": planRole, "ram_session_name": "me", "expired_seconds": 900,
	}))
	ramRoleOfSession := devProfileTest(
		signer{by: identity.ByAssumeRole, role: planRole, parent: "session"},
		func(_ *testing.T, c *cloud) map[string]any {
			session := c.Issue(paisandbox.Session{By: "session"}, time.Hour)
			return map[string]any{
				"mode": "RamRoleArn", "access_key_id": session.AccessKeyID, "access_key_secret": session.AccessKeySecret,
				"sts_token": session.SecurityToken, "ram_role_arn": planRole,
			}
		})
	ramRole.decoys, ramRoleOfSession.decoys = false, false // keys beside these profiles are an error
	return map[string]signInTest{
		"profile, AK": devProfileTest(signer{}, fixed(map[string]any{
			"mode": "AK", "access_key_id": keyID, "access_key_secret": keySecret,
		})),
		"profile, RamRoleArn":                ramRole,
		"profile, RamRoleArn with a session": ramRoleOfSession,
		"profile without a mode": devProfileTest(signer{by: "session"}, func(_ *testing.T, c *cloud) map[string]any {
			session := c.Issue(paisandbox.Session{By: "session"}, time.Hour)
			return map[string]any{
				"access_key_id": session.AccessKeyID, "access_key_secret": session.AccessKeySecret,
				"sts_token": session.SecurityToken,
			}
		}),
		"profile, ChainableRamRoleArn": devProfileTest(asPlanRole(""), fixed(map[string]any{
			"mode": "ChainableRamRoleArn", "source_profile": "base", "ram_role_arn": planRole,
		})),
		"profile, EcsRamRole": devProfileTest(signer{by: identity.ByMetadata}, fixed(map[string]any{
			"mode": "EcsRamRole", "ram_role_name": "terraform-plan",
		})),
		"profile, OIDC": devProfileTest(signer{by: identity.ByAssumeRoleWithOIDC, role: planRole},
			func(t *testing.T, c *cloud) map[string]any {
				t.Helper()
				return map[string]any{
					"mode": "OIDC", "oidc_provider_arn": oidcProvider, "ram_role_arn": planRole,
					"oidc_token_file": writeOIDCToken(t, c),
				}
			}),
		"profile, CredentialsURI": devProfileTest(signer{by: identity.BySidecar},
			func(_ *testing.T, c *cloud) map[string]any {
				return map[string]any{"mode": "CredentialsURI", "credentials_uri": c.sidecar.URL() + "/x"}
			}),
		"profile, CloudSSO": devProfileTest(signer{by: identity.ByCloudSSO, role: "1234567890123456/ac-1"},
			func(_ *testing.T, c *cloud) map[string]any {
				return map[string]any{
					"mode": "CloudSSO", "cloud_sso_sign_in_url": c.sso.URL() + "/x/login",
					"cloud_sso_account_id": "1234567890123456", "cloud_sso_access_config": "ac-1",
					"access_token": c.sso.AccessToken(), "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
				}
			}),
		"profile, OAuth": devProfileTest(signer{by: identity.ByOAuth}, oauthProfile),
		"profile, OAuth with a session": devProfileTest(signer{by: "cache"}, func(_ *testing.T, c *cloud) map[string]any {
			session := c.Issue(paisandbox.Session{By: "cache"}, time.Hour)
			return map[string]any{
				"mode": "OAuth", "oauth_site_type": "CN",
				"oauth_access_token": "used-access", "oauth_refresh_token": "used-refresh",
				"access_key_id": session.AccessKeyID, "access_key_secret": session.AccessKeySecret,
				"sts_token": session.SecurityToken, "sts_expiration": time.Now().Add(time.Hour).Unix(),
			}
		}),
		"profile, External": devProfileTest(signer{by: "command"}, func(t *testing.T, c *cloud) map[string]any {
			t.Helper()
			session := c.Issue(paisandbox.Session{By: "command"}, 0)
			response, err := json.Marshal(map[string]string{
				"mode": "StsToken", "access_key_id": session.AccessKeyID, "access_key_secret": session.AccessKeySecret,
				"sts_token": session.SecurityToken,
			})
			if err != nil {
				t.Fatal(err)
			}
			return map[string]any{
				"mode": "External", "process_command": "cat " + c.write(t, "response.json", string(response)),
			}
		}),
	}
}

// oauthProfile returns a profile whose access token has expired. At the end of the test, it checks that the provider
// has written the new refresh token to the file and has kept the rest of the file.
func oauthProfile(t *testing.T, c *cloud) map[string]any {
	t.Helper()
	before := c.sso.RefreshToken()
	t.Cleanup(func() {
		content := readFile(t, filepath.Join(c.home, ".aliyun", "config.json"))
		after := c.sso.RefreshToken()
		if after == before {
			t.Error("the refresh token was not used")
		}
		wantOutput(t, content, after, `"base"`, `"other"`)
	})
	return map[string]any{
		"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": c.sso.AccessToken(),
		"oauth_refresh_token": before, "oauth_access_token_expire": time.Now().Add(-time.Hour).Unix(),
	}
}

// TestAccProfileErrors checks the errors of profiles that the provider doesn't use. The API must receive no request.
func TestAccProfileErrors(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const keys = `"access_key_id":"` + keyID + `","access_key_secret":"` + keySecret + `"`
	profile := func(members string) string { return `{"current":"dev","profiles":[{"name":"dev",` + members + `}]}` }
	for name, test := range map[string]struct {
		content   string
		env       []string
		arguments string
		facts     []string
	}{
		"mode": {profile(`"mode":"BearerToken","bearer_token":"x",` + keys), nil, "", []string{"BearerToken", "dev"}},
		"mode of a command": {
			profile(`"mode":"External","process_command":"cat .aliyun/response.json"`), nil, "",
			[]string{"RamRoleArn", "AK and StsToken"},
		},
		"disabled command": {
			profile(`"mode":"External","process_command":"cat .aliyun/response.json"`),
			[]string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS=true"},
			"",
			[]string{"External", "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"},
		},
		"ignored profile": {
			profile(`"mode":"AK",` + keys),
			[]string{"ALIBABA_CLOUD_IGNORE_PROFILE=TRUE"},
			`profile = "dev"`,
			[]string{"ALIBABA_CLOUD_IGNORE_PROFILE", "profile"},
		},
		"no profiles": {"{}", nil, "", []string{"config.json has no profiles", "aliyun configure"}},
		"UTF-16":      {"\xff\xfe{\x00}\x00", nil, "", []string{"config.json is encoded in UTF-16"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			response := c.write(t, ".aliyun/response.json", `{"mode":"RamRoleArn","ram_role_arn":"`+planRole+`",`+keys+`}`)
			c.write(t, ".aliyun/config.json", strings.ReplaceAll(test.content, ".aliyun/response.json", response))
			dir := newCredentialsDir(t, c, test.arguments)
			dir.env = slices.Concat(c.env, leakEnvironment, test.env)
			_, message, _ := strings.Cut(dir.plan(1), "Error: ")
			wantOutput(t, strings.Join(strings.Fields(message), " "), test.facts...)
			wantNoSecrets(t, "error", message, keySecret)
			if got := len(c.Requests()); got != 0 {
				t.Errorf("the API received %d requests, want 0", got)
			}
		})
	}
}

package identity_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

const role = "acs:ram::1234:role/reader"

// writeProfile writes a configuration file of the CLI with one profile, and returns its path.
func writeProfile(t *testing.T, members map[string]any) (file string) {
	t.Helper()
	members["name"] = "p"
	content, err := json.Marshal(map[string]any{"current": "p", "profiles": []any{members}})
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestVendorLibrary fetches credentials with each provider of the vendor's library and lists images with them.
func TestVendorLibrary(t *testing.T) {
	t.Parallel()
	const id, secret = paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret
	keys := programSettings{Provider: "role", ID: id, Key: secret, Role: role}
	later := time.Now().Unix() + 3600
	for name, test := range map[string]struct {
		settings func(*testing.T, *cloud) programSettings
		by       []string // By of the issued sessions; the program uses the last session
		routed   []string // hosts that were requested from the proxy before the API's host
	}{
		"role": {
			func(*testing.T, *cloud) programSettings { return keys },
			[]string{identity.ByAssumeRole},
			[]string{"sts.aliyuncs.com:443"},
		},
		"role, endpoint": {
			func(_ *testing.T, c *cloud) programSettings {
				s := keys
				s.Host = c.sts.Host()
				return s
			}, []string{identity.ByAssumeRole}, nil,
		},
		"role, region": {
			func(*testing.T, *cloud) programSettings {
				s := keys
				s.Region = "cn-hangzhou"
				return s
			}, []string{identity.ByAssumeRole}, []string{"sts.cn-hangzhou.aliyuncs.com:443"},
		},
		"role, VPC": {
			func(*testing.T, *cloud) programSettings {
				s := keys
				s.Region, s.VPC = "ap-southeast-1", true
				return s
			}, []string{identity.ByAssumeRole}, []string{"sts-vpc.ap-southeast-1.aliyuncs.com:443"},
		},
		"role with a session": {
			func(_ *testing.T, c *cloud) programSettings {
				base := c.sandbox.Issue(paisandbox.Session{By: "test"}, time.Hour)
				return programSettings{
					Provider: "role", ID: base.AccessKeyID, Key: base.AccessKeySecret, Token: base.SecurityToken, Role: role,
				}
			}, []string{"test", identity.ByAssumeRole}, []string{"sts.aliyuncs.com:443"},
		},
		"OIDC": {
			func(_ *testing.T, c *cloud) programSettings {
				token := identity.OIDCToken(c.sandbox, "me", time.Hour)
				return programSettings{Provider: "oidc", Role: role, Host: c.sts.Host(), OIDC: token}
			}, []string{identity.ByAssumeRoleWithOIDC}, nil,
		},
		"OIDC, region": {
			func(_ *testing.T, c *cloud) programSettings {
				token := identity.OIDCToken(c.sandbox, "me", time.Hour)
				return programSettings{Provider: "oidc", Role: role, Region: "cn-hangzhou", OIDC: token}
			}, []string{identity.ByAssumeRoleWithOIDC}, []string{"sts.cn-hangzhou.aliyuncs.com:443"},
		},
		"sidecar": {
			func(_ *testing.T, c *cloud) programSettings {
				return programSettings{Provider: "uri", URL: c.sidecar.URL() + "/credentials"}
			}, []string{identity.BySidecar}, nil,
		},
		"instance": {
			func(*testing.T, *cloud) programSettings { return programSettings{Provider: "instance"} },
			[]string{identity.ByMetadata},
			slices.Repeat([]string{identity.MetadataHost}, 4),
		},
		"instance, role": {
			func(*testing.T, *cloud) programSettings {
				return programSettings{Provider: "instance", Role: identity.DefaultMetadataRole, NoIMDSv1: true}
			}, []string{identity.ByMetadata}, slices.Repeat([]string{identity.MetadataHost}, 2),
		},
		"profile, role": {
			func(t *testing.T, _ *cloud) programSettings {
				t.Helper()
				return programSettings{Provider: "profile", File: writeProfile(t, map[string]any{
					"mode": "RamRoleArn", "access_key_id": id, "access_key_secret": secret, "ram_role_arn": role,
					"ram_session_name": "program", "sts_region": "cn-hangzhou", "expired_seconds": 900,
				})}
			}, []string{identity.ByAssumeRole}, []string{"sts.cn-hangzhou.aliyuncs.com:443"},
		},
		"profile, CloudSSO": {
			func(t *testing.T, c *cloud) programSettings {
				t.Helper()
				return programSettings{Provider: "profile", File: writeProfile(t, map[string]any{
					"mode": "CloudSSO", "cloud_sso_sign_in_url": c.sso.URL() + "/start", "cloud_sso_account_id": "1234",
					"cloud_sso_access_config": "ac-x", "access_token": c.sso.AccessToken(),
					"cloud_sso_access_token_expire": later,
				})}
			}, []string{identity.ByCloudSSO}, nil,
		},
		"profile, OAuth": {
			func(t *testing.T, c *cloud) programSettings {
				t.Helper()
				return programSettings{Provider: "profile", File: writeProfile(t, map[string]any{
					"mode": "OAuth", "oauth_site_type": "CN", "oauth_refresh_token": c.sso.RefreshToken(),
				})}
			}, []string{identity.ByOAuth}, []string{"oauth.aliyun.com:443", "oauth.aliyun.com:443"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t)
			stdout, stderr, err := c.run(t, test.settings(t, c))
			if err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
			var by, routed []string
			sessions := c.sandbox.Sessions()
			for _, session := range sessions {
				by = append(by, session.By)
			}
			for _, r := range c.proxy.Requests() {
				routed = append(routed, r.Host)
			}
			if !slices.Equal(by, test.by) || !slices.Equal(routed, append(test.routed, apiHost+":443")) {
				t.Fatalf("sessions by %v, proxy requests %v; want %v, %v", by, routed, test.by, test.routed)
			}
			last, requests := sessions[len(sessions)-1], c.sandbox.Requests()
			if stdout != last.AccessKeyID+" 7" || len(requests) != 1 || requests[0].Status != 200 ||
				requests[0].Host != apiHost || requests[0].Header.Get("X-Acs-Security-Token") != last.SecurityToken {
				t.Errorf("the program printed %q after the requests %+v", stdout, requests)
			}
		})
	}
}

// TestVendorLibraryErrors checks that the library's errors contain the responses of the servers, because
// internal/signin depends on it.
func TestVendorLibraryErrors(t *testing.T) {
	t.Parallel()
	c := startCloud(t)
	for name, test := range map[string]struct {
		settings programSettings
		want     []string
	}{
		"wrong secret": {
			programSettings{Provider: "role", ID: paisandbox.DefaultAccessKeyID, Key: "wrong", Role: role},
			[]string{"SignatureDoesNotMatch", "string to sign", role[:3]},
		},
		"unknown role": {
			programSettings{
				Provider: "role", ID: paisandbox.DefaultAccessKeyID, Key: paisandbox.DefaultAccessKeySecret, Role: role + "s",
			},
			[]string{"EntityNotExist.Role"},
		},
		"expired token": {
			programSettings{Provider: "oidc", OIDC: identity.OIDCToken(c.sandbox, "me", -time.Hour), Role: role},
			[]string{"AuthenticationFail.OIDCToken.Expired"},
		},
		"token with a newline": {
			programSettings{Provider: "oidc", OIDC: identity.OIDCToken(c.sandbox, "me", time.Hour) + "\n", Role: role},
			[]string{"AuthenticationFail.OIDCToken.Invalid"},
		},
		"unknown region": {
			programSettings{Provider: "oidc", OIDC: "x", Role: role, Region: "nowhere"}, []string{"Bad Gateway"},
		},
		"wrong ECS role": {programSettings{Provider: "instance", Role: "other", NoIMDSv1: true}, []string{"httpStatus: 404"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, err := c.run(t, test.settings)
			if err == nil {
				t.Errorf("the program printed %s", stdout)
			}
			for _, part := range test.want {
				if !strings.Contains(stderr, part) {
					t.Errorf("the error doesn't contain %q: %q", part, stderr)
				}
			}
		})
	}
}

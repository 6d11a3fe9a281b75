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

func TestVendorLibrarySignsIn(t *testing.T) {
	t.Parallel()
	const id, secret = paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret
	profile := func(profile map[string]any) func(*testing.T, *cloud, *signIn) {
		return func(t *testing.T, c *cloud, s *signIn) {
			t.Helper()
			profile["name"] = "p"
			switch profile["mode"] {
			case "OAuth":
				profile["oauth_refresh_token"] = c.sso.RefreshToken()
			case "CloudSSO":
				profile["cloud_sso_sign_in_url"], profile["access_token"] = c.sso.URL()+"/start", c.sso.AccessToken()
			}
			content, err := json.Marshal(map[string]any{"current": "p", "profiles": []any{profile}})
			if err != nil {
				t.Fatal(err)
			}
			s.File = filepath.Join(t.TempDir(), "config.json")
			if err := os.WriteFile(s.File, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tt := range map[string]struct {
		signIn  signIn
		prepare func(*testing.T, *cloud, *signIn)
		by      []string // how the sessions came about; the last one lists
		asked   []string // of the proxy
	}{
		"role": {
			signIn: signIn{Way: "role", ID: id, Key: secret, Role: role}, by: []string{identity.ByAssumeRole}, asked: []string{"sts.aliyuncs.com:443"},
		},
		"role at a host": {
			signIn: signIn{Way: "role", ID: id, Key: secret, Role: role}, by: []string{identity.ByAssumeRole},
			prepare: func(_ *testing.T, c *cloud, s *signIn) { s.Host = c.sts.Host() },
		},
		"role in a region": {
			signIn: signIn{Way: "role", ID: id, Key: secret, Role: role, Region: "cn-hangzhou"}, by: []string{identity.ByAssumeRole},
			asked: []string{"sts.cn-hangzhou.aliyuncs.com:443"},
		},
		"role in a VPC": {
			signIn: signIn{Way: "role", ID: id, Key: secret, Role: role, Region: "ap-southeast-1", VPC: true}, by: []string{identity.ByAssumeRole},
			asked: []string{"sts-vpc.ap-southeast-1.aliyuncs.com:443"},
		},
		"role on top of a session": {
			signIn: signIn{Way: "role", Role: role, Region: "cn-hangzhou"}, by: []string{"a test", identity.ByAssumeRole},
			prepare: func(_ *testing.T, c *cloud, s *signIn) {
				session := c.sandbox.Issue(paisandbox.Session{By: "a test"}, time.Hour)
				s.ID, s.Key, s.Token = session.AccessKeyID, session.AccessKeySecret, session.SecurityToken
			},
			asked: []string{"sts.cn-hangzhou.aliyuncs.com:443"},
		},
		"OIDC": {
			signIn: signIn{Way: "oidc", Role: role}, by: []string{identity.ByAssumeRoleWithOIDC},
			prepare: func(_ *testing.T, c *cloud, s *signIn) {
				s.Host, s.OIDC = c.sts.Host(), identity.OIDCToken(c.sandbox, "me", time.Hour)
			},
		},
		"OIDC in a region": {
			signIn: signIn{Way: "oidc", Role: role, Region: "cn-hangzhou"}, by: []string{identity.ByAssumeRoleWithOIDC},
			prepare: func(_ *testing.T, c *cloud, s *signIn) { s.OIDC = identity.OIDCToken(c.sandbox, "me", time.Hour) },
			asked:   []string{"sts.cn-hangzhou.aliyuncs.com:443"},
		},
		"sidecar": {
			signIn: signIn{Way: "uri"}, by: []string{identity.BySidecar},
			prepare: func(_ *testing.T, c *cloud, s *signIn) { s.URL = c.sidecar.URL() + "/credentials" },
		},
		"instance": {
			signIn: signIn{Way: "instance"}, by: []string{identity.ByMetadata}, asked: slices.Repeat([]string{identity.MetadataHost}, 4),
		},
		"instance's named role": {
			signIn: signIn{Way: "instance", Role: identity.DefaultMetadataRole, NoV1: true}, by: []string{identity.ByMetadata},
			asked: slices.Repeat([]string{identity.MetadataHost}, 2),
		},
		"profile with a role": {
			signIn: signIn{Way: "profile"}, by: []string{identity.ByAssumeRole}, asked: []string{"sts.cn-hangzhou.aliyuncs.com:443"},
			prepare: profile(map[string]any{
				"mode": "RamRoleArn", "access_key_id": id, "access_key_secret": secret, "ram_role_arn": role, "ram_session_name": "program",
				"sts_region": "cn-hangzhou", "expired_seconds": 900,
			}),
		},
		"profile of CloudSSO": {
			signIn: signIn{Way: "profile"}, by: []string{identity.ByCloudSSO},
			prepare: profile(map[string]any{
				"mode": "CloudSSO", "cloud_sso_account_id": "1234", "cloud_sso_access_config": "ac-x", "cloud_sso_access_token_expire": time.Now().Unix() + 3600,
			}),
		},
		"profile of OAuth": {
			signIn: signIn{Way: "profile"}, by: []string{identity.ByOAuth},
			prepare: profile(map[string]any{"mode": "OAuth", "oauth_site_type": "CN"}),
			asked:   []string{"oauth.aliyun.com:443", "oauth.aliyun.com:443"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t)
			if tt.prepare != nil {
				tt.prepare(t, c, &tt.signIn)
			}
			stdout, stderr, err := c.run(t, tt.signIn)
			if err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
			var by, asked []string
			sessions := c.sandbox.Sessions()
			for _, s := range sessions {
				by = append(by, s.By)
			}
			for _, a := range c.proxy.Requests() {
				asked = append(asked, a.Host)
			}
			if !slices.Equal(by, tt.by) || !slices.Equal(asked, append(tt.asked, apiHost+":443")) {
				t.Fatalf("signed in by %v, asked for %v", by, asked)
			}
			last, listed := sessions[len(sessions)-1], c.sandbox.Requests()
			if stdout != last.AccessKeyID+" 7" || len(listed) != 1 || listed[0].Status != 200 || listed[0].Host != apiHost ||
				listed[0].Header.Get("X-Acs-Security-Token") != last.SecurityToken {
				t.Errorf("printed %q, the sandbox saw %+v", stdout, listed)
			}
		})
	}
}

// TestVendorLibraryReadsRefusals looks at what the library makes of errors, since it repeats them.
func TestVendorLibraryReadsRefusals(t *testing.T) {
	t.Parallel()
	c := startCloud(t)
	for name, tt := range map[string]struct {
		signIn signIn
		want   []string
	}{
		"wrong secret": {
			signIn{Way: "role", ID: paisandbox.DefaultAccessKeyID, Key: "guess", Role: role},
			[]string{"SignatureDoesNotMatch", "string to sign", role[:3]},
		},
		"unknown role": {
			signIn{Way: "role", ID: paisandbox.DefaultAccessKeyID, Key: paisandbox.DefaultAccessKeySecret, Role: role + "s"},
			[]string{"EntityNotExist.Role"},
		},
		"expired token": {
			signIn{Way: "oidc", OIDC: identity.OIDCToken(c.sandbox, "me", -time.Hour), Role: role},
			[]string{"AuthenticationFail.OIDCToken.Expired"},
		},
		"file's newline": {
			signIn{Way: "oidc", OIDC: identity.OIDCToken(c.sandbox, "me", time.Hour) + "\n", Role: role},
			[]string{"AuthenticationFail.OIDCToken.Invalid"},
		},
		"unknown region": {signIn{Way: "oidc", OIDC: "x", Role: role, Region: "nowhere"}, []string{"Bad Gateway"}},
		"other instance": {signIn{Way: "instance", Role: "other", NoV1: true}, []string{"httpStatus: 404"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, err := c.run(t, tt.signIn)
			if err == nil {
				t.Errorf("signed in: %s", stdout)
			}
			for _, part := range tt.want {
				if !strings.Contains(stderr, part) {
					t.Errorf("no %q in %q", part, stderr)
				}
			}
		})
	}
}

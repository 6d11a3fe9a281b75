package acctest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// newSignInDir is a folder in which init has run, with a provider block of the test's own and a lookup.
func newSignInDir(t *testing.T, c *cloud, block string) *workingDir {
	t.Helper()
	dir := &workingDir{t: t, path: t.TempDir(), env: c.trust}
	dir.write("main.tf", requiredProviders+"\nprovider \"pai\" {\n  region = \"cn-hangzhou\"\n"+block+"\n}\n"+lookUp)
	dir.run("init", "-no-color", "-input=false")
	return dir
}

// TestAccSessionEndsWhileListing: one that ends between page 1 and page 2 is renewed, and the listing is whole.
func TestAccSessionEndsWhileListing(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const role = "acs:ram::1234567890123456:role/reader"
	for name, block := range map[string]string{
		"assumed role": "assume_role {\nrole_arn = \"" + role + "\"\n}",
		"OIDC": "assume_role_with_oidc {\noidc_provider_arn = \"acs:ram::1234567890123456:oidc-provider/ci\"\nrole_arn = \"" + role +
			"\"\noidc_token_file = \"TOKEN\"\n}",
		"OIDC and a role": "assume_role {\nrole_arn = \"" + role + "\"\n}\nassume_role_with_oidc {\n" +
			"oidc_provider_arn = \"acs:ram::1234567890123456:oidc-provider/ci\"\nrole_arn = \"" + role + "\"\noidc_token_file = \"TOKEN\"\n}",
		"sidecar":  "credentials_uri = \"SIDECAR\"",
		"ECS role": "ecs_role_name = \"terraform-plan\"",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 250)
			token := c.keep(t, "token", identity.OIDCToken(c.Sandbox, "me", time.Hour))
			dir := newSignInDir(t, c, strings.NewReplacer("TOKEN", token, "SIDECAR", c.sidecar.URL()).Replace(block))
			dir.env = append(slices.Clone(c.trust),
				"ALIBABA_CLOUD_ACCESS_KEY_ID="+paisandbox.DefaultAccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+paisandbox.DefaultAccessKeySecret)
			c.BeforeRequest(2, func(s *paisandbox.Sandbox) { s.ExpireSessions() })
			if output := dir.run("plan", "-no-color", "-input=false"); !strings.Contains(output, "+ count = 250") {
				t.Errorf("got %s", output)
			}
			refused, tokens := 0, make(map[string]bool)
			for _, request := range c.Requests() {
				tokens[request.Header.Get("x-acs-security-token")] = true
				if request.Status != 200 {
					refused++
				}
			}
			if refused == 0 || len(tokens) != 2 {
				t.Errorf("%d requests were refused, %d tokens were seen", refused, len(tokens))
			}
		})
	}
}

// TestAccTenLookupsSignInOnce: all data sources share one session.
func TestAccTenLookupsSignInOnce(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	dir := newSignInDir(t, c, "assume_role {\nrole_arn = \"acs:ram::1234567890123456:role/reader\"\n}")
	dir.write("more.tf", "data \"pai_images\" \"more\" {\ncount = 10\n}\n")
	dir.env = append(slices.Clone(c.trust),
		"ALIBABA_CLOUD_ACCESS_KEY_ID="+paisandbox.DefaultAccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+paisandbox.DefaultAccessKeySecret)
	dir.run("plan", "-no-color", "-input=false")
	if asked := len(c.sts.Requests()); asked != 1 || len(c.Requests()) < 11 {
		t.Errorf("%d requests to STS for %d to the API", asked, len(c.Requests()))
	}
}

// TestAccPassingTroubleOfSTS is tried again, as the API's is.
func TestAccPassingTroubleOfSTS(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	c.sts.AddFault(paisandbox.Fault{Times: 2, Do: paisandbox.APIError(503, "ServiceUnavailable", "later")})
	dir := newSignInDir(t, c, "assume_role {\nrole_arn = \"acs:ram::1234567890123456:role/reader\"\n}")
	dir.env = append(slices.Clone(c.trust),
		"ALIBABA_CLOUD_ACCESS_KEY_ID="+paisandbox.DefaultAccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+paisandbox.DefaultAccessKeySecret)
	dir.run("plan", "-no-color", "-input=false")
	if asked := len(c.sts.Requests()); asked != 3 {
		t.Errorf("STS was asked %d times", asked)
	}
}

// TestAccSignInFails: the error says who failed and why, on what, and holds no secret, whatever was answered.
func TestAccSignInFails(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const (
		role     = "acs:ram::1234567890123456:role/reader"
		provider = "acs:ram::1234567890123456:oidc-provider/ci"
		secret   = "a/very+secret=Key123" // of a profile
		leaked   = "x/leaked+in=Answer456"
	)
	echo := func(status int, code string) paisandbox.Effect {
		return paisandbox.Body(status, `{"RequestId":"5A1B-77","HostId":"h","Code":"`+code+`","Message":"string to sign is GET&`+leaked+`",`+
			`"Credentials":{"AccessKeySecret":"`+leaked+`","SecurityToken":"`+leaked+`"}}`)
	}
	oidc := "assume_role_with_oidc {\noidc_provider_arn = \"" + provider + "\"\nrole_arn = \"" + role + "\"\noidc_token_file = \"TOKEN\"\n}"
	assumed := "access_key = \"id\"\nsecret_key = \"" + secret + "\"\nassume_role {\nrole_arn = \"" + role + "\"\nsession_name = \"nightly\"\n}"
	known := strings.NewReplacer("\"id\"", "\""+paisandbox.DefaultAccessKeyID+"\"", secret, paisandbox.DefaultAccessKeySecret).Replace(assumed)
	for name, test := range map[string]struct {
		block   string
		prepare func(*testing.T, *cloud)
		says    []string
	}{
		"STS refuses the role": {
			known, func(_ *testing.T, c *cloud) { c.sts.AddFault(paisandbox.Fault{Do: echo(403, "NoPermission")}) },
			[]string{role, "session name nightly", "code NoPermission", "request ID 5A1B-77", "trust policy"},
		},
		"STS does not know the key":       {assumed, nil, []string{role, "InvalidAccessKeyId.NotFound"}},
		"STS answers with half a session": {known, func(_ *testing.T, c *cloud) { c.sts.AddFault(paisandbox.Fault{Do: echo(200, "")}) }, []string{role}},
		"STS is not there": {
			known + "\nmax_retries = 0", func(_ *testing.T, c *cloud) { _ = c.sts.Close() }, []string{role, "HTTPS_PROXY"},
		},
		"the OIDC token is refused": {
			oidc, func(_ *testing.T, c *cloud) {
				c.sts.AddFault(paisandbox.Fault{Do: echo(400, "AuthenticationFail.OIDCToken.Expired")})
			}, []string{role, "AuthenticationFail.OIDCToken.Expired"},
		},
		"the OIDC token's file is gone": {strings.ReplaceAll(oidc, "TOKEN", "/nowhere/token"), nil, []string{"/nowhere/token"}},
		"the sidecar has no session": {
			"credentials_uri = \"SIDECAR\"", func(_ *testing.T, c *cloud) { c.sidecar.AddFault(paisandbox.Fault{Do: echo(500, "Oops")}) },
			[]string{"credentials_uri"},
		},
		"the instance has no such role": {"ecs_role_name = \"other\"", nil, []string{"other"}},
		"the CLI's file is broken": {
			"profile = \"dev\"", func(t *testing.T, c *cloud) {
				t.Helper()
				c.keep(t, ".aliyun/config.json", `{"profiles":[{"name":"dev","mode":"AK","access_key_secret":"`+secret+`"`)
			}, []string{"config.json", "aliyun configure"},
		},
		"the profile isn't there": {
			"profile = \"prod\"", func(t *testing.T, c *cloud) {
				t.Helper()
				c.keep(t, ".aliyun/config.json", `{"profiles":[{"name":"dev","mode":"AK","access_key_id":"id","access_key_secret":"`+secret+`"}]}`)
			}, []string{"prod", "dev"},
		},
		"the profile has no secret": {
			"profile = \"dev\"", func(t *testing.T, c *cloud) {
				t.Helper()
				c.keep(t, ".aliyun/config.json", `{"profiles":[{"name":"dev","mode":"StsToken","access_key_id":"id","sts_token":"`+secret+`"}]}`)
			}, []string{"access_key_secret"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			if test.prepare != nil {
				test.prepare(t, c)
			}
			token := identity.OIDCToken(c.Sandbox, "me", time.Hour)
			file := c.keep(t, "token", token)
			dir := newSignInDir(t, c, strings.NewReplacer("TOKEN", file, "SIDECAR", c.sidecar.URL()).Replace(test.block))
			dir.env = append(slices.Concat(c.trust, providertest.Decoys(nil)), "TF_LOG=TRACE")
			printed := dir.runStatus(1, "plan", "-no-color", "-input=false", "-out="+filepath.Join(dir.path, "plan"))
			_, shown, _ := strings.Cut(printed, "Error: ")
			shown = strings.Join(strings.Fields(shown), " ")
			for _, says := range append(test.says, "Cannot") {
				if !strings.Contains(shown, says) {
					t.Errorf("%q is not in %s", says, shown)
				}
			}
			wantNoSecrets(t, "output", strings.ReplaceAll(printed, `secret_key = "`+secret+`"`, ""), secret, leaked, token, "very+secret", "leaked+in", paisandbox.DefaultAccessKeySecret)
			if len(c.Requests()) != 0 {
				t.Error("the API was asked")
			}
		})
	}
}

// TestAccMetadataIsForbidden: with the switch set nothing asks the instance, whoever is to sign in.
func TestAccMetadataIsForbidden(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, block := range map[string]string{"nothing": "", "a role of the instance": "ecs_role_name = \"terraform-plan\""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			dir := newSignInDir(t, c, block)
			dir.env = append(slices.Clone(c.trust), "ALIBABA_CLOUD_ECS_METADATA_DISABLED=True")
			wantOutput(t, dir.runStatus(1, "plan", "-no-color", "-input=false"), "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
			for _, asked := range c.proxy.Requests() {
				t.Errorf("%s was asked", asked.Host)
			}
		})
	}
}

// TestAccNothingToSignInWith: where the instance's metadata never answers, it is asked once, and the error says where else
// was looked.
func TestAccNothingToSignInWith(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	c.metadata.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
	dir := newSignInDir(t, c, "")
	begun := time.Now()
	output := strings.Join(strings.Fields(dir.runStatus(1, "plan", "-no-color", "-input=false")), " ")
	t.Logf("the plan took %s", time.Since(begun))
	wantOutput(t, output, "ALIBABA_CLOUD_ACCESS_KEY_ID", "config.json does not exist", "aliyun configure")
	if asked := len(c.metadata.Requests()); asked > 2 || len(c.Requests()) != 0 {
		t.Errorf("the metadata was asked %d times, the API %d times", asked, len(c.Requests()))
	}
}

package acctest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// signInTest is a test that applies a lookup with a provider block of the guide.
type signInTest struct {
	file    string // path under examples/guides/sign-in
	env     []string
	prepare func(*testing.T, *cloud) []string // returns further variables for env; may be nil
	decoys  bool                              // the test sets all other variables, which the provider must not use
	region  string                            // region that receives the requests; empty for cn-hangzhou
	signer
}

// signer describes the session that signs the requests to the API. The zero value is the sandbox's key pair.
type signer struct {
	by      string // how the session was issued
	role    string
	session string // name of the session; empty if any name is valid
	parent  string // how the parent session was issued, which assumed the role
}

func guideSignIn(t *testing.T) {
	t.Helper()
	readGuidePage(t, "sign-in")
	tests := profileTests()
	maps.Copy(tests, otherSignInTests())
	maps.Copy(tests, defaultProfileTests())
	checkSourceTests(t, tests)
	used := make(map[string]bool)
	for name, test := range tests {
		used[test.file] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
	files, err := filepath.Glob(root + "/examples/guides/sign-in/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !used[filepath.Base(file)] {
			t.Errorf("no test applies %s", file)
		}
	}
	checkSignInWorkflow(t)
}

// checkSignInWorkflow checks that the guide's workflow can get an OIDC token and passes the token to the provider.
func checkSignInWorkflow(t *testing.T) {
	t.Helper()
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct{ Steps []struct{ Run string } }
	}
	content, err := os.ReadFile(root + "/examples/guides/sign-in/github-actions.yml")
	if err == nil {
		err = yaml.Unmarshal(content, &workflow)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := workflow.Permissions["id-token"]; got != "write" {
		t.Errorf("the workflow has the permission id-token: %q, want write", got)
	}
	steps := workflow.Jobs["plan"].Steps
	if len(steps) == 0 || !strings.Contains(steps[len(steps)-1].Run, "ALIBABA_CLOUD_OIDC_TOKEN_FILE") {
		t.Errorf("the last step of the job plan sets no ALIBABA_CLOUD_OIDC_TOKEN_FILE: %v", steps)
	}
}

// run applies the lookup. It checks the hosts and the signer of the requests, and that the output and the state contain
// no secret.
func (s signInTest) run(t *testing.T) {
	t.Helper()
	c := startCloud(t, 3)
	environ := slices.Concat(c.env, s.env)
	if s.prepare != nil {
		environ = append(environ, s.prepare(t, c)...)
	}
	if s.decoys {
		environ = append(environ, providertest.Decoys(environ)...)
	}
	dir := c.newWorkingDir(t, readFile(t, filepath.Join(root, "examples", "guides", "sign-in", s.file))+allImagesConfig)
	dir.env = slices.Concat(environ, leakEnvironment)
	output := dir.apply()
	state := readFile(t, filepath.Join(dir.path, "terraform.tfstate"))
	s.checkHosts(t, c)
	s.checkSigner(t, c)
	for where, text := range map[string]string{"output": output, "state": state} {
		wantNoSecrets(t, where, text, append(c.secrets(), "ACS3-HMAC-SHA256 Credential")...)
	}
}

// checkHosts checks that the provider sent requests only to services of the region. It may send requests to the
// instance metadata only if the metadata issued the session, and never through the proxy.
func (s signInTest) checkHosts(t *testing.T, c *cloud) {
	t.Helper()
	region := "cn-hangzhou"
	if s.region != "" {
		region = s.region
	}
	for _, request := range c.proxy.Requests() {
		regional := strings.HasSuffix(request.Host, ".aliyuncs.com:443")
		if !request.Routed || regional && !strings.Contains(request.Host, "."+region+".") {
			t.Errorf("unexpected request to %s", request.Host)
		}
	}
	if got, want := len(c.metadata.Requests()) > 0, s.by == identity.ByMetadata; got != want {
		t.Errorf("instance metadata requested: %t, want %t", got, want)
	}
}

// checkSigner checks the credentials and the User-Agent of the requests to the API.
func (s signInTest) checkSigner(t *testing.T, c *cloud) {
	t.Helper()
	sessions := make(map[string]paisandbox.Session) // by key ID
	for _, session := range c.Sessions() {
		sessions[session.AccessKeyID] = session
	}
	requests := c.Requests()
	if len(requests) == 0 {
		t.Error("the API received no request")
	}
	for _, request := range requests {
		var session paisandbox.Session
		for _, issued := range sessions {
			if request.Header.Get("x-acs-security-token") == issued.SecurityToken {
				session = issued
			}
		}
		got := signer{session.By, session.RoleARN, session.Name, sessions[session.Parent].By}
		if s.session == "" {
			got.session = ""
		}
		if request.Status != 200 || got != s.signer {
			t.Errorf("HTTP status %d for a request signed by %+v, want 200 and %+v", request.Status, got, s.signer)
		}
		if agent := request.Header.Get("User-Agent"); !strings.Contains(agent, "terraform-provider-pai/") {
			t.Errorf("User-Agent is %q, want the provider's name", agent)
		}
	}
}

// keyVariables returns environment variables with a key pair. The secret ends in a newline, which files and secret
// stores often add.
func keyVariables() []string {
	return []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=" + keyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + keySecret + "\n"}
}

// writeOIDCToken writes a valid OIDC token to a file and returns its path.
func writeOIDCToken(t *testing.T, c *cloud) string {
	t.Helper()
	return c.write(t, "token", identity.OIDCToken(c.Sandbox, "repo:me/mine", time.Hour)+"\n")
}

// oidcTokenIn returns a function for signInTest.prepare, which writes an OIDC token to a file and sets the variable to
// the file's path.
func oidcTokenIn(variable string) func(*testing.T, *cloud) []string {
	return func(t *testing.T, c *cloud) []string {
		t.Helper()
		return []string{variable + "=" + writeOIDCToken(t, c)}
	}
}

// otherSignInTests returns a test of each credential source other than profiles. Some tests configure the source in the
// provider block, and others in the environment.
func otherSignInTests() map[string]signInTest {
	return map[string]signInTest{
		"keys": {
			file: "keys.tf", decoys: true,
			env: []string{"TF_VAR_access_key=" + keyID, "TF_VAR_secret_key=" + keySecret + "\n"},
		},
		"keys of a session": {
			file: "keys.tf", decoys: true, signer: signer{by: "test"},
			prepare: func(_ *testing.T, c *cloud) []string {
				session := c.Issue(paisandbox.Session{By: "test"}, 0)
				return []string{
					"TF_VAR_access_key=" + session.AccessKeyID, "TF_VAR_secret_key=" + session.AccessKeySecret,
					"TF_VAR_security_token=" + session.SecurityToken,
				}
			},
		},
		"profile of another file": {
			file: "profile-of-another-file.tf", decoys: true,
			prepare: func(t *testing.T, c *cloud) []string {
				t.Helper()
				c.write(t, "work/aliyun.json", `{"profiles":[{"name":"ci","mode":"AK","access_key_id":"`+keyID+
					`","access_key_secret":"`+keySecret+`","region_id":"cn-shanghai"}]}`)
				return nil
			},
		},
		"profile of the SDKs' file": {
			file: "profile-of-another-file.tf", decoys: true,
			prepare: func(t *testing.T, c *cloud) []string {
				t.Helper()
				file := c.write(t, "credentials",
					"[ci]\ntype = access_key\naccess_key_id = "+keyID+"\naccess_key_secret = "+keySecret+"\n")
				return []string{"TF_VAR_credentials_file=" + file}
			},
		},
		"OIDC": {
			file: "oidc.tf", decoys: true, prepare: oidcTokenIn("TF_VAR_oidc_token_file"),
			signer: signer{by: identity.ByAssumeRoleWithOIDC, role: planRole, session: "images"},
		},
		"OIDC, token from a variable": {
			file: "oidc-token-from-a-variable.tf", decoys: true,
			signer: signer{by: identity.ByAssumeRoleWithOIDC, role: planRole},
			prepare: func(_ *testing.T, c *cloud) []string {
				return []string{"TF_VAR_oidc_token=" + identity.OIDCToken(c.Sandbox, "organization:me", time.Hour) + "\n"}
			},
		},
		"sidecar": {
			file: "sidecar.tf", decoys: true, signer: signer{by: identity.BySidecar},
			prepare: func(_ *testing.T, c *cloud) []string { return []string{"TF_VAR_credentials_uri=" + c.sidecar.URL()} },
		},
		"ECS role": {file: "ecs-role.tf", decoys: true, signer: signer{by: identity.ByMetadata}},
		"assumed role": {
			file: "assumed-role.tf", env: keyVariables(),
			signer: signer{by: identity.ByAssumeRole, role: "acs:ram::1234567890123456:role/images-reader", session: "images"},
		},
		"assumed role, by OIDC": {
			file: "assumed-role-by-oidc.tf", decoys: true, prepare: oidcTokenIn("TF_VAR_oidc_token_file"),
			signer: signer{
				by: identity.ByAssumeRole, role: "acs:ram::6543210987654321:role/images-reader",
				parent: identity.ByAssumeRoleWithOIDC,
			},
		},
		"environment, keys": {file: "environment.tf", env: keyVariables()},
		"environment, other keys": {
			file: "environment.tf", env: []string{"ALICLOUD_ACCESS_KEY=" + keyID, "ALICLOUD_SECRET_KEY=" + keySecret},
		},
		"environment, keys and a role": {
			file: "environment.tf", env: append(keyVariables(), "ALIBABA_CLOUD_ROLE_ARN="+planRole),
		},
		"environment, OIDC as in Kubernetes": {
			file: "environment.tf", prepare: oidcTokenIn("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
			env:    []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=" + oidcProvider, "ALIBABA_CLOUD_ROLE_ARN=" + planRole},
			signer: signer{by: identity.ByAssumeRoleWithOIDC, role: planRole},
		},
		"environment, profile": {
			file: "environment.tf", env: []string{"ALIBABA_CLOUD_PROFILE=dev"},
			prepare: func(t *testing.T, c *cloud) []string {
				t.Helper()
				writeDevProfile(t, c, map[string]any{"mode": "AK", "access_key_id": keyID, "access_key_secret": keySecret})
				return nil
			},
		},
		"environment, sidecar": {
			file: "environment.tf", signer: signer{by: identity.BySidecar},
			prepare: func(_ *testing.T, c *cloud) []string {
				return []string{"ALIBABA_CLOUD_CREDENTIALS_URI=" + c.sidecar.URL()}
			},
		},
		"environment, ECS role": {
			file: "environment.tf", env: []string{"ALIBABA_CLOUD_ECS_METADATA=terraform-plan"},
			signer: signer{by: identity.ByMetadata},
		},
		"no source, on an ECS instance": {file: "environment.tf", signer: signer{by: identity.ByMetadata}},
	}
}

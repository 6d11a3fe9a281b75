package acctest

import (
	"encoding/base64"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// TestAccNoSecretsInOutput checks that the output of apply, including trace logs, and the state contain no secrets
// (design rule 4). In some runs, apply fails because the service returns an error that repeats the string to sign.
func TestAccNoSecretsInOutput(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const id, secret, token = "LTAI5tSandboxSandbox", "a/secret+with=signs", "CAISa/token+with=signs"
	sandbox := providertest.Start(t, paisandbox.Options{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token})

	for name, override := range map[string]string{
		"success":      "",
		"wrong secret": "ALIBABA_CLOUD_ACCESS_KEY_SECRET=another/secret+with=signs",
		"wrong token":  "ALIBABA_CLOUD_SECURITY_TOKEN=CAISanother/token+with=signs",
		"unknown key":  "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tAnotherAnother",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			writeFile(t, filepath.Join(folder, "main.tf"), requiredProviders+`
data "pai_images" "official" {
  official = true
}
`)
			mustRunCLI(t, folder, sandbox, "init", "-no-color")
			environ := append(sandbox.Environ(), leakEnvironment...)
			if override != "" {
				environ = append(environ, override) // the last value of a variable takes effect
			}
			output, err := runCLI(t, folder, environ, "apply", "-auto-approve", "-no-color")
			if got, want := err != nil, override != ""; got != want {
				t.Fatalf("apply failed: %t, want %t (%v)\n%s", got, want, err, output)
			}
			secrets := []string{"LTAI5t", "secret+with=signs", "token+with=signs", "ACS3-HMAC-SHA256", "Signature="}
			wantNoSecrets(t, "output", output, secrets...)
			if override == "" {
				state := readFile(t, filepath.Join(folder, "terraform.tfstate"))
				wantNoSecrets(t, "state", state, secrets...)
			}
		})
	}
}

// wantNoSecrets fails the test if the text contains any of the secrets, unchanged, escaped for a URL or in Base64.
func wantNoSecrets(t *testing.T, where, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			if at := strings.Index(text, form); at >= 0 {
				t.Errorf("%s contains %q: %s", where, form, text[max(0, at-200):min(len(text), at+200)])
			}
		}
	}
}

// leakEnvironment makes the provider and the credentials library log as much as they can.
var leakEnvironment = []string{"TF_LOG=TRACE", "DEBUG=credential"}

// sourceTests maps each credential source to a test of the guide "Sign in". These tests check that no secret is in the
// output or in the state (design rule 4).
var sourceTests = map[string]string{
	"block: static keys":                       "keys of a session",
	"block: OIDC":                              "OIDC",
	"block: profile":                           "profile, OAuth",
	"block: sidecar":                           "sidecar",
	"block: ECS role":                          "ECS role",
	"environment: static keys":                 "environment, keys and a role",
	"environment: OIDC":                        "environment, OIDC as in Kubernetes",
	"environment: profile":                     "environment, profile",
	"environment: sidecar":                     "environment, sidecar",
	"environment: ECS role":                    "environment, ECS role",
	"current profile of the Alibaba Cloud CLI": "no source, current profile",
	"default profile of the SDKs":              "no source, default profile",
	"role of the ECS instance":                 "no source, on an ECS instance",
}

// checkSourceTests checks that each credential source has a test.
func checkSourceTests(t *testing.T, tests map[string]signInTest) {
	t.Helper()
	for _, source := range signin.Sources {
		name := source.Name
		switch {
		case source.Arguments != nil:
			name = "block: " + name
		case source.Variables != nil:
			name = "environment: " + name
		}
		if _, ok := tests[sourceTests[name]]; !ok {
			t.Errorf("no test for the credential source %q", name)
		}
	}
	if got, want := len(sourceTests), len(signin.Sources); got != want {
		t.Errorf("tests for %d credential sources, want %d", got, want)
	}
}

// defaultProfileTests returns the tests of profiles that nothing names.
func defaultProfileTests() map[string]signInTest {
	file := func(name, content string) func(*testing.T, *cloud) []string {
		return func(t *testing.T, c *cloud) []string {
			t.Helper()
			c.write(t, name, content)
			return nil
		}
	}
	return map[string]signInTest{
		"no source, current profile": {
			file: "environment.tf",
			prepare: file(".aliyun/config.json", `{"current":"me","profiles":[{"name":"me","mode":"AK","access_key_id":"`+
				keyID+`","access_key_secret":"`+keySecret+`"}]}`),
		},
		"no source, default profile": {
			file: "environment.tf",
			prepare: file(".alibabacloud/credentials",
				"[default]\ntype = access_key\naccess_key_id = "+keyID+"\naccess_key_secret = "+keySecret+"\n"),
		},
	}
}

// secrets returns the sandbox's secret key, the secrets and tokens of all sessions, and the tokens in all requests.
func (c *cloud) secrets() []string {
	secrets := []string{keySecret, c.sso.AccessToken(), c.sso.RefreshToken()}
	for _, session := range c.Sessions() {
		secrets = append(secrets, session.AccessKeySecret, session.SecurityToken)
	}
	for _, service := range []*paisandbox.Service{c.sts.Service, c.metadata.Service, c.sso.Service} {
		for _, request := range service.Requests() {
			secrets = append(secrets, request.Header.Get("X-Aliyun-Ecs-Metadata-Token"),
				strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer "))
			for _, parameter := range []string{"OIDCToken", "access_token", "refresh_token", "Signature"} {
				secrets = append(secrets, request.Parameter(parameter))
			}
		}
	}
	return secrets
}

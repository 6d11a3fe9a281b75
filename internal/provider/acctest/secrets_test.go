package acctest

import (
	"encoding/base64"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
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

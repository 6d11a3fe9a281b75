package acctest

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccSecretsStayIn looks for secrets in all that a run leaves: output with every log at its loudest, plan and state,
// of a run that succeeds and of one whose error repeats what was signed.
func TestAccSecretsStayIn(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const id, secret, token = "LTAI5tSandboxSandbox", "a/secret+with=signs", "CAISa/token+with=signs"
	sandbox := providertest.Start(t, paisandbox.Options{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token})

	for name, change := range map[string]string{
		"success":         "",
		"wrong secret":    "ALIBABA_CLOUD_ACCESS_KEY_SECRET=another/secret+with=signs",
		"wrong token":     "ALIBABA_CLOUD_SECURITY_TOKEN=CAISanother/token+with=signs",
		"a key not known": "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tAnotherAnother",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			writeFile(t, filepath.Join(folder, "main.tf"), requiredProviders+`
data "pai_images" "official" {
  official = true
}
`)
			environment := append(sandbox.Environ(), "TF_LOG=TRACE")
			if change != "" {
				environment = append(environment, change) // of two equal names, the last counts
			}
			if output, err := runCLI(t, folder, sandbox.Environ(), "init", "-no-color"); err != nil {
				t.Fatal(output)
			}
			applied, err := runCLI(t, folder, environment, "apply", "-auto-approve", "-no-color")
			if failed := err != nil; failed != (change != "") {
				t.Fatalf("%v: %s", err, applied)
			}
			left := map[string]string{"output": applied}
			if change == "" {
				state, err := os.ReadFile(filepath.Join(folder, "terraform.tfstate"))
				if err != nil {
					t.Fatal(err)
				}
				left["state"] = string(state)
			}
			for where, text := range left {
				for _, part := range []string{"LTAI5t", "secret+with=signs", "token+with=signs", "ACS3-HMAC-SHA256", "Signature="} {
					for _, form := range []string{
						part, url.QueryEscape(part), url.PathEscape(part), base64.StdEncoding.EncodeToString([]byte(part)),
					} {
						if at := strings.Index(text, form); at >= 0 {
							t.Errorf("%s holds %q: %s", where, form, text[max(0, at-200):min(len(text), at+200)])
						}
					}
				}
			}
		})
	}
}

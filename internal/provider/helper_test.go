package provider

import (
	"os"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestMain takes away what the machine's own environment says of an account, so that tests see only what they set.
func TestMain(m *testing.M) {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "ALIBABA_CLOUD_") || strings.HasPrefix(name, "ALICLOUD_") || name == "AIWORKSPACE_ENDPOINT" {
			_ = os.Unsetenv(name)
		}
	}
	status := m.Run()
	if installedHome != "" {
		_ = os.RemoveAll(installedHome)
	}
	os.Exit(status)
}

// start runs a sandbox for the length of a test.
func start(t *testing.T, options paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// signedIn is the provider block that reaches a sandbox.
func signedIn(sandbox *paisandbox.Sandbox) values {
	return values{
		"endpoint":   sandbox.URL(),
		"access_key": paisandbox.DefaultAccessKeyID,
		"secret_key": paisandbox.DefaultAccessKeySecret,
	}
}

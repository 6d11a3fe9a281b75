package providertest

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// UnsetAccount unsets the environment variables that configure the provider, so that they don't affect the tests.
func UnsetAccount() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "ALIBABA_CLOUD_") || strings.HasPrefix(name, "ALICLOUD_") ||
			strings.HasPrefix(name, "ALIBABACLOUD_") ||
			name == "AIWORKSPACE_ENDPOINT" || name == "STS_ENDPOINT" {
			_ = os.Unsetenv(name)
		}
	}
}

// Start starts a sandbox, and stops it at the end of the test.
func Start(t *testing.T, options paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// SignedIn returns a provider block with the endpoint and the keys of the sandbox.
func SignedIn(sandbox *paisandbox.Sandbox) Values {
	return Values{
		"endpoint":   sandbox.URL(),
		"access_key": paisandbox.DefaultAccessKeyID,
		"secret_key": paisandbox.DefaultAccessKeySecret,
	}
}

// SmallCatalogue returns several images of every kind that a selection distinguishes. Each image is a day newer than
// the previous image.
func SmallCatalogue() []paisandbox.Image {
	framework := func(version string) paisandbox.Label { return paisandbox.L("system.framework.PyTorch", version) }
	gpu, dlc := paisandbox.L("system.chipType", "GPU"), paisandbox.L("system.supported.dlc", "true")
	images := []paisandbox.Image{
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.12PAI-gpu", framework("2.12.0"), gpu, dlc),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu", framework("2.9.1"), gpu, dlc),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu-rebuilt", framework("2.9.1"), gpu),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-cpu", framework("2.9.1"),
			paisandbox.L("system.chipType", "CPU")),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:v3.0.0rc1-gpu", framework("3.0.0rc1"), gpu),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.8", framework("2.8.0"), gpu),
		paisandbox.Custom("20455", "example.com/team/trainer:2.9.0", paisandbox.L("team", "a")),
		paisandbox.Custom("31977", "example.com/team/deeprec2212-gpu", paisandbox.L("system.official", "false")),
	}
	for i := range images {
		images[i] = images[i].CreatedAt(time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC))
	}
	return images
}

// Decoys returns a setting, such as NAME=decoy, for every variable that configures a credential source or a role. It
// omits the variables that are already set. A test adds the decoys to check that the provider does not use them.
func Decoys(set []string) []string {
	var environment []string
	for _, argument := range signin.Arguments {
		if strings.HasSuffix(argument.Name, "session_name") || strings.HasSuffix(argument.Name, "session_expiration") ||
			slices.Contains([]string{"profile", "shared_credentials_file", "sts_endpoint", "region"}, argument.Name) {
			continue // the provider uses these variables even if the block sets a credential source
		}
		for _, variable := range argument.Variables {
			isSet := slices.ContainsFunc(set, func(other string) bool { return strings.HasPrefix(other, variable+"=") })
			if !isSet && !slices.Contains(environment, variable+"=decoy") {
				environment = append(environment, variable+"=decoy")
			}
		}
	}
	return environment
}

// TrustCertificate configures the default transport to trust only this certificate until the end of the test. The
// credentials library copies the default transport.
func TrustCertificate(t *testing.T, certificate []byte) {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport)
	previous := transport.TLSClientConfig
	t.Cleanup(func() { transport.TLSClientConfig = previous })
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

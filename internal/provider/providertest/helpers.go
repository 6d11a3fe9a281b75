package providertest

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// UnsetAccount unsets the environment variables that configure the provider, so that tests see only what they set.
func UnsetAccount() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "ALIBABA_CLOUD_") || strings.HasPrefix(name, "ALICLOUD_") ||
			name == "AIWORKSPACE_ENDPOINT" {
			_ = os.Unsetenv(name)
		}
	}
}

// Start runs a sandbox for the length of a test.
func Start(t *testing.T, options paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// SignedIn returns a provider block that reaches the sandbox.
func SignedIn(sandbox *paisandbox.Sandbox) Values {
	return Values{
		"endpoint":   sandbox.URL(),
		"access_key": paisandbox.DefaultAccessKeyID,
		"secret_key": paisandbox.DefaultAccessKeySecret,
	}
}

// SmallCatalogue returns several images of every kind that a selection distinguishes. Each image is a day newer than
// the one before.
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

// WantModel fails the test unless every attribute has a member of its type in the model, and every member an attribute.
func WantModel(t *testing.T, model reflect.Type, attributes map[string]attr.Type) {
	t.Helper()
	members := make(map[string]bool)
	for _, field := range reflect.VisibleFields(model) {
		name := field.Tag.Get("tfsdk")
		if field.Anonymous {
			continue
		}
		members[name] = true
		of, ok := attributes[name]
		if !ok {
			t.Errorf("%s: the schema has no %q", model, name)
			continue
		}
		if value := reflect.TypeOf(of.ValueType(t.Context())); value != field.Type {
			t.Errorf("%s: %s is %s in the model and %s in the schema", model, name, field.Type, value)
		}
	}
	for name := range attributes {
		if !members[name] {
			t.Errorf("%s has no %q", model, name)
		}
	}
}

// Decoys sets every variable that could sign in, or assume a role, but those that a test sets itself.
func Decoys(set []string) []string {
	var all []string
	for _, argument := range signin.Arguments {
		if strings.HasSuffix(argument.Name, "session_name") || argument.Name == "sts_endpoint" {
			continue // of these the environment may supply what the provider block leaves out
		}
		for _, variable := range argument.Variables {
			isSet := slices.ContainsFunc(set, func(one string) bool { return strings.HasPrefix(one, variable+"=") })
			if !isSet && !slices.Contains(all, variable+"=decoy") {
				all = append(all, variable+"=decoy")
			}
		}
	}
	return all
}

// TrustCertificate adds a certificate to those that the default transport trusts, for the length of a test. The
// credentials library copies that transport.
func TrustCertificate(t *testing.T, certificate []byte) {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport)
	previous := transport.TLSClientConfig
	t.Cleanup(func() { transport.TLSClientConfig = previous })
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

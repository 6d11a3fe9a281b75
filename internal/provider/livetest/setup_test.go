// Package livetest has acceptance tests that only read and that hold for every account. `make test` runs them against
// the sandbox, and `make testlive` against the service.
package livetest

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

var isLive = flag.Bool("live", false, "use the service, with the account and the region of the environment")

func TestMain(m *testing.M) {
	flag.Parse()
	if !*isLive {
		providertest.UnsetAccount()
	}
	os.Exit(m.Run())
}

// factories create the server of the provider, which the CLI uses in this process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"pai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(build.Version, "")(), nil },
}

// providerBlock returns the provider block for the service, or for a new sandbox.
func providerBlock(t *testing.T) providertest.Values {
	t.Helper()
	if *isLive {
		return nil
	}
	block := providertest.SignedIn(providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion}))
	block["region"] = paisandbox.DefaultRegion
	return block
}

// configuration returns a configuration with the provider block and other blocks.
func configuration(block providertest.Values, others string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "terraform {\n  required_providers {\n    pai = {\n      source = %q\n    }\n  }\n}\n", build.Address)
	b.WriteString("provider \"pai\" {\n")
	for name, value := range block {
		fmt.Fprintf(&b, "  %s = %q\n", name, value)
	}
	return b.String() + "}\n" + others
}

// lack returns what the account lacks for a test of a data source, or "". This is a permission, the object, or the
// elements of the list, if list is not "". Other errors stop the test.
func lack(
	t *testing.T, block providertest.Values, dataSource string, arguments providertest.Values, list string,
) string {
	t.Helper()
	tf := providertest.New(t, provider.NewServer(build.Version, "")())
	tf.DataSource = dataSource
	for _, d := range tf.Configure(block) {
		t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
	read := tf.Read(t.Context(), arguments)
	for _, d := range read.Diagnostics {
		isMissing := strings.HasPrefix(d.Summary, "Missing permission") || d.Summary == "No default workspace"
		switch {
		case isMissing:
			return d.Summary
		case d.Severity == tfprotov6.DiagnosticSeverityError:
			t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
	if list == "" {
		return ""
	}
	if elements, _ := tf.Decode(read)[list].([]any); len(elements) == 0 {
		return dataSource + " returns no " + list
	}
	return ""
}

package lookup

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
)

// TestConnectHelp checks that the advice contains exactly what applies to the host.
func TestConnectHelp(t *testing.T) {
	const public, vpc = "aiworkspace.cn-beijing.aliyuncs.com:443", "aiworkspace-vpc.cn-beijing.aliyuncs.com:443"
	const address = "http://proxy.example.com:3128"
	proxy := &url.URL{Scheme: "http", Host: "proxy.example.com:3128"}
	for name, test := range map[string]struct {
		host        string
		proxy       *url.URL
		environment map[string]string
		want        []string
	}{
		"no proxy":       {public, nil, nil, []string{"`region`"}},
		"VPC":            {vpc, nil, nil, []string{"a VPC in cn-beijing", `network = "public"`}},
		"own endpoint":   {"aiworkspace-vpc.example.com:443", nil, nil, []string{"`region`"}},
		"proxy":          {public, proxy, map[string]string{"HTTPS_PROXY": address}, []string{"`HTTPS_PROXY`", address}},
		"lower case":     {public, proxy, map[string]string{"https_proxy": address}, []string{"`https_proxy`", address}},
		"VPC and proxy":  {vpc, proxy, map[string]string{"HTTPS_PROXY": address}, []string{"VPC", "`HTTPS_PROXY`", address}},
		"excluded":       {public, nil, map[string]string{"HTTPS_PROXY": address, "no_proxy": "*"}, []string{"`no_proxy`"}},
		"invalid":        {public, nil, map[string]string{"HTTPS_PROXY": "%"}, []string{"`HTTPS_PROXY` is not a URL"}},
		"loopback":       {"127.0.0.1:8443", nil, map[string]string{"HTTPS_PROXY": address}, []string{"`region`"}},
		"localhost":      {"localhost:8443", nil, map[string]string{"HTTPS_PROXY": address}, []string{"`region`"}},
		"of localhost":   {"r-1.localhost:80", nil, map[string]string{"HTTPS_PROXY": address}, []string{"`region`"}},
		"only NO_PROXY ": {public, nil, map[string]string{"NO_PROXY": "*"}, []string{"`region`"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"} {
				t.Setenv(variable, test.environment[variable])
			}
			var diags diag.Diagnostics
			(&Connection{data: &ProviderData{}}).AddRequestError(&diags, &paiclient.ConnectError{
				Attempts: 3, Failure: &connection.Error{Host: test.host, Proxy: test.proxy, Err: errors.New("refused")},
			}, "Filters:", nil)
			if len(diags) != 1 || diags[0].Summary() != "Cannot reach the PAI API" {
				t.Fatalf("got %v", diags)
			}
			advice := diags[0].Detail()
			for _, want := range append(test.want, test.host, "3 attempts") {
				if !strings.Contains(advice, want) {
					t.Errorf("%q is not in %q", want, advice)
				}
			}
			for _, other := range []string{"`region`", "VPC", "`https_proxy`", "`no_proxy`", "Filters"} {
				if strings.Contains(advice, other) && !strings.Contains(strings.Join(test.want, " "), other) {
					t.Errorf("%q is in %q", other, advice)
				}
			}
		})
	}
}

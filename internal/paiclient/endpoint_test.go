package paiclient_test

import (
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func TestRegionalEndpoint(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ region, network, want string }{
		{"cn-hangzhou", "public", "https://aiworkspace.cn-hangzhou.aliyuncs.com"},
		{"cn-hangzhou", "", "https://aiworkspace.cn-hangzhou.aliyuncs.com"},
		{"cn-hangzhou", "vpc", "https://aiworkspace-vpc.cn-hangzhou.aliyuncs.com"},
		{"eu-west-1", "public", "https://aiworkspace.aliyuncs.com"},
		{"eu-west-1", "vpc", "https://aiworkspace-vpc.eu-west-1.aliyuncs.com"},
		{"cn-beijing-gov-1", "public", "https://aiworkspace.aliyuncs.com"},
		{"xx-nowhere-9", "public", "https://aiworkspace.xx-nowhere-9.aliyuncs.com"},
	} {
		got, err := paiclient.RegionalEndpoint(test.region, test.network)
		if err != nil || got.String() != test.want {
			t.Errorf("%s, %s: got %v, %v, want %s", test.region, test.network, got, err, test.want)
		}
	}
	for _, region := range []string{
		"", "CN-Hangzhou", "cn hangzhou", "evil.example.com/", "-a", "a-", "a.b", strings.Repeat("a", 64),
	} {
		if got, err := paiclient.RegionalEndpoint(region, "public"); err == nil {
			t.Errorf("region %q: got %s, want an error", region, got)
		}
	}
}

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"aiworkspace.cn-hangzhou.aliyuncs.com": "https://aiworkspace.cn-hangzhou.aliyuncs.com",
		"https://proxy.example.com:8443/":      "https://proxy.example.com:8443",
		"localhost:8080":                       "https://localhost:8080",
		"http://localhost:8080":                "http://localhost:8080",
		"http://127.9.9.9":                     "http://127.9.9.9",
		"http://[::1]:80":                      "http://[::1]:80",
	} {
		got, err := paiclient.ParseEndpoint(endpoint)
		if err != nil || got.String() != want {
			t.Errorf("%s: got %v, %v, want %s", endpoint, got, err, want)
		}
	}
	for endpoint, want := range map[string]string{
		"":                            "no host",
		"https://":                    "no host",
		"http://example.com":          "https://example.com",
		"http://127.0.0.1.evil.com":   "loopback",
		"http://10.0.0.1":             "loopback",
		"ftp://example.com":           `"ftp"`,
		"https://a:hunter2@host":      "password",
		"https://host/path":           "path",
		"https://host?x=1":            "query",
		"https://host:":               "no port",
		"https://h\u00f6st":           "ASCII",
		"host:99999":                  `"99999"`,
		"https://ho st":               "neither a host nor a URL",
		"https://u:hunter2@[bad:host": "neither a host nor a URL",
	} {
		got, err := paiclient.ParseEndpoint(endpoint)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v, want an error with %q", endpoint, got, err, want)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error contains the password: %v", endpoint, err)
		}
	}
}

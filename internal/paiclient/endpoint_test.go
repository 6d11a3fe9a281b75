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

func TestEndpointRegion(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"aiworkspace.cn-hangzhou.aliyuncs.com":                    "cn-hangzhou",
		"aiworkspace-vpc.cn-hangzhou.aliyuncs.com":                "cn-hangzhou",
		"aiworkspace-vpc.cn-shanghai-finance-1.aliyuncs.com":      "cn-shanghai-finance-1",
		"https://AIWorkspace.CN-Beijing-Gov-1.aliyuncs.com.:8443": "cn-beijing-gov-1",

		"aiworkspace.aliyuncs.com":                         "",
		"aiworkspace-vpc.aliyuncs.com":                     "",
		"aiworkspace.cn-hangzhou.example.com":              "",
		"aiworkspace.cn-hangzhou.aliyuncs.com.example.com": "",
		"aiworkspace.cn-hangzhou.aliyuncs-com":             "",
		"my-aiworkspace.cn-hangzhou.aliyuncs.com":          "",
		"pai.cn-hangzhou.aliyuncs.com":                     "",
		"aiworkspace.a.cn-hangzhou.aliyuncs.com":           "",
		"http://127.0.0.1:8080":                            "",
	} {
		parsed, err := paiclient.ParseEndpoint(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if got := paiclient.EndpointRegion(parsed); got != want {
			t.Errorf("%s: got %q, want %q", endpoint, got, want)
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
		"http://cn-shanghai.localhost:8080":    "http://cn-shanghai.localhost:8080",
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
		"http://localhost.evil.com":   "loopback",
		"http://evil-localhost":       "loopback",
		"http://x.localhost.":         "loopback", // for a resolver, the name ends in an empty label
		"http://localhost@evil.com":   "user name",
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

func TestExpandEndpoint(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ endpoint, region, want string }{
		{"aiworkspace.{region}.example.com", "cn-beijing", "https://aiworkspace.cn-beijing.example.com"},
		{"https://{region}.{region}.example.com:8443", "x-1", "https://x-1.x-1.example.com:8443"},
		{"api.example.com", "", "https://api.example.com"},
		{"http://127.0.0.1:80", "cn-beijing", "http://127.0.0.1:80"},
		{"http://{region}.localhost:80", "cn-beijing", "http://cn-beijing.localhost:80"},
	} {
		got, err := paiclient.ExpandEndpoint(test.endpoint, test.region)
		if err != nil || got.String() != test.want {
			t.Errorf("%s in %q: got %v, %v, want %s", test.endpoint, test.region, got, err, test.want)
		}
		if err := paiclient.CheckEndpoint(test.endpoint); err != nil {
			t.Errorf("%s: %v", test.endpoint, err)
		}
	}
	// A region must not be able to change the host, or to make an http endpoint a loopback address.
	for _, test := range []struct{ endpoint, region, want string }{
		{"{region}.example.com", "evil.com/", `"evil.com/"`},
		{"{region}.example.com", "", `""`},
		{"http://{region}.example.com", "cn-beijing", "loopback"},
		{"http://127.0.0.{region}:80", "1", "{region}"},
		{"http://api.{region}:80", "localhost", "{region}"},
		{"http://{region}host:80", "local", "{region}"},
	} {
		got, err := paiclient.ExpandEndpoint(test.endpoint, test.region)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s in %q: got %v, %v, want an error with %q", test.endpoint, test.region, got, err, test.want)
		}
	}
	for endpoint, want := range map[string]string{
		"https://user:{region}@example.com":      "password",
		"example.com/{region}":                   "path",
		"{Region}.example.com":                   "neither a host nor a URL",
		"http://127.0.0.1:{region}":              "neither a host nor a URL",
		"{region}://example.com":                 "unsupported scheme",
		"http://{region}.localhost.example.com":  "loopback",
		"https://aiworkspace.{region}.h\u00f6st": "ASCII",
	} {
		if err := paiclient.CheckEndpoint(endpoint); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", endpoint, err, want)
		}
	}
}

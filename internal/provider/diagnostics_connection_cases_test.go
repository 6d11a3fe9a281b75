package provider

import (
	"context"
	"io"
	"log"
	"maps"
	"net"
	"net/http/httptest"
	"slices"
	"testing"
)

// connectionCases returns cases in which a data source finds that the provider block or the environment lacks a value,
// or has a wrong one.
func connectionCases() []diagnosticCase {
	read := func(name string, provider values, environment map[string]string, want string, facts ...string,
	) diagnosticCase {
		block := values{"endpoint": nil}
		maps.Copy(block, provider)
		return diagnosticCase{
			name: "connection: " + name, dataSource: "pai_images", provider: block, environment: environment,
			want: []string{want}, facts: facts,
		}
	}
	inRegion := func(c diagnosticCase, region any) diagnosticCase {
		c.block = values{"region": region}
		return c
	}
	const fixed, regional = "api.example.com", "aiworkspace.cn-hangzhou.aliyuncs.com"
	noMatch := diagnosticCase{
		name: "connection: no match in the region of the data source", dataSource: "pai_image",
		block: values{"region": "cn-shanghai", "name_regex": "none"}, want: []string{"error name_regex"},
		facts: []string{"Region: cn-shanghai"}, requests: 1,
	}
	return slices.Concat(unreachableCases(), []diagnosticCase{
		noMatch,
		read("no region", nil, nil, "error", "Missing region", "ALIBABA_CLOUD_REGION", "cn-beijing", "data source"),
		read("no region for the placeholder", values{"endpoint": "{region}.example.com"}, nil, "error", "Missing region"),
		read("region from the environment", nil, map[string]string{"ALICLOUD_REGION": "R"}, "error", `"R"`,
			"ALICLOUD_REGION"),
		read("endpoint from the environment", values{"region": "cn-beijing"},
			map[string]string{"AIWORKSPACE_ENDPOINT": "http://b.example.com"}, "error", "AIWORKSPACE_ENDPOINT"),
		inRegion(read("another region than the endpoint's", values{"region": "cn-beijing", "endpoint": fixed}, nil,
			"error region", fixed, "cn-beijing", "cn-shanghai", "{region}"), "cn-shanghai"),
		inRegion(read("another region than in the endpoint's host", values{"endpoint": regional}, nil, "error region",
			regional, "serves only cn-hangzhou", "cn-shanghai", "Remove the endpoint", "aiworkspace.{region}.aliyuncs.com"),
			"cn-shanghai"),
		read("region of the environment, another in the endpoint's host", values{"endpoint": regional},
			map[string]string{"ALICLOUD_REGION": "cn-shanghai"}, "error",
			regional, "serves only cn-hangzhou", "cn-shanghai", "ALICLOUD_REGION", "aiworkspace.{region}.aliyuncs.com"),
		inRegion(read("region that is a host", values{"region": "cn-beijing"}, nil, "error region", `"evil.com/"`),
			"evil.com/"),
		inRegion(read("empty region", values{"region": "cn-beijing"}, nil, "error region"), ""),
		read("unknown region", values{"region": unknown{}}, nil, "error", "`region`"),
		inRegion(read("unknown region of the endpoint", values{"region": unknown{}, "endpoint": fixed}, nil, "error",
			"`region`"), "cn-shanghai"),
		read("assume_role without role_arn", values{"region": "cn-hangzhou", "assume_role": map[string]any{}}, nil, "error",
			"Missing argument", "assume_role.role_arn"),
		read("half of a pair of keys in the environment",
			values{"region": "cn-hangzhou", "access_key": nil, "secret_key": nil}, map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALICLOUD_ACCESS_KEY": "other", "ALICLOUD_SECRET_KEY": "other",
			}, "error", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
	})
}

// unreachableCases returns cases in which no connection to the API is established.
func unreachableCases() []diagnosticCase {
	unreachable := func(name string, provider values, prepare func(*testing.T, *diagnosticRun), facts ...string,
	) diagnosticCase {
		block := values{"request_timeout": "300ms"}
		maps.Copy(block, provider)
		return diagnosticCase{
			name: "connection: " + name, dataSource: "pai_images", provider: block, prepare: prepare,
			want: []string{"error"}, facts: append(facts, "Cannot reach the PAI API", "1 attempt"),
		}
	}
	vpc := values{"endpoint": nil, "region": "cn-hangzhou", "network": "vpc"}
	excluded := unreachable("host excluded from the proxy", values{"endpoint": "api.example.com"}, silenceNameServer,
		"api.example.com:443 timed out", "`NO_PROXY`", "`https_proxy`")
	excluded.environment = map[string]string{
		"HTTPS_PROXY": "", "https_proxy": "http://user:secret@proxy.example.com:3128", "NO_PROXY": "*",
	}
	return []diagnosticCase{
		unreachable("VPC endpoint without a response", vpc, silenceNameServer,
			"aiworkspace-vpc.cn-hangzhou.aliyuncs.com:443 timed out", "name server", "`network = \"vpc\"`",
			"a VPC in cn-hangzhou"),
		excluded,
		unreachable("no TLS handshake", nil, func(t *testing.T, run *diagnosticRun) {
			t.Helper()
			var config net.ListenConfig
			silent, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0") // the system alone accepts connections
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = silent.Close() })
			run.provider["endpoint"] = "https://" + silent.Addr().String()
		}, "timed out", "TLS handshake"),
		unreachable("refused", values{"endpoint": "http://127.0.0.1:1"}, nil, "127.0.0.1:1 failed", "refused"),
		unreachable("untrusted certificate", values{"request_timeout": "30s"}, func(t *testing.T, run *diagnosticRun) {
			t.Helper()
			server := httptest.NewTLSServer(nil)
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			t.Cleanup(server.Close)
			run.provider["endpoint"] = server.URL
		}, "failed", "certificate authorities"),
	}
}

// silenceNameServer replaces the name server with one that doesn't respond.
func silenceNameServer(t *testing.T, _ *diagnosticRun) {
	t.Helper()
	before := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = before })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		connection, _ := net.Pipe()
		return connection, nil
	}}
}

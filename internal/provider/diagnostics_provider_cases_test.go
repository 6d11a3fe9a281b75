package provider

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

const (
	readerRole = "acs:ram::1234567890123456:role/reader"
	ciProvider = "acs:ram::1234567890123456:oidc-provider/ci"
)

// providerCases returns cases of invalid provider blocks and environments.
func providerCases() []diagnosticCase {
	invalid := func(name string, block values, want string, facts ...string) diagnosticCase {
		return diagnosticCase{name: "provider: " + name, provider: block, want: []string{want}, facts: facts}
	}
	static := func(name string, value any) values {
		return values{"region": "cn-hangzhou", "access_key": "id", "secret_key": "secret", name: value}
	}
	role := func(member string, value any) values {
		return static("assume_role", map[string]any{"role_arn": readerRole, member: value})
	}
	oidc := func(member string, value any) values {
		return values{"region": "cn-hangzhou", "assume_role_with_oidc": map[string]any{
			"oidc_provider_arn": ciProvider, "role_arn": readerRole, "oidc_token": "t.o.k", member: value,
		}}
	}
	return []diagnosticCase{
		invalid("region that is a host", static("region", "cn-hangzhou.evil.com/"), "error region", "cn-hangzhou.evil.com/"),
		invalid("http endpoint", static("endpoint", "http://example.com"), "error endpoint", "loopback"),
		invalid("endpoint with a path", static("endpoint", "https://example.com/api"), "error endpoint"),
		invalid("endpoint with another scheme", static("endpoint", "gopher://example.com"), "error endpoint", "gopher"),
		invalid("http endpoint with a placeholder", static("endpoint", "http://127.0.0.{region}"), "error endpoint",
			"loopback"),
		invalid("network", static("network", "internal"), "error network", `"public"`, `"vpc"`),
		invalid("max_retries below 0", static("max_retries", -1), "error max_retries", "-1", "100"),
		invalid("max_retries too large", static("max_retries", 1000), "error max_retries", "1000", "100"),
		invalid("request_timeout without a number", static("request_timeout", "fast"), "error request_timeout", "fast"),
		invalid("request_timeout without a unit", static("request_timeout", "30"), "error request_timeout", "1m30s"),
		invalid("request_timeout of zero", static("request_timeout", "0s"), "error request_timeout"),
		invalid("request_timeout below zero", static("request_timeout", "-1s"), "error request_timeout"),
		invalid("max_concurrency of zero", static("max_concurrency", 0), "error max_concurrency", "1000"),

		invalid("access_key of two lines", static("access_key", "a\nb"), "error access_key"),
		invalid("secret_key with a space", static("secret_key", "a b"), "error secret_key"),
		invalid("security_token with a control character", static("security_token", "a\x00b"), "error security_token"),
		invalid("credentials_uri without a scheme", values{"region": "cn-hangzhou", "credentials_uri": "127.0.0.1:80"},
			"error credentials_uri", "http://"),
		invalid("sts_endpoint with a scheme", static("sts_endpoint", "https://sts.aliyuncs.com"), "error sts_endpoint"),
		invalid("sts_endpoint with a path", static("sts_endpoint", "sts.aliyuncs.com/x"), "error sts_endpoint"),

		invalid("role_arn that is a name", role("role_arn", "reader"), "error assume_role.role_arn", `"reader"`,
			"acs:ram::"),
		invalid("session_name with a space", role("session_name", "a b"), "error assume_role.session_name", "2 to 64"),
		invalid("short session_expiration", role("session_expiration", 899), "error assume_role.session_expiration", "900",
			"43200"),
		invalid("long session_expiration", role("session_expiration", 43201), "error assume_role.session_expiration", "900",
			"43200"),
		invalid("policy that is no JSON", role("policy", "{"), "error assume_role.policy", "jsonencode"),
		invalid("policy that is a string", role("policy", `"x"`), "error assume_role.policy", "jsonencode"),
		invalid("policy that is null", role("policy", "null"), "error assume_role.policy", "jsonencode"),

		invalid("oidc_provider_arn that is a name", oidc("oidc_provider_arn", "github"),
			"error assume_role_with_oidc.oidc_provider_arn", "oidc-provider/"),
		invalid("oidc_token and oidc_token_file", oidc("oidc_token_file", "/tmp/t"),
			"error assume_role_with_oidc.oidc_token_file", "oidc_token"),
		invalid("short role_session_name", oidc("role_session_name", "x"), "error assume_role_with_oidc.role_session_name",
			"2 to 64"),

		invalid("keys and profile", static("profile", "dev"), "error profile", "access_key", "Conflicting arguments"),
		invalid("keys and shared_credentials_file", static("shared_credentials_file", "f"), "error shared_credentials_file",
			"access_key"),
		invalid("keys and ecs_role_name", static("ecs_role_name", "r"), "error ecs_role_name", "access_key"),
		invalid("profile and credentials_uri",
			values{"region": "cn-hangzhou", "profile": "dev", "credentials_uri": "http://127.0.0.1/"}, "error credentials_uri",
			"profile"),
		invalid("keys and assume_role_with_oidc",
			static("assume_role_with_oidc", oidc("policy", nil)["assume_role_with_oidc"]), "error assume_role_with_oidc",
			"access_key"),
	}
}

// credentialCases returns cases in which the provider is configured, but can't get credentials for a data source.
func credentialCases() []diagnosticCase {
	signIn := func(
		name string, source values, prepare func(*testing.T, *diagnosticRun), facts ...string,
	) diagnosticCase {
		provider := values{"access_key": nil, "secret_key": nil}
		maps.Copy(provider, source)
		return diagnosticCase{
			name: "credentials: " + name, dataSource: "pai_images", provider: provider, want: []string{"error"}, facts: facts,
			environment: map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"},
			prepare: func(t *testing.T, run *diagnosticRun) {
				t.Helper()
				home := t.TempDir()
				t.Setenv("HOME", home)
				run.replace = append(run.replace, home, "HOME")
				if prepare != nil {
					prepare(t, run)
				}
			},
		}
	}
	cliFile := func(content string) func(*testing.T, *diagnosticRun) {
		return func(t *testing.T, _ *diagnosticRun) {
			t.Helper()
			writeHomeFile(t, ".aliyun/config.json", content)
		}
	}
	sts := func(response paisandbox.Effect) func(*testing.T, *diagnosticRun) {
		return func(t *testing.T, run *diagnosticRun) {
			t.Helper()
			server, err := identity.StartSTS(t.Context(), run.sandbox, identity.STSOptions{})
			if err != nil {
				t.Fatal(err)
			}
			server.AddFault(paisandbox.Fault{Do: response})
			providertest.TrustCertificate(t, server.CertificatePEM())
			run.provider["sts_endpoint"] = server.Host()
		}
	}
	assumed := values{
		"access_key": paisandbox.DefaultAccessKeyID, "secret_key": paisandbox.DefaultAccessKeySecret,
		"assume_role": map[string]any{"role_arn": readerRole, "session_name": "nightly"},
	}
	const id = paisandbox.DefaultAccessKeyID
	rejected := func(name string, source values, environment map[string]string, facts ...string) diagnosticCase {
		c := signIn(name+" with a wrong secret", source, cliFile(`{"profiles":[
			{"name":"dev","mode":"AK","access_key_id":"`+id+`","access_key_secret":"wrong"}]}`), append(facts,
			"code SignatureDoesNotMatch: Specified signature is not matched with our calculation.",
			"Path: none The secret does not belong to the AccessKey ID.", "our calculation. (request ID")...)
		c.environment, c.block, c.requests = environment, values{"official": true}, 1
		return c
	}
	session := func(code string) diagnosticCase {
		issue := func(t *testing.T, run *diagnosticRun) {
			t.Helper()
			startSidecar(t, run)
			run.sandbox.AddFault(paisandbox.Fault{Do: paisandbox.APIError(400, code, "no")})
		}
		c := signIn("session rejected, "+code, values{"credentials_uri": "http://HOST"}, issue,
			"the sidecar set by `credentials_uri`", "heck the source")
		c.block, c.requests = values{"official": true}, 1
		return c
	}
	sidecar := signIn("unreachable sidecar of the environment", nil, nil, "ALIBABA_CLOUD_CREDENTIALS_URI")
	sidecar.environment = map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1/credentials"}
	return []diagnosticCase{
		signIn("none", nil, nil, "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
		signIn("unreachable sidecar", values{"credentials_uri": "http://127.0.0.1:1/credentials"}, nil,
			"credentials_uri", "connection refused"),
		sidecar,
		signIn("failing sidecar", values{"credentials_uri": "http://HOST"}, func(t *testing.T, run *diagnosticRun) {
			t.Helper()
			startSidecar(t, run).AddFault(paisandbox.Fault{Do: paisandbox.Body(500, `{"Code":"Oops"}`)})
		}, "credentials_uri"),
		signIn("ecs_role_name while the metadata is disabled", values{"ecs_role_name": "terraform-plan"}, nil,
			"ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
		signIn("profile without a file", values{"profile": "dev"}, nil, "config.json"),
		signIn("invalid JSON in the CLI's file", values{"profile": "dev"}, cliFile(`{"profiles":[`),
			"config.json", "aliyun configure"),
		signIn("profile that does not exist", values{"profile": "prod"},
			cliFile(`{"profiles":[{"name":"dev","mode":"AK","access_key_id":"id","access_key_secret":"secret"}]}`),
			"prod", "dev"),
		signIn("profile without a secret", values{"profile": "dev"},
			cliFile(`{"profiles":[{"name":"dev","mode":"AK","access_key_id":"id"}]}`), "access_key_secret"),
		signIn("profile with an invalid region", values{"endpoint": nil, "profile": "dev"},
			cliFile(`{"profiles":[{"name":"dev","mode":"AK","access_key_id":"id","access_key_secret":"secret",`+
				`"region_id":"R"}]}`),
			"dev"),
		signIn("OIDC token file that does not exist", values{"assume_role_with_oidc": map[string]any{
			"oidc_provider_arn": ciProvider, "role_arn": readerRole, "oidc_token_file": "/nowhere/token",
		}}, nil, "/nowhere/token", "Cannot get credentials"),
		signIn("role refused by STS", assumed, sts(paisandbox.APIError(403, "NoPermission", "denied")),
			readerRole, "nightly", "NoPermission"),
		signIn("incomplete session from STS", assumed, sts(paisandbox.Body(200, `{"Credentials":{}}`)), readerRole),
		rejected("keys of the block", values{"access_key": id, "secret_key": "wrong"}, nil, "the keys of the provider block"),
		rejected("keys of the environment", nil, map[string]string{
			"ALICLOUD_ACCESS_KEY": id, "ALICLOUD_SECRET_KEY": "wrong", "ALICLOUD_SECURITY_TOKEN": "wrong",
		}, "the keys of ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY and ALICLOUD_SECURITY_TOKEN"),
		rejected("keys of the block and the environment", values{"access_key": id}, map[string]string{
			"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong",
		}, "`access_key` of the provider block and ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
		rejected("profile", values{"profile": "dev"}, nil, `the profile "dev" of`, "config.json"),
		session("SignatureDoesNotMatch"),
		session("InvalidSecurityToken.Expired"),
	}
}

// startSidecar starts a sidecar, and sets it as the provider's credential source.
func startSidecar(t *testing.T, run *diagnosticRun) *identity.Sidecar {
	t.Helper()
	sidecar, err := identity.StartSidecar(t.Context(), run.sandbox, identity.SidecarOptions{})
	if err != nil {
		t.Fatal(err)
	}
	run.provider["credentials_uri"] = sidecar.URL()
	return sidecar
}

// writeHomeFile writes a file in the home directory, which the test must have set in HOME.
func writeHomeFile(t *testing.T, name, content string) {
	t.Helper()
	file := filepath.Join(os.Getenv("HOME"), name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

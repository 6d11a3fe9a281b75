package provider

import (
	"fmt"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// badValue is a block with something wrong in it: where the error must stand, and what it must say.
type badValue struct {
	block values
	path  string
	says  string
}

// TestBadProviderValues: the same for the provider block.
func TestBadProviderValues(t *testing.T) {
	t.Parallel()
	keys := func(more values) values {
		block := values{"region": "cn-hangzhou", "access_key": "id", "secret_key": "secret"}
		for name, value := range more {
			block[name] = value
		}
		return block
	}
	cases := []badValue{
		{keys(values{"region": ""}), `AttributeName("region")`, "invalid region"},
		{keys(values{"region": "cn-hangzhou.evil.com/"}), `AttributeName("region")`, "invalid region"},
		{keys(values{"region": nil}), `AttributeName("region")`, "ALIBABA_CLOUD_REGION"},
		{keys(values{"endpoint": ""}), `AttributeName("endpoint")`, "no host"},
		{keys(values{"endpoint": "http://example.com"}), `AttributeName("endpoint")`, "loopback"},
		{keys(values{"endpoint": "https://example.com/api"}), `AttributeName("endpoint")`, "a path, a query"},
		{keys(values{"endpoint": "gopher://example.com"}), `AttributeName("endpoint")`, "scheme"},
		{keys(values{"network": "internal"}), `AttributeName("network")`, `"public" "vpc"`},
		{keys(values{"network": ""}), `AttributeName("network")`, `"public" "vpc"`},
		{keys(values{"access_key": ""}), `AttributeName("access_key")`, "must not be empty"},
		{keys(values{"secret_key": " "}), `AttributeName("secret_key")`, "must not be empty"},
		{keys(values{"security_token": ""}), `AttributeName("security_token")`, "must not be empty"},
		{keys(values{"secret_key": "a b"}), `AttributeName("secret_key")`, "whitespace or control characters"},
		{keys(values{"access_key": "a\nb"}), `AttributeName("access_key")`, "whitespace or control characters"},
		{keys(values{"security_token": "a\x00b"}), `AttributeName("security_token")`, "whitespace or control characters"},
		{values{"region": "cn-hangzhou", "access_key": "id", "security_token": "t"}, `AttributeName("security_token")`, "secret_key"},
		{keys(values{"secret_key": nil}), `AttributeName("access_key")`, "secret_key"},
		{keys(values{"access_key": nil}), `AttributeName("secret_key")`, "access_key"},
		{values{"region": "cn-hangzhou", "security_token": "t"}, `AttributeName("security_token")`, "access_key"},
		{values{"region": "cn-hangzhou", "profile": ""}, `AttributeName("profile")`, "must not be empty"},
		{values{"region": "cn-hangzhou", "shared_credentials_file": " "}, `AttributeName("shared_credentials_file")`, "must not be empty"},
		{values{"region": "cn-hangzhou", "ecs_role_name": ""}, `AttributeName("ecs_role_name")`, "must not be empty"},
		{values{"region": "cn-hangzhou", "credentials_uri": "127.0.0.1:80"}, `AttributeName("credentials_uri")`, "http:// or https://"},
		{keys(values{"sts_endpoint": "https://sts.aliyuncs.com"}), `AttributeName("sts_endpoint")`, "without a scheme"},
		{keys(values{"sts_endpoint": "sts.aliyuncs.com/x"}), `AttributeName("sts_endpoint")`, "without a scheme"},
		{keys(values{"sts_endpoint": ""}), `AttributeName("sts_endpoint")`, "must not be empty"},
		{keys(values{"assume_role": map[string]any{"role_arn": "reader"}}), `AttributeName("assume_role").AttributeName("role_arn")`, "acs:ram::"},
		{keys(values{"assume_role": map[string]any{}}), `AttributeName("assume_role").AttributeName("role_arn")`, "role_arn"},
		{keys(roleWith("session_name", "a b")), `AttributeName("assume_role").AttributeName("session_name")`, "2 to 64"},
		{keys(roleWith("session_name", "")), `AttributeName("assume_role").AttributeName("session_name")`, "2 to 64"},
		{keys(roleWith("session_expiration", 899)), `AttributeName("assume_role").AttributeName("session_expiration")`, "between 900 and 43200"},
		{keys(roleWith("session_expiration", 43201)), `AttributeName("assume_role").AttributeName("session_expiration")`, "between 900 and 43200"},
		{keys(roleWith("policy", "{")), `AttributeName("assume_role").AttributeName("policy")`, "jsonencode"},
		{keys(roleWith("policy", `"x"`)), `AttributeName("assume_role").AttributeName("policy")`, "jsonencode"},
		{keys(roleWith("policy", "null")), `AttributeName("assume_role").AttributeName("policy")`, "jsonencode"},
		{keys(roleWith("external_id", "")), `AttributeName("assume_role").AttributeName("external_id")`, "must not be empty"},
		{oidcWith("oidc_provider_arn", nil), `AttributeName("assume_role_with_oidc").AttributeName("oidc_provider_arn")`, "oidc_provider_arn"},
		{oidcWith("oidc_provider_arn", "github"), `AttributeName("assume_role_with_oidc").AttributeName("oidc_provider_arn")`, "oidc-provider/"},
		{oidcWith("role_arn", nil), `AttributeName("assume_role_with_oidc").AttributeName("role_arn")`, "role_arn"},
		{oidcWith("role_arn", ""), `AttributeName("assume_role_with_oidc").AttributeName("role_arn")`, "acs:ram::"},
		{oidcWith("oidc_token", nil), `AttributeName("assume_role_with_oidc")`, "oidc_token"},
		{oidcWith("oidc_token", ""), `AttributeName("assume_role_with_oidc").AttributeName("oidc_token")`, "must not be empty"},
		{oidcWith("oidc_token_file", "/tmp/t"), `AttributeName("assume_role_with_oidc")`, "oidc_token_file"},
		{oidcWith("role_session_name", "x"), `AttributeName("assume_role_with_oidc").AttributeName("role_session_name")`, "2 to 64"},
		// Two ways to sign in.
		{keys(values{"profile": "dev"}), `AttributeName("profile")`, "two ways to sign in"},
		{keys(values{"shared_credentials_file": "f"}), `AttributeName("shared_credentials_file")`, "two ways to sign in"},
		{keys(values{"ecs_role_name": "r"}), `AttributeName("ecs_role_name")`, "two ways to sign in"},
		{values{"region": "cn-hangzhou", "profile": "dev", "credentials_uri": "http://127.0.0.1/"}, `AttributeName("credentials_uri")`, "two ways to sign in"},
		{keys(oidcWith("policy", nil)), `AttributeName("assume_role_with_oidc")`, "two ways to sign in"},
		{keys(values{"max_retries": -1}), `AttributeName("max_retries")`, "between 0 and"},
		{keys(values{"max_retries": 1000}), `AttributeName("max_retries")`, "between 0 and"},
		{keys(values{"request_timeout": "fast"}), `AttributeName("request_timeout")`, "Duration"},
		{keys(values{"request_timeout": "30"}), `AttributeName("request_timeout")`, "missing unit"},
		{keys(values{"request_timeout": "0s"}), `AttributeName("request_timeout")`, "longer than nothing"},
		{keys(values{"request_timeout": "-1s"}), `AttributeName("request_timeout")`, "longer than nothing"},
		{keys(values{"max_concurrency": 0}), `AttributeName("max_concurrency")`, "between 1 and"},
	}
	for _, test := range cases {
		t.Run(fmt.Sprint(test.block), func(t *testing.T) {
			t.Parallel()
			providertest.WantError(t, newTerraform(t).Configure(test.block), test.path, test.says)
		})
	}
}

// roleWith is a provider block with a role to assume and one more member of it.
func roleWith(member string, value any) values {
	block := map[string]any{"role_arn": "acs:ram::1234:role/reader"}
	block[member] = value
	return values{"assume_role": block}
}

// oidcWith is a provider block that signs in by OIDC, with one member changed.
func oidcWith(member string, value any) values {
	block := map[string]any{
		"oidc_provider_arn": "acs:ram::1234:oidc-provider/ci", "role_arn": "acs:ram::1234:role/reader", "oidc_token": "t.o.k",
	}
	block[member] = value
	return values{"region": "cn-hangzhou", "assume_role_with_oidc": block}
}

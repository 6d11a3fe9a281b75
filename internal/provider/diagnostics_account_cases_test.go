package provider

import (
	"maps"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// accountCases returns cases in which the provider block and the environment differ, or in which the alicloud provider
// would use another account or region.
func accountCases() []diagnosticCase {
	const id, secret = paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret
	read := func(name, want string, block values, environment map[string]string, facts ...string) diagnosticCase {
		provider := values{"access_key": nil, "secret_key": nil}
		maps.Copy(provider, block)
		c := diagnosticCase{
			name: "account: " + name, dataSource: "pai_images", provider: provider, environment: environment,
			want: []string{want}, facts: facts,
			prepare: func(t *testing.T, run *diagnosticRun) {
				t.Helper()
				home := t.TempDir()
				t.Setenv("HOME", home)
				run.replace = append(run.replace, home, "HOME")
				writeHomeFile(t, ".aliyun/config.json", `{"profiles":[
					{"name":"dev","mode":"AK","access_key_id":"`+id+`","access_key_secret":"`+secret+`"},
					{"name":"role","mode":"RamRoleArn","access_key_id":"i","access_key_secret":"s","ram_role_arn":"r"}]}`)
			},
		}
		if want == "warning" {
			c.requests = 1
		}
		return c
	}
	alicloud := map[string]string{"ALICLOUD_ACCESS_KEY": id, "ALICLOUD_SECRET_KEY": secret}
	with := func(variables ...string) map[string]string {
		environment := maps.Clone(alicloud)
		for i := 0; i < len(variables); i += 2 {
			environment[variables[i]] = variables[i+1]
		}
		return environment
	}
	return []diagnosticCase{
		read("two families of keys", "warning", nil,
			with("ALIBABA_CLOUD_ACCESS_KEY_ID", "other", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "other"),
			"Environment variables differ", "ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID"),
		read("token of another family", "warning", nil, with("ALIBABA_CLOUD_SECURITY_TOKEN", "other"),
			"Security token ignored", "ALIBABA_CLOUD_SECURITY_TOKEN"),
		read("empty arguments", "warning", values{"access_key": "", "secret_key": secret}, alicloud,
			"access_key", "ALICLOUD_ACCESS_KEY"),
		read("keys beside a profile", "warning", values{"profile": "dev"}, alicloud, "alicloud uses other credentials",
			"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", `"dev"`),
		read("region of another variable", "warning", nil, with("ALIBABA_CLOUD_REGION_ID", "cn-beijing"),
			"alicloud uses another region", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION"),
		read("two regions", "warning", nil, with("ALICLOUD_REGION", "cn-beijing", "ALIBABA_CLOUD_REGION", "cn-hangzhou"),
			"Environment variables differ", "ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"),
		read("keys beside the profile of a role", "error", values{"profile": "role"}, alicloud,
			"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", `"role"`),
		read("profile of a role beside keys", "error", values{"access_key": id, "secret_key": secret},
			map[string]string{"ALICLOUD_PROFILE": "role"}, "ALICLOUD_PROFILE", `"role"`, "keys of the provider block"),
		read("ignored profile", "error", nil, map[string]string{
			"ALIBABA_CLOUD_PROFILE": "dev", "ALIBABA_CLOUD_IGNORE_PROFILE": "TRUE",
		}, "ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_IGNORE_PROFILE"),
		read("access_key without secret_key", "error", values{"access_key": id}, nil, "Missing argument", "secret_key",
			"ALICLOUD_SECRET_KEY"),
		read("security_token without keys", "error", values{"security_token": "t"}, nil, "Missing argument", "access_key"),
		read("assume_role_with_oidc without oidc_provider_arn", "error", values{"assume_role_with_oidc": map[string]any{
			"role_arn": readerRole, "oidc_token": "t.o.k",
		}}, nil, "Missing argument", "oidc_provider_arn", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
	}
}

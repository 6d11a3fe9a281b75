package provider

import "maps"

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
	const fixed = "api.example.com"
	noMatch := diagnosticCase{
		name: "connection: no match in the region of the data source", dataSource: "pai_image",
		block: values{"region": "cn-shanghai", "name_regex": "none"}, want: []string{"error name_regex"},
		facts: []string{"Region: cn-shanghai"}, requests: 1,
	}
	return []diagnosticCase{
		noMatch,
		read("no region", nil, nil, "error", "Missing region", "ALIBABA_CLOUD_REGION", "cn-beijing", "data source"),
		read("no region for the placeholder", values{"endpoint": "{region}.example.com"}, nil, "error", "Missing region"),
		read("region from the environment", nil, map[string]string{"ALICLOUD_REGION": "R"}, "error", `"R"`,
			"ALICLOUD_REGION"),
		read("endpoint from the environment", values{"region": "cn-beijing"},
			map[string]string{"AIWORKSPACE_ENDPOINT": "http://b.example.com"}, "error", "AIWORKSPACE_ENDPOINT"),
		inRegion(read("another region than the endpoint's", values{"region": "cn-beijing", "endpoint": fixed}, nil,
			"error region", fixed, "cn-beijing", "cn-shanghai", "{region}"), "cn-shanghai"),
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
	}
}

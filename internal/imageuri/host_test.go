package imageuri

import "testing"

func TestParseRegistryHosts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ region, network string }{
		// All forms of hosts that Alibaba Cloud uses.
		"dsw-registry.cn-hangzhou.cr.aliyuncs.com":              {"cn-hangzhou", "public"},
		"dsw-registry-vpc.ap-southeast-1.cr.aliyuncs.com":       {"ap-southeast-1", "vpc"},
		"registry.na-south-1.aliyuncs.com":                      {"na-south-1", "public"},
		"registry-vpc.cn-shenzhen-finance-1.aliyuncs.com":       {"cn-shenzhen-finance-1", "vpc"},
		"registry-internal.cn-beijing-gov-1.aliyuncs.com":       {"cn-beijing-gov-1", "internal"},
		"team-registry-vpc.cn-north-2-gov-1.cr.aliyuncs.com":    {"cn-north-2-gov-1", "vpc"},
		"crpi-1234.cn-shanghai.personal.cr.aliyuncs.com":        {"cn-shanghai", "public"},
		"crpi-1234-vpc.ap-southeast-1.personal.cr.aliyuncs.com": {"ap-southeast-1", "vpc"},

		// A region that does not exist yet, and instance names that look like a region or a network.
		"registry.xx-nowhere-42b.cr.aliyuncs.com":       {"xx-nowhere-42b", "public"},
		"cn-beijing-registry.us-east-1.cr.aliyuncs.com": {"us-east-1", "public"},
		"vpc-registry.us-east-1.cr.aliyuncs.com":        {"us-east-1", "public"},
		"myvpc.us-east-1.cr.aliyuncs.com":               {"us-east-1", "public"},
		"vpc.us-east-1.cr.aliyuncs.com":                 {"us-east-1", "vpc"},
		"internal.us-east-1.aliyuncs.com":               {"us-east-1", "internal"},
		"a-vpc-internal.us-east-1.aliyuncs.com":         {"us-east-1", "internal"},
		"a-internal-vpc.us-east-1.aliyuncs.com":         {"us-east-1", "vpc"},
		"a.b-vpc.us-east-1.aliyuncs.com":                {"us-east-1", "public"}, // not the first label
		"cn-hangzhou.cr.aliyuncs.com":                   {"cn-hangzhou", "public"},
		"cn-hangzhou.personal.cr.aliyuncs.com":          {"cn-hangzhou", "public"},
		"personal.us-east-1.cr.aliyuncs.com":            {"us-east-1", "public"},

		// Hosts without a region.
		"registry.aliyuncs.com":                             {"", "public"},
		"registry-vpc.aliyuncs.com":                         {"", "vpc"},
		"docker-registry.cr.aliyuncs.com":                   {"", "public"},
		"cr.aliyuncs.com":                                   {"", "public"},
		"registry.cr.aliyuncs.com":                          {"", "public"},
		"registry.cr.cr.aliyuncs.com":                       {"", "public"},
		"registry.cn.aliyuncs.com":                          {"", "public"},
		"registry.cn-hangzhou.example.aliyuncs.com":         {"", "public"},
		"registry.cn-hangzhou.cr.cr.aliyuncs.com":           {"", "public"},
		"registry.c1-hangzhou.aliyuncs.com":                 {"", "public"},
		"registry.chn-hangzhou.aliyuncs.com":                {"", "public"},
		"registry.cn--hangzhou.aliyuncs.com":                {"", "public"},
		"personal.cr.aliyuncs.com":                          {"", "public"},
		"crpi-1234.personal.cr.aliyuncs.com":                {"", "public"},
		"crpi-1234.cn-hangzhou.personal.aliyuncs.com":       {"", "public"},
		"crpi-1234.cn-hangzhou.personal.example.com":        {"", ""},
		"crpi-1234.cn-hangzhou.impersonal.cr.aliyuncs.com":  {"", "public"},
		"crpi-1234.cn-hangzhou.cr.personal.cr.aliyuncs.com": {"", "public"},

		// Ports and case don't matter. The region keeps its case.
		"registry-vpc.cn-hangzhou.aliyuncs.com:5000":        {"cn-hangzhou", "vpc"},
		"DSW-Registry-VPC.CN-Hangzhou.CR.AliyunCS.Com:5000": {"CN-Hangzhou", "vpc"},
		"CRPI-1234.CN-Shanghai.Personal.CR.AliyunCS.Com:80": {"CN-Shanghai", "public"},

		// Registries of other vendors.
		"":                                     {"", ""},
		"aliyuncs.com":                         {"", ""},
		"reg.docker.alibaba-inc.com":           {"", ""},
		"registry-vpc.cn-hangzhou.example.com": {"", ""},
		"registry.cn-hangzhou.aliyuncs.com.example.com": {"", ""},
		"registry.cn-hangzhou.notaliyuncs.com":          {"", ""},
		"registry.cn-hangzhou.aliyuncs.cn":              {"", ""},
		"localhost:5000":                                {"", ""},
		"127.0.0.1":                                     {"", ""},
		"[::1]:5000":                                    {"", ""},
	}
	for registry, want := range tests {
		uri := "pai/pytorch:2.8"
		if registry != "" {
			uri = registry + "/" + uri
		}
		checkParse(t, uri, Reference{
			Registry: registry, Region: want.region, Network: want.network,
			Namespace: "pai", Repository: "pytorch", Tag: "2.8",
		})
		checkInvariants(t, uri)
	}
}

func TestFamily(t *testing.T) {
	t.Parallel()
	// The URIs of an entry belong to the same family, and to no other entry's family.
	families := [][]string{
		{
			"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch",
			"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.8",
			"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9@" + sha256,
			"dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/pytorch:2.8",
			"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.8",
			"dsw-registry-internal.ap-southeast-1.cr.aliyuncs.com/pai/pytorch:2.8",
			"DSW-Registry-VPC.CN-Hangzhou.CR.AliyunCS.Com/pai/pytorch:2.8",
		},
		{
			"dsw-registry.cn-hangzhou.cr.aliyuncs.com:5000/pai/pytorch:2.8",
			"dsw-registry-vpc.us-east-1.cr.aliyuncs.com:5000/pai/pytorch",
		},
		{"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/tensorflow:2.8"},
		{"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai-eas/pytorch:2.8"},
		{"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pytorch:2.8"},
		{"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/team/pytorch:2.8"},
		{"eas-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.8"},
		{"registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch", "registry-vpc.us-east-1.cr.aliyuncs.com/pai/pytorch"},
		{"registry.cn-hangzhou.aliyuncs.com/pai/pytorch", "registry-internal.us-east-1.aliyuncs.com/pai/pytorch"},
		{"registry.cr.aliyuncs.com/pai/pytorch", "registry-vpc.cr.aliyuncs.com/pai/pytorch"}, // no region
		{"registry.aliyuncs.com/pai/pytorch"},
		{"a.b-vpc.cn-hangzhou.aliyuncs.com/pai/pytorch"},
		{"a.b.cn-hangzhou.aliyuncs.com/pai/pytorch"},
		// The first label is a region or a network, without the name of an instance.
		{
			"vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch", "internal.us-east-1.cr.aliyuncs.com/pai/pytorch",
			"cn-hangzhou.cr.aliyuncs.com/pai/pytorch",
		},
		{"cr.aliyuncs.com/pai/pytorch"},
		// Personal instances. Without the label personal, the instance is another one.
		{
			"crpi-1234.cn-shanghai.personal.cr.aliyuncs.com/pai/pytorch",
			"crpi-1234.cn-hangzhou.personal.cr.aliyuncs.com/pai/pytorch",
			"crpi-1234-vpc.cn-shanghai.personal.cr.aliyuncs.com/pai/pytorch",
		},
		{"crpi-5678.cn-shanghai.personal.cr.aliyuncs.com/pai/pytorch"},
		{"crpi-1234.personal.cr.aliyuncs.com/pai/pytorch"},
		{"crpi-1234.cn-shanghai.cr.aliyuncs.com/pai/pytorch"},
		// In hosts of other vendors, regions and networks have no meaning.
		{"registry.cn-hangzhou.example.com/pai/pytorch:1", "Registry.CN-Hangzhou.Example.com/pai/pytorch:2"},
		{"registry.cn-shanghai.example.com/pai/pytorch"},
		{"registry-vpc.cn-hangzhou.example.com/pai/pytorch"},
		{"localhost/pai/pytorch"},
		{"pai/pytorch:1", "pai/pytorch:2"},
		{"pytorch:1", "pytorch"},
	}
	seen := map[string]string{}
	for _, uris := range families {
		var family string
		for i, uri := range uris {
			ref, err := Parse(uri)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				family = ref.Family()
			}
			if got := ref.Family(); got != family {
				t.Errorf("family of %s: got %s, want that of %s, %s", uri, got, uris[0], family)
			}
		}
		if other, ok := seen[family]; ok {
			t.Errorf("%s and %s have the same family, %s", uris[0], other, family)
		}
		seen[family] = uris[0]
	}
}

package signin

import (
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestSTSHost looks at which host is asked to assume a role. Nothing leaves the machine: the error names the host.
func TestSTSHost(t *testing.T) {
	t.Parallel()
	const profiles = `{"current": "plain", "profiles": [
		{"name": "plain", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "k", "ram_role_arn": "r", "region_id": "own"},
		{"name": "sts", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "k", "ram_role_arn": "r", "region_id": "own", "sts_region": "of-sts"},
		{"name": "vpc", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "k", "ram_role_arn": "r", "sts_region": "of-sts", "enable_vpc": true},
		{"name": "vpc alone", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "k", "ram_role_arn": "r", "enable_vpc": true},
		{"name": "keys", "mode": "AK", "access_key_id": "x", "access_key_secret": "k", "region_id": "own"},
		{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "plain", "ram_role_arn": "r", "region_id": "of-chain"},
		{"name": "OIDC", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token": "t", "ram_role_arn": "r", "sts_region": "of-sts"},
		{"name": "odd", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "k", "ram_role_arn": "r", "sts_region": "x.example.com/"}]}`
	arn, vpc := "r", paiclient.NetworkVPC
	keys := Configuration{AccessKey: "x", SecretKey: "k", AssumeRole: &AssumeRole{RoleARN: &arn}}
	of := func(config Configuration, region, network, endpoint string) Configuration {
		config.Region, config.Network, config.STSEndpoint = region, network, endpoint
		return config
	}
	profile := func(name string) Configuration { return Configuration{Profile: name} }
	onProfile := profile("keys")
	onProfile.AssumeRole = keys.AssumeRole
	oidc := Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}
	for name, test := range map[string]struct {
		config   Configuration
		variable string
		want     string // the host; or an error that begins otherwise
	}{
		"central":                    {keys, "", "sts.aliyuncs.com"},
		"no central one in a VPC":    {of(keys, "", vpc, ""), "", "which STS to ask inside the VPC"},
		"region":                     {of(keys, "cn-hangzhou", "", ""), "", "sts.cn-hangzhou.aliyuncs.com"},
		"region, public":             {of(keys, "cn-hangzhou", paiclient.NetworkPublic, ""), "", "sts.cn-hangzhou.aliyuncs.com"},
		"region, VPC":                {of(keys, "cn-hangzhou", vpc, ""), "", "sts-vpc.cn-hangzhou.aliyuncs.com"},
		"no region":                  {of(keys, "x.example.com/", "", ""), "", "no STS can be asked"},
		"argument":                   {of(keys, "cn-hangzhou", vpc, "sts.example.com"), "STS_ENDPOINT=decoy.example.com", "sts.example.com"},
		"argument, URL":              {of(keys, "", "", "https://sts.example.com/"), "", "sts.example.com"},
		"argument, port":             {of(keys, "", "", "sts.example.com:8443"), "", "sts.example.com:8443"},
		"argument, in the clear":     {of(keys, "", "", "http://127.0.0.1:80"), "", "sts_endpoint can't be called"},
		"argument, a path":           {of(keys, "", "", "sts.example.com/v1"), "", "sts_endpoint can't be called"},
		"argument, a password":       {of(keys, "", "", "https://me:hidden@sts.example.com"), "", "sts_endpoint can't be called"},
		"first variable":             {of(keys, "cn-hangzhou", "", ""), "ALIBABA_CLOUD_ENDPOINT_STS=sts.example.com\n", "sts.example.com"},
		"second variable":            {of(keys, "cn-hangzhou", "", ""), "ALIBABA_CLOUD_STS_ENDPOINT=sts.example.com", "sts.example.com"},
		"third variable":             {of(keys, "cn-hangzhou", "", ""), "ALICLOUD_STS_ENDPOINT=sts.example.com", "sts.example.com"},
		"fourth variable":            {of(keys, "cn-hangzhou", "", ""), "STS_ENDPOINT=sts.example.com", "sts.example.com"},
		"variable, a path":           {keys, "STS_ENDPOINT=sts.example.com/v1", "STS_ENDPOINT can't be called"},
		"OIDC":                       {of(oidc, "cn-hangzhou", vpc, ""), "", "sts-vpc.cn-hangzhou.aliyuncs.com"},
		"OIDC, central":              {oidc, "", "sts.aliyuncs.com"},
		"profile":                    {profile("plain"), "", "sts.own.aliyuncs.com"},
		"profile in a region":        {of(profile("plain"), "cn-hangzhou", "", ""), "", "sts.cn-hangzhou.aliyuncs.com"},
		"profile in a VPC":           {of(profile("plain"), "", vpc, ""), "", "sts-vpc.own.aliyuncs.com"},
		"profile's STS":              {of(profile("sts"), "cn-hangzhou", "", ""), "", "sts.of-sts.aliyuncs.com"},
		"profile's STS, inside":      {of(profile("sts"), "cn-hangzhou", vpc, ""), "", "sts-vpc.of-sts.aliyuncs.com"},
		"profile's VPC, a region":    {of(profile("vpc alone"), "cn-hangzhou", "", ""), "", "sts-vpc.cn-hangzhou.aliyuncs.com"},
		"profile's STS in a VPC":     {of(profile("vpc"), "cn-hangzhou", "", ""), "", "sts-vpc.of-sts.aliyuncs.com"},
		"profile's VPC, no region":   {profile("vpc alone"), "", "sts.aliyuncs.com"},
		"profile, endpoint":          {of(profile("vpc"), "", "", "sts.example.com"), "", "sts.example.com"},
		"profile, variable":          {profile("vpc"), "STS_ENDPOINT=sts.example.com", "sts.example.com"},
		"profile, no region":         {profile("odd"), "", `profile "odd": no STS can be asked`},
		"profile, OIDC":              {profile("OIDC"), "", "sts.of-sts.aliyuncs.com"},
		"the source of a profile":    {profile("chain"), "", "sts.of-chain.aliyuncs.com"},
		"role on a profile":          {onProfile, "", "sts.own.aliyuncs.com"},
		"role on a profile, region":  {of(onProfile, "cn-hangzhou", "", ""), "", "sts.cn-hangzhou.aliyuncs.com"},
		"role on a profile, in VPC":  {of(onProfile, "", vpc, ""), "", "sts-vpc.own.aliyuncs.com"},
		"not needed, so not noticed": {Configuration{CredentialsURI: "https://sidecar.example.com"}, "STS_ENDPOINT=http://x", "sidecar.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			surroundings := around(t, test.variable)
			write(t, surroundings.Home, cliConfig, profiles)
			_, err := signInWith(t, test.config, surroundings)
			if strings.Contains(test.want, " ") {
				checkError(t, err, test.want)
				return
			}
			checkError(t, err, "a test wanted to ask "+test.want+";")
		})
	}
	_, err := signInWith(t, of(keys, "", "", "sts.example.com/v1"), around(t))
	checkArgument(t, err, "sts_endpoint")
}

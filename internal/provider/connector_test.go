package provider

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// TestRegionOfDataSource checks the endpoint and the region for a data source that sets its region or omits it. The
// provider's region is cn-beijing, unless the test omits it.
func TestRegionOfDataSource(t *testing.T) {
	t.Parallel()
	const template, fixed = "https://api.{region}.example.com", "https://api.example.com"
	const beijing, finance = "aiworkspace.cn-beijing.aliyuncs.com", "aiworkspace-vpc.cn-shanghai-finance-1.aliyuncs.com"
	const central = "aiworkspace.aliyuncs.com"
	for name, test := range map[string]struct {
		connector connector
		profile   string // region of the profile
		region    string // region of the data source
		want      string // endpoint and region, or path and summary of the error
	}{
		"default":  {connector{}, "r-2", "", "https://aiworkspace.cn-beijing.aliyuncs.com cn-beijing"},
		"region":   {connector{}, "", "r-1", "https://aiworkspace.r-1.aliyuncs.com r-1"},
		"vpc":      {connector{network: "vpc"}, "", "r-1", "https://aiworkspace-vpc.r-1.aliyuncs.com r-1"},
		"template": {connector{endpoint: setting{template, ""}}, "", "r-1", "https://api.r-1.example.com r-1"},
		"template default": {
			connector{endpoint: setting{template, ""}}, "", "", "https://api.cn-beijing.example.com cn-beijing",
		},
		"region, profile":   {connector{}, "r-2", "r-1", "https://aiworkspace.r-1.aliyuncs.com r-1"},
		"fixed, profile":    {connector{endpoint: setting{fixed, ""}}, "r-2", "", fixed + " cn-beijing"},
		"fixed, of profile": {connector{endpoint: setting{fixed, ""}}, "r-2", "r-2", "region: Region without an endpoint"},

		"regional": {connector{endpoint: setting{beijing, ""}}, "r-2", "", "https://" + beijing + " cn-beijing"},
		"regional, provider's region": {
			connector{endpoint: setting{finance, ""}}, "", "", ": Region without an endpoint",
		},
		"regional, the same": {
			connector{endpoint: setting{finance, ""}},
			"", "cn-shanghai-finance-1",
			"https://" + finance + " cn-shanghai-finance-1",
		},
		"regional, another": {
			connector{endpoint: setting{beijing, ""}}, "", "r-1", "region: Region without an endpoint",
		},
		"central": {
			connector{endpoint: setting{central, ""}}, "", "", "https://" + central + " cn-beijing",
		},

		"fixed":           {connector{endpoint: setting{fixed, ""}}, "", "", fixed + " cn-beijing"},
		"fixed, the same": {connector{endpoint: setting{fixed, ""}}, "", "cn-beijing", fixed + " cn-beijing"},
		"fixed, another":  {connector{endpoint: setting{fixed, ""}}, "", "r-1", "region: Region without an endpoint"},

		"omitted":                       {connector{}, "", "", ": Missing region"},
		"omitted, template":             {connector{endpoint: setting{template, ""}}, "", "", ": Missing region"},
		"omitted, region":               {connector{}, "", "r-1", "https://aiworkspace.r-1.aliyuncs.com r-1"},
		"omitted, profile":              {connector{}, "r-2", "", "https://aiworkspace.r-2.aliyuncs.com r-2"},
		"omitted, wrong profile":        {connector{}, "R", "", ": Invalid value for region"},
		"omitted, unused wrong profile": {connector{}, "R", "r-1", "https://aiworkspace.r-1.aliyuncs.com r-1"},
		"omitted, fixed":                {connector{endpoint: setting{fixed, ""}}, "", "", fixed + " "},
		"omitted, fixed, any region":    {connector{endpoint: setting{fixed, ""}}, "", "r-1", fixed + " r-1"},
		"omitted, regional": {
			connector{endpoint: setting{beijing, ""}}, "", "", "https://" + beijing + " cn-beijing",
		},
		"omitted, regional, region": {
			connector{endpoint: setting{beijing, ""}}, "", "r-1", "region: Region without an endpoint",
		},
		"omitted, regional, profile": {
			connector{endpoint: setting{beijing, ""}}, "r-2", "", ": Region without an endpoint",
		},
		"omitted, central": {connector{endpoint: setting{central, ""}}, "", "", "https://" + central + " "},
		"omitted, fixed, profile": {
			connector{endpoint: setting{fixed, ""}}, "r-2", "r-1", "region: Region without an endpoint",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.HasPrefix(name, "omitted") {
				test.connector.region = setting{"cn-beijing", "`region`"}
			}
			var diags diag.Diagnostics
			endpoint, used := test.connector.resolve(test.region, &signin.Result{Region: test.profile}, &diags)
			got := fmt.Sprint(endpoint, " ", used)
			if len(diags) > 0 {
				at := ""
				if withPath, ok := diags[0].(diag.DiagnosticWithPath); ok {
					at = withPath.Path().String()
				}
				got = at + ": " + diags[0].Summary()
			}
			if got != test.want || len(diags) > 1 {
				t.Errorf("got %s with errors %v, want %s", got, diags, test.want)
			}
		})
	}
}

// TestRegionInState checks the attribute region of every data source. A configured value stays as it is written.
func TestRegionInState(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
	for dataSource, smallest := range smallestBlocks {
		for name, test := range map[string]struct{ provider, region, want any }{
			"neither":         {nil, nil, nil},
			"provider":        {" cn-beijing ", nil, "cn-beijing"},
			"data source":     {nil, "cn-shanghai", "cn-shanghai"},
			"with whitespace": {"cn-beijing", "cn-beijing\n", "cn-beijing\n"},
		} {
			tf := newTerraform(t)
			block := providertest.SignedIn(sandbox)
			block["region"] = test.provider
			providertest.WantNone(t, tf.Configure(block))
			tf.DataSource = dataSource
			data := maps.Clone(smallest)
			data["region"] = test.region
			if got := tf.State(data)["region"]; got != test.want {
				t.Errorf("%s, %s: got %q, want %q", dataSource, name, got, test.want)
			}
		}
	}
}

// TestRegionOfProfile checks that the block and the environment override the region of the profile, and that it is the
// default if neither sets one.
func TestRegionOfProfile(t *testing.T) { //nolint:paralleltest // it sets an environment variable
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
	file := filepath.Join(t.TempDir(), "config.json")
	profile := fmt.Sprintf(`{"profiles":[{"name":"p","mode":"AK","access_key_id":%q,"access_key_secret":%q,
		"region_id":"of-profile"}]}`, paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret)
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		block       any
		environment string
		want        string
	}{
		{"of-block", "", "of-block"},
		{"of-block", "of-environment", "of-block"},
		{nil, "of-environment", "of-environment"},
		{nil, "", "of-profile"},
	} {
		t.Setenv("ALICLOUD_REGION", test.environment)
		tf := newTerraform(t)
		providertest.WantNone(t, tf.Configure(values{
			"endpoint": sandbox.URL(), "profile": "p", "shared_credentials_file": file, "region": test.block,
		}))
		if got := tf.State(values{})["region"]; got != test.want {
			t.Errorf("region %v in the block, %q in the environment: got %v, want %s",
				test.block, test.environment, got, test.want)
		}
	}
}

// TestUnknownProviderRegion checks which data sources need a region that is unknown in the provider block. The
// environment must not replace it.
func TestUnknownProviderRegion(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_REGION", "cn-hangzhou")
	for _, test := range []struct {
		endpoint, region string
		want             []string
	}{
		{"", "", []string{"region"}},
		{"", "cn-shanghai", nil},
		{"{region}.example.com", "cn-shanghai", nil},
		{"api.example.com", "cn-shanghai", []string{"region"}},
	} {
		m := staticKeysModel()
		m.Region, m.Endpoint = types.StringUnknown(), types.StringValue(test.endpoint)
		var diags diag.Diagnostics
		c := m.connector(t.Context(), "", &diags)
		if got := c.Unknown(test.region); !slices.Equal(got, test.want) || diags.HasError() {
			t.Errorf("%+v: got %q with errors %v", test, got, diags)
		}
		if c.region.value != "" {
			t.Errorf("%+v: got the region %q of the environment", test, c.region.value)
		}
	}
}

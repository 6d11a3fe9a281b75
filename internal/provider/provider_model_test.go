package provider

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// staticKeysModel returns a provider block that sets only static keys.
func staticKeysModel() providerModel {
	return providerModel{signInModel: signInModel{
		AccessKey: types.StringValue("id"), SecretKey: types.StringValue("secret"),
	}}
}

// TestEndpoint checks the endpoint that results from the provider block and the environment.
func TestEndpoint(t *testing.T) {
	const (
		public  = "https://aiworkspace.cn-beijing.aliyuncs.com"
		vpc     = "https://aiworkspace-vpc.cn-beijing.aliyuncs.com"
		regions = "ALICLOUD_REGION=r-1 ALIBABA_CLOUD_REGION=r-2 ALIBABA_CLOUD_REGION_ID=r-3 ALICLOUD_REGION_ID=r-4"
	)
	withoutFirst := func(variables string) string {
		_, others, _ := strings.Cut(variables, " ")
		return others
	}
	for name, test := range map[string]struct {
		block       values
		environment string // NAME=value, separated by spaces
		want        string
	}{
		"region":                       {values{"region": "cn-beijing"}, "", public},
		"vpc":                          {values{"region": "cn-beijing", "network": "vpc"}, "", vpc},
		"vpc by variable":              {values{"region": "cn-beijing"}, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=TRUE", vpc},
		"no vpc by variable":           {values{"region": "cn-beijing"}, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=false", public},
		"vpc by the CLI's variable":    {values{"region": "cn-beijing"}, "ALIBABA_CLOUD_ENDPOINT_TYPE=VPC", vpc},
		"public by the CLI's variable": {values{"region": "cn-beijing"}, "ALIBABA_CLOUD_ENDPOINT_TYPE=public", public},
		"both variables": {
			values{"region": "cn-beijing"}, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=false ALIBABA_CLOUD_ENDPOINT_TYPE=vpc", public,
		},
		"block before variable": {
			values{"region": "cn-beijing", "network": "public"}, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true", public,
		},
		"region with the central endpoint": {values{"region": "cn-qingdao"}, "", "https://aiworkspace.aliyuncs.com"},
		"endpoint before region": {
			values{"region": "cn-beijing", "endpoint": "api.example.com"}, "", "https://api.example.com",
		},
		"endpoint without region": {values{"endpoint": "http://localhost:1"}, "", "http://localhost:1"},
		"endpoint by variable": {
			values{"region": "cn-beijing"}, "AIWORKSPACE_ENDPOINT=b.example.com", "https://b.example.com",
		},
		"first endpoint variable": {
			nil, "AIWORKSPACE_ENDPOINT=b.example.com ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=a.example.com", "https://a.example.com",
		},
		"endpoint before variable": {
			values{"endpoint": "c.example.com"}, "AIWORKSPACE_ENDPOINT=b.example.com", "https://c.example.com",
		},
		"first region variable":  {nil, regions, "https://aiworkspace.r-1.aliyuncs.com"},
		"second region variable": {nil, withoutFirst(regions), "https://aiworkspace.r-2.aliyuncs.com"},
		"third region variable":  {nil, withoutFirst(withoutFirst(regions)), "https://aiworkspace.r-3.aliyuncs.com"},
		"fourth region variable": {nil, "ALICLOUD_REGION_ID=r-4\n", "https://aiworkspace.r-4.aliyuncs.com"},
		"empty region variable":  {nil, "ALIBABA_CLOUD_REGION= ALICLOUD_REGION=r-3", "https://aiworkspace.r-3.aliyuncs.com"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable := range strings.SplitSeq(test.environment, " ") {
				if name, value, ok := strings.Cut(variable, "="); ok {
					t.Setenv(name, value)
				}
			}
			m := staticKeysModel()
			for argument, field := range map[string]*types.String{
				"region": &m.Region, "endpoint": &m.Endpoint, "network": &m.Network,
			} {
				if value, ok := test.block[argument].(string); ok {
					*field = types.StringValue(value)
				}
			}
			var diags diag.Diagnostics
			c := m.connector(t.Context(), "", &diags)
			got, _ := c.resolve("", &signin.Result{}, &diags)
			if diags.HasError() || got.String() != test.want {
				t.Errorf("got %v with errors %v, want %s", got, diags, test.want)
			}
		})
	}
}

// TestNetworkOfProfile checks that the profile sets the network if neither the block nor a variable does.
func TestNetworkOfProfile(t *testing.T) {
	t.Parallel()
	profile := &signin.Result{Region: "cn-beijing", Network: "vpc"}
	for network, want := range map[types.String]string{
		types.StringNull():          "aiworkspace-vpc.cn-beijing.aliyuncs.com",
		types.StringValue("public"): "aiworkspace.cn-beijing.aliyuncs.com",
	} {
		m := staticKeysModel()
		m.Network = network
		var diags diag.Diagnostics
		got, _ := m.connector(t.Context(), "", &diags).resolve("", profile, &diags)
		if diags.HasError() || got.Host != want {
			t.Errorf("network %s: got %v with errors %v, want %s", network, got, diags, want)
		}
	}
}

// TestRequestOptions checks max_retries, request_timeout and max_concurrency, and their defaults.
func TestRequestOptions(t *testing.T) {
	t.Parallel()
	m := staticKeysModel()
	m.Region = types.StringValue("cn-beijing")
	var diags diag.Diagnostics
	got := m.options(&diags)
	if got.MaxRetries != 5 || got.RequestTimeout != 30*time.Second || got.MaxConcurrency != 8 || diags.HasError() {
		t.Errorf("got %+v with errors %v, want the defaults 5, 30s and 8", got, diags)
	}
	m.MaxRetries, m.MaxConcurrency = types.Int64Value(0), types.Int64Value(3)
	m.RequestTimeout = types.StringValue(" 1s\n")
	got = m.options(&diags)
	if got.MaxRetries != 0 || got.RequestTimeout != time.Second || got.MaxConcurrency != 3 || diags.HasError() {
		t.Errorf("got %+v with errors %v, want 0, 1s and 3", got, diags)
	}
}

// TestStaticKeys checks the keys and the token with which the provider signs requests. All of them must come from the
// provider block, or from environment variables with the same prefix.
func TestStaticKeys(t *testing.T) {
	id, secret := paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret
	for name, test := range map[string]struct {
		block       values
		environment map[string]string
		token       string // expected security token of the requests
		warns       bool   // expect a warning, at the first read only
	}{
		"block": {
			block: values{"access_key": id + "\n", "secret_key": secret + "\n"},
			environment: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": "decoy", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "decoy",
				"ALIBABA_CLOUD_SECURITY_TOKEN": "stale",
			},
			warns: true,
		},
		"session in the block": {
			block:       values{"access_key": id, "secret_key": secret, "security_token": "t"},
			environment: map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": "stale"},
			token:       "t",
		},
		"two families": {
			environment: map[string]string{
				"ALICLOUD_ACCESS_KEY": id, "ALICLOUD_SECRET_KEY": secret + "\n",
				"ALIBABA_CLOUD_ACCESS_KEY_ID": "decoy", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "decoy",
				"ALIBABA_CLOUD_SECURITY_TOKEN": "stale",
			},
			warns: true,
		},
		"one key in the block": {
			block: values{"access_key": id, "security_token": "stale"},
			environment: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": "decoy", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
				"ALIBABA_CLOUD_SECURITY_TOKEN": "t",
			},
			token: "t", warns: true,
		},
		"session in ALIBABA_CLOUD": {
			environment: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
				"ALIBABA_CLOUD_SECURITY_TOKEN": "t",
			},
			token: "t",
		},
		"ALICLOUD": {
			environment: map[string]string{
				"ALICLOUD_ACCESS_KEY": id, "ALICLOUD_SECRET_KEY": secret, "ALIBABA_CLOUD_SECURITY_TOKEN": "stale",
			},
			warns: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.environment {
				t.Setenv(variable, value)
			}
			sandbox := providertest.Start(t, paisandbox.Options{
				AccessKeyID: id, AccessKeySecret: secret, SecurityToken: test.token,
				Catalogue: providertest.SmallCatalogue(),
			})
			block := values{"endpoint": sandbox.URL()}
			maps.Copy(block, test.block)
			tf := newTerraform(t)
			providertest.WantNone(t, tf.Configure(block))
			for range 2 {
				read := tf.Read(t.Context(), values{})
				if test.warns {
					if d := providertest.Only(t, read.Diagnostics); d.Severity != tfprotov6.DiagnosticSeverityWarning {
						t.Errorf("%s: %s", d.Summary, d.Detail)
					}
				} else {
					providertest.WantNone(t, read.Diagnostics)
				}
				test.warns = false
			}
			for _, request := range sandbox.Requests() {
				if token := request.Header.Get("x-acs-security-token"); request.Status != 200 || token != test.token {
					t.Errorf("HTTP %d with token %q, want 200 with %q", request.Status, token, test.token)
				}
			}
		})
	}
}

// TestConfigureSendsNothing checks that the provider gets credentials only when it reads a data source.
func TestConfigureSendsNothing(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	providertest.WantNone(t, newTerraform(t).Configure(providertest.SignedIn(sandbox)))
	if requests := sandbox.Requests(); len(requests) != 0 {
		t.Errorf("%d requests, want none", len(requests))
	}
}

// TestUnknownProviderArguments checks that an unknown argument of the provider defers the read of a data source. If
// Terraform doesn't support deferral, the read must return an error that names the argument (design rule 6).
func TestUnknownProviderArguments(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	for argument := range providerArguments(t) {
		block := providertest.SignedIn(sandbox)
		name, member, nested := strings.Cut(argument, ".")
		block[name] = unknown{}
		if nested {
			block[name] = map[string]any{member: unknown{}}
		}
		for dataSource, smallest := range smallestBlocks {
			tf := newTerraform(t)
			tf.DataSource = dataSource
			providertest.WantNone(t, tf.Configure(block))
			d := providertest.Only(t, tf.Read(t.Context(), smallest).Diagnostics)
			if d.Severity != tfprotov6.DiagnosticSeverityError || !strings.Contains(d.Detail, argument) {
				t.Errorf("%s is not in %s: %s", argument, d.Summary, d.Detail)
			}

			tf = newTerraform(t)
			tf.DataSource, tf.Deferring = dataSource, true
			providertest.WantNone(t, tf.Configure(block))
			read := tf.Read(t.Context(), smallest)
			providertest.WantNone(t, read.Diagnostics)
			if read.Deferred == nil || read.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
				t.Errorf("%s: deferred %v, want because of the provider's configuration", argument, read.Deferred)
			}
		}
	}
	if requests := sandbox.Requests(); len(requests) != 0 {
		t.Errorf("%d requests, want none", len(requests))
	}
}

// TestUserAgent checks that the user agent contains the versions of Terraform and the provider, the commit, and the
// value of TF_APPEND_USER_AGENT.
func TestUserAgent(t *testing.T) {
	t.Setenv("TF_APPEND_USER_AGENT", " my-pipeline/7\r\nX-Evil: 1 ")
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	tf.State(values{})
	want := "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-pai/1.2.3 (0a1b2c3) my-pipeline/7X-Evil: 1"
	if got := sandbox.Requests()[0].Header.Get("User-Agent"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

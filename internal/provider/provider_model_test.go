package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// model is a provider block with nothing in it but keys.
func model() providerModel {
	return providerModel{signInModel: signInModel{AccessKey: types.StringValue("id"), SecretKey: types.StringValue("secret")}}
}

// TestEndpointResolution: which host is asked, by configuration and environment. It sets the environment, and so
// doesn't run beside others.
func TestEndpointResolution(t *testing.T) {
	cases := map[string]struct {
		region, endpoint, network string // configuration
		environment               string // NAME=value, separated by blanks
		want, fact                string // URL, or path and summary of the error and a fact in its detail
	}{
		"region":                       {region: "cn-beijing", want: "https://aiworkspace.cn-beijing.aliyuncs.com"},
		"region, vpc":                  {region: "cn-beijing", network: "vpc", want: "https://aiworkspace-vpc.cn-beijing.aliyuncs.com"},
		"vpc by the environment":       {region: "cn-beijing", environment: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=TRUE", want: "https://aiworkspace-vpc.cn-beijing.aliyuncs.com"},
		"no vpc by the environment":    {region: "cn-beijing", environment: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=false", want: "https://aiworkspace.cn-beijing.aliyuncs.com"},
		"public in spite of it":        {region: "cn-beijing", network: "public", environment: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true", want: "https://aiworkspace.cn-beijing.aliyuncs.com"},
		"an older region":              {region: "cn-qingdao", want: "https://aiworkspace.aliyuncs.com"},
		"endpoint wins over region":    {region: "cn-beijing", endpoint: "api.example.com", want: "https://api.example.com"},
		"endpoint, no region":          {endpoint: "http://localhost:1", want: "http://localhost:1"},
		"endpoint of the environment":  {region: "cn-beijing", environment: "AIWORKSPACE_ENDPOINT=b.example.com", want: "https://b.example.com"},
		"the first of two":             {environment: "AIWORKSPACE_ENDPOINT=b.example.com ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=a.example.com", want: "https://a.example.com"},
		"configuration first":          {endpoint: "c.example.com", environment: "AIWORKSPACE_ENDPOINT=b.example.com", want: "https://c.example.com"},
		"a bad one of the environment": {environment: "AIWORKSPACE_ENDPOINT=http://b.example.com", want: "endpoint: Invalid endpoint", fact: "AIWORKSPACE_ENDPOINT"},
		"region 1":                     {environment: "ALIBABA_CLOUD_REGION=r-1 ALIBABA_CLOUD_REGION_ID=r-2 ALICLOUD_REGION=r-3 ALICLOUD_REGION_ID=r-4", want: "https://aiworkspace.r-1.aliyuncs.com"},
		"region 2":                     {environment: "ALIBABA_CLOUD_REGION_ID=r-2 ALICLOUD_REGION=r-3 ALICLOUD_REGION_ID=r-4", want: "https://aiworkspace.r-2.aliyuncs.com"},
		"region 3":                     {environment: "ALICLOUD_REGION=r-3 ALICLOUD_REGION_ID=r-4", want: "https://aiworkspace.r-3.aliyuncs.com"},
		"region 4":                     {environment: "ALICLOUD_REGION_ID=r-4\n", want: "https://aiworkspace.r-4.aliyuncs.com"},
		"an empty one is unset":        {environment: "ALIBABA_CLOUD_REGION= ALICLOUD_REGION=r-3", want: "https://aiworkspace.r-3.aliyuncs.com"},
		"a bad region":                 {environment: "ALICLOUD_REGION=R", want: "region: Invalid region", fact: "ALICLOUD_REGION"},
		"nothing":                      {want: "region: Missing region", fact: "ALICLOUD_REGION"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			for _, variable := range strings.Split(test.environment, " ") {
				if name, value, is := strings.Cut(variable, "="); is {
					t.Setenv(name, value)
				}
			}
			m := model()
			for text, field := range map[string]*types.String{test.region: &m.Region, test.endpoint: &m.Endpoint, test.network: &m.Network} {
				if text != "" {
					*field = types.StringValue(text)
				}
			}
			var diags diag.Diagnostics
			got := m.options(t.Context(), &diags)
			if !strings.HasPrefix(test.want, "https://") && !strings.HasPrefix(test.want, "http://") {
				if len(diags) != 1 || !strings.HasPrefix(said(diags[0]), test.want+": ") ||
					!strings.Contains(diags[0].Detail(), test.fact) {
					t.Errorf("got %v", diags)
				}
				return
			}
			if diags.HasError() || got.Endpoint.String() != test.want {
				t.Errorf("got %v, %v", got.Endpoint, diags)
			}
		})
	}
}

func said(d diag.Diagnostic) string {
	at := ""
	if with, is := d.(diag.DiagnosticWithPath); is {
		at = with.Path().String() + ": "
	}
	return at + d.Summary() + ": " + d.Detail()
}

func TestTuningAndDefaults(t *testing.T) {
	t.Parallel()
	m := model()
	m.Region = types.StringValue("cn-beijing")
	var diags diag.Diagnostics
	got := m.options(t.Context(), &diags)
	if got.MaxRetries != 5 || got.RequestTimeout != 30*time.Second || got.MaxConcurrency != 8 || diags.HasError() {
		t.Errorf("got %+v, %v", got, diags)
	}
	m.MaxRetries, m.MaxConcurrency = types.Int64Value(0), types.Int64Value(3)
	m.RequestTimeout = timetypes.NewGoDurationValue(time.Second)
	got = m.options(t.Context(), &diags)
	if got.MaxRetries != 0 || got.RequestTimeout != time.Second || got.MaxConcurrency != 3 || diags.HasError() {
		t.Errorf("got %+v, %v", got, diags)
	}
}

// TestKeysComeFromOneLayer looks at what reached the sandbox: keys of the configuration meet nothing of the
// environment, and those of one family of names nothing of the other.
func TestKeysComeFromOneLayer(t *testing.T) {
	id, secret := paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret
	for name, test := range map[string]struct {
		block       values
		environment map[string]string
		token       string // that the sandbox expects and must get
	}{
		"configuration": {
			block:       values{"access_key": id + "\n", "secret_key": secret + "\n"},
			environment: map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "decoy", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "decoy", "ALIBABA_CLOUD_SECURITY_TOKEN": "stale"},
		},
		"configuration, session": {
			block:       values{"access_key": id, "secret_key": secret, "security_token": "t"},
			environment: map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": "stale"},
			token:       "t",
		},
		"first family": {
			environment: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret + "\n",
				"ALICLOUD_ACCESS_KEY": "decoy", "ALICLOUD_SECRET_KEY": "decoy", "ALICLOUD_SECURITY_TOKEN": "stale",
			},
		},
		"first family, session": {
			environment: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret, "ALIBABA_CLOUD_SECURITY_TOKEN": "t",
			},
			token: "t",
		},
		"second family": {
			environment: map[string]string{
				"ALICLOUD_ACCESS_KEY": id, "ALICLOUD_SECRET_KEY": secret, "ALIBABA_CLOUD_SECURITY_TOKEN": "stale",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.environment {
				t.Setenv(variable, value)
			}
			sandbox := providertest.Start(t, paisandbox.Options{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: test.token})
			block := values{"endpoint": sandbox.URL()}
			for argument, value := range test.block {
				block[argument] = value
			}
			tf := newTerraform(t)
			providertest.WantNone(t, tf.Configure(block))
			tf.State(values{})
			for _, request := range sandbox.Requests() {
				if request.Status != 200 || request.Header.Get("x-acs-security-token") != test.token {
					t.Errorf("HTTP %d, token %q", request.Status, request.Header.Get("x-acs-security-token"))
				}
			}
		})
	}
}

// TestHalfAKeyIsAnError, and not a reason to look elsewhere.
func TestHalfAKeyIsAnError(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
	t.Setenv("ALICLOUD_ACCESS_KEY", "other")
	t.Setenv("ALICLOUD_SECRET_KEY", "other")
	m := providerModel{Region: types.StringValue("cn-beijing")}
	var diags diag.Diagnostics
	m.options(t.Context(), &diags)
	if len(diags) != 1 || !strings.Contains(said(diags[0]), "ALIBABA_CLOUD_ACCESS_KEY_SECRET") {
		t.Errorf("got %v", diags)
	}
}

// TestConfigureSendsNothing: credentials are fetched when something is read.
func TestConfigureSendsNothing(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	providertest.WantNone(t, newTerraform(t).Configure(providertest.SignedIn(sandbox)))
	if len(sandbox.Requests()) != 0 {
		t.Error("configuring sent a request")
	}
	if _, err := paiclient.New(paiclient.Options{}); err == nil {
		t.Error("a client without an endpoint was made")
	}
}

// TestUnknownProviderArguments: an error that names them when a data source is read, or a deferral where Terraform can.
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
		for _, lookup := range []string{"pai_images", "pai_image"} {
			tf := newTerraform(t)
			tf.DataSource = lookup
			providertest.WantNone(t, tf.Configure(block))
			read := tf.Read(t.Context(), values{})
			if len(read.Diagnostics) != 1 || !strings.Contains(read.Diagnostics[0].Detail, argument) {
				t.Errorf("%s: %v", argument, read.Diagnostics)
			}

			tf = newTerraform(t)
			tf.DataSource, tf.Deferring = lookup, true
			providertest.WantNone(t, tf.Configure(block))
			read = tf.Read(t.Context(), values{})
			if read.Deferred == nil || read.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown || len(read.Diagnostics) > 0 {
				t.Errorf("%s: deferred %v, %v", argument, read.Deferred, read.Diagnostics)
			}
		}
	}
	if len(sandbox.Requests()) != 0 {
		t.Error("something was sent")
	}
}

// TestUserAgent: the request names Terraform, the provider with its commit, and what the user appends.
func TestUserAgent(t *testing.T) {
	t.Setenv("TF_APPEND_USER_AGENT", " my-pipeline/7\r\nX-Evil: 1 ")
	sandbox := providertest.Start(t, paisandbox.Options{})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	tf.State(values{})
	want := "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-pai/1.2.3 (0a1b2c3) my-pipeline/7X-Evil: 1"
	if got := sandbox.Requests()[0].Header.Get("User-Agent"); got != want {
		t.Errorf("got %q", got)
	}
}

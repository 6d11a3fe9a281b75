package provider

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// environment is which variables stand in for an argument that isn't set, in order. An empty variable is unset.
var environment = map[string][]string{
	"region":         {"ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION", "ALICLOUD_REGION_ID"},
	"endpoint":       {"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE", "AIWORKSPACE_ENDPOINT"},
	"network":        {"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"},
	"access_key":     {signin.Families[0].ID, signin.Families[1].ID},
	"secret_key":     {signin.Families[0].Secret, signin.Families[1].Secret},
	"security_token": {signin.Families[0].Token, signin.Families[1].Token},
}

// providerModel is the provider block.
type providerModel struct {
	Region         types.String         `tfsdk:"region"`
	Endpoint       types.String         `tfsdk:"endpoint"`
	Network        types.String         `tfsdk:"network"`
	AccessKey      types.String         `tfsdk:"access_key"`
	SecretKey      types.String         `tfsdk:"secret_key"`
	SecurityToken  types.String         `tfsdk:"security_token"`
	MaxRetries     types.Int64          `tfsdk:"max_retries"`
	RequestTimeout timetypes.GoDuration `tfsdk:"request_timeout"`
	MaxConcurrency types.Int64          `tfsdk:"max_concurrency"`
}

// unknown names the arguments whose values come from what isn't created yet. Each of them may change which account or
// which region is asked, or whether the answer comes at all, so none is passed over.
func (m *providerModel) unknown() []string {
	var names []string
	for _, argument := range []struct {
		name  string
		value attr.Value
	}{
		{"region", m.Region},
		{"endpoint", m.Endpoint},
		{"network", m.Network},
		{"access_key", m.AccessKey},
		{"secret_key", m.SecretKey},
		{"security_token", m.SecurityToken},
		{"max_retries", m.MaxRetries},
		{"request_timeout", m.RequestTimeout},
		{"max_concurrency", m.MaxConcurrency},
	} {
		if argument.value.IsUnknown() {
			names = append(names, argument.name)
		}
	}
	return names
}

// options turns the block and the environment into what the client is made from. Errors go to the diagnostics, on the
// argument that can mend them.
func (m *providerModel) options(diags *diag.Diagnostics) paiclient.Options {
	options := paiclient.Options{
		Endpoint:       m.address(diags),
		Credentials:    m.credentials(diags),
		MaxRetries:     paiclient.DefaultMaxRetries,
		RequestTimeout: paiclient.DefaultRequestTimeout,
		MaxConcurrency: paiclient.DefaultMaxConcurrency,
	}
	if !m.MaxRetries.IsNull() {
		options.MaxRetries = int(m.MaxRetries.ValueInt64())
	}
	if !m.MaxConcurrency.IsNull() {
		options.MaxConcurrency = int(m.MaxConcurrency.ValueInt64())
	}
	if !m.RequestTimeout.IsNull() {
		var more diag.Diagnostics
		options.RequestTimeout, more = m.RequestTimeout.ValueGoDuration()
		diags.Append(more...)
	}
	return options
}

// address is the endpoint where one is named, else that of the region.
func (m *providerModel) address(diags *diag.Diagnostics) *url.URL {
	if endpoint, from := argument("endpoint", m.Endpoint); endpoint != "" {
		address, err := paiclient.ParseEndpoint(endpoint)
		if err != nil {
			diags.AddAttributeError(path.Root("endpoint"), "Invalid endpoint", from+" can't be called: "+err.Error()+".")
		}
		return address
	}
	network, from := argument("network", m.Network)
	if from != "network" {
		network = paiclient.NetworkPublic
		if enabled, _ := argument("network", types.StringNull()); strings.EqualFold(enabled, "true") {
			network = paiclient.NetworkVPC
		}
	}
	region, from := argument("region", m.Region)
	if region == "" {
		diags.AddAttributeError(path.Root("region"), "No region", fmt.Sprintf(
			"The images differ from region to region, so the provider must know which one to ask. Set region in the provider "+
				"block, such as region = \"cn-hangzhou\", or one of the environment variables %s; or name an endpoint.",
			strings.Join(environment["region"], ", ")))
		return nil
	}
	address, err := paiclient.RegionalEndpoint(region, network)
	if err != nil {
		diags.AddAttributeError(path.Root("region"), "Invalid region", from+": "+err.Error()+".")
	}
	return address
}

// credentials are those of the block alone, or where it has none those that the surroundings offer.
func (m *providerModel) credentials(diags *diag.Diagnostics) paiclient.CredentialSource {
	if !m.AccessKey.IsNull() {
		return paiclient.StaticCredentials{
			AccessKeyID:     strings.TrimSpace(m.AccessKey.ValueString()),
			AccessKeySecret: strings.TrimSpace(m.SecretKey.ValueString()),
			SecurityToken:   strings.TrimSpace(m.SecurityToken.ValueString()),
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // no files to look at, which is said where nothing is found
	}
	source, err := signin.Find(signin.Surroundings{Getenv: os.Getenv, Home: home})
	if err != nil {
		diags.AddAttributeError(path.Root("access_key"), "No credentials", "The provider can't sign in: "+err.Error()+".")
	}
	return source
}

// argument gives the value of an argument, or of the first of its environment variables that is set, and where it is from.
func argument(name string, configured types.String) (value, from string) {
	if value := strings.TrimSpace(configured.ValueString()); value != "" {
		return value, name
	}
	for _, variable := range environment[name] {
		if value := strings.TrimSpace(os.Getenv(variable)); value != "" {
			return value, "the environment variable " + variable
		}
	}
	return "", ""
}

// positive says what is wrong with a duration that is no time to wait.
func positive(duration time.Duration) error {
	if duration <= 0 {
		return errors.New("it must be longer than nothing")
	}
	return nil
}

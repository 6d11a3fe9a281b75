package provider

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// environment is which variables stand in for an argument that isn't set, in order. An empty variable is unset. What
// signs in has its own table, signin.Arguments.
var environment = map[string][]string{
	"region":   {"ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION", "ALICLOUD_REGION_ID"},
	"endpoint": {"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE", "AIWORKSPACE_ENDPOINT"},
	"network":  {"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"},
}

// providerModel is the provider block.
type providerModel struct {
	signInModel
	Region         types.String         `tfsdk:"region"`
	Endpoint       types.String         `tfsdk:"endpoint"`
	Network        types.String         `tfsdk:"network"`
	MaxRetries     types.Int64          `tfsdk:"max_retries"`
	RequestTimeout timetypes.GoDuration `tfsdk:"request_timeout"`
	MaxConcurrency types.Int64          `tfsdk:"max_concurrency"`
}

// unknownArguments names the arguments whose values come from what isn't created yet. Each of them may change which
// account or which region is asked, or whether the answer comes at all, so none is passed over.
func unknownArguments(block tftypes.Value) []string {
	var names []string
	_ = tftypes.Walk(block, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) { // never fails: nothing below does
		if value.IsKnown() {
			return true, nil
		}
		var steps []string
		for _, step := range at.Steps() {
			if name, is := step.(tftypes.AttributeName); is {
				steps = append(steps, string(name))
			}
		}
		names = append(names, strings.Join(steps, "."))
		return false, nil
	})
	slices.Sort(names)
	return names
}

// options turns the block and the environment into what the client is made from. Errors go to the diagnostics, on the
// argument that can mend them.
func (m *providerModel) options(ctx context.Context, diags *diag.Diagnostics) paiclient.Options {
	options := paiclient.Options{
		MaxRetries:     paiclient.DefaultMaxRetries,
		RequestTimeout: paiclient.DefaultRequestTimeout,
		MaxConcurrency: paiclient.DefaultMaxConcurrency,
	}
	region, _ := argument("region", m.Region)
	if found := m.signIn(ctx, region, m.network(), diags); found != nil {
		options.Credentials = found.Source
		options.Endpoint = m.address(found, diags)
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

// address is the endpoint where one is named, else that of the region, which may be the profile's that signs in.
func (m *providerModel) address(found *signin.Found, diags *diag.Diagnostics) *url.URL {
	if endpoint, from := argument("endpoint", m.Endpoint); endpoint != "" {
		address, err := paiclient.ParseEndpoint(endpoint)
		if err != nil {
			diags.AddAttributeError(path.Root("endpoint"), "Invalid endpoint", from+" can't be called: "+err.Error()+".")
		}
		return address
	}
	region, from := argument("region", m.Region)
	if region == "" {
		region, from = found.Region, "the region of "+found.Name
	}
	if region == "" {
		diags.AddAttributeError(path.Root("region"), "No region", fmt.Sprintf(
			"The images differ from region to region, so the provider must know which one to ask. Set region in the provider "+
				"block, such as region = \"cn-hangzhou\", or one of the environment variables %s; or name an endpoint.",
			strings.Join(environment["region"], ", ")))
		return nil
	}
	address, err := paiclient.RegionalEndpoint(region, m.network())
	if err != nil {
		diags.AddAttributeError(path.Root("region"), "Invalid region", from+": "+err.Error()+".")
	}
	return address
}

// network is the argument, or what the environment makes of it.
func (m *providerModel) network() string {
	network, from := argument("network", m.Network)
	switch {
	case from == "network":
		return network
	case strings.EqualFold(network, "true"):
		return paiclient.NetworkVPC
	}
	return paiclient.NetworkPublic
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

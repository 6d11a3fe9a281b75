package provider

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// environment maps arguments to their environment variables. If an argument is not set, the provider uses the first of
// its variables that is not empty. Package signin has the variables of the arguments for credentials.
var environment = map[string][]string{
	"region":   signin.Variables("region"),
	"endpoint": signin.EndpointVariables,
	"network":  signin.NetworkVariables,
}

// providerModel holds the arguments of the provider block.
type providerModel struct {
	signInModel
	Region         types.String `tfsdk:"region"`
	Endpoint       types.String `tfsdk:"endpoint"`
	Network        types.String `tfsdk:"network"`
	MaxRetries     types.Int64  `tfsdk:"max_retries"`
	RequestTimeout types.String `tfsdk:"request_timeout"`
	MaxConcurrency types.Int64  `tfsdk:"max_concurrency"`
}

// unknownArguments returns the sorted names of the arguments with an unknown value. The provider must not treat such a
// value as unset, because every argument can affect the account, the region or the success of a request.
func unknownArguments(block tftypes.Value) []string {
	var names []string
	// The error is always nil, because the callback returns no errors.
	_ = tftypes.Walk(block, func(attribute *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if value.IsKnown() {
			return true, nil
		}
		var steps []string
		for _, step := range attribute.Steps() {
			if name, ok := step.(tftypes.AttributeName); ok {
				steps = append(steps, string(name))
			}
		}
		names = append(names, strings.Join(steps, "."))
		return false, nil
	})
	slices.Sort(names)
	return names
}

// connector returns the connector for the block and the environment. It adds errors only for wrong values in the block.
// The connector reports the other errors when a data source needs the value, because this run may not read any.
func (m *providerModel) connector(ctx context.Context, userAgent string, diags *diag.Diagnostics) *connector {
	c := &connector{network: signin.Network(trimmedString(m.Network), processEnv()), endpoint: m.endpoint()}
	if m.Region.IsUnknown() {
		c.unknown = []string{"region"}
	} else {
		c.region, c.regionWarnings = m.region()
	}
	configuration := m.configuration(ctx, diags)
	configuration.Region, configuration.Network = c.region.value, c.network
	if err := configuration.Check(); err != nil {
		argument, summary, detail := explainSignInError(err)
		diags.AddAttributeError(argumentPath(argument), summary, detail)
	}
	options := m.options(diags)
	options.UserAgent, options.OnAttempt = userAgent, lookup.LogAttempt
	c.signIn = sync.OnceValues(func() (*account, diag.Diagnostics) { return newAccount(configuration, options) })
	return c
}

// region returns the region of the provider that the block or the environment sets, and warnings about it.
func (m *providerModel) region() (setting, []signin.Warning) {
	value, variable, warnings := signin.Region(trimmedString(m.Region), isEmpty(m.Region), processEnv())
	return newSetting("region", variable, value), warnings
}

// options returns the options for requests, without credentials.
func (m *providerModel) options(diags *diag.Diagnostics) paiclient.Options {
	options := paiclient.Options{
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
	if timeout := trimmedString(m.RequestTimeout); timeout != "" {
		duration, durationDiags := timetypes.NewGoDurationValueFromString(timeout)
		diags.Append(durationDiags...)
		options.RequestTimeout, durationDiags = duration.ValueGoDuration()
		diags.Append(durationDiags...)
	}
	return options
}

// endpoint returns the endpoint that the block or the environment sets.
func (m *providerModel) endpoint() setting {
	if value := trimmedString(m.Endpoint); value != "" {
		return newSetting("endpoint", "", value)
	}
	variable, value := processEnv().Lookup(environment["endpoint"]...)
	return newSetting("endpoint", variable, value)
}

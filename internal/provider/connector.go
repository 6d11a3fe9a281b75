package provider

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// setting is the value of an argument and its source, as shown in errors: the argument, its environment variable, or
// the profile of the credentials.
type setting struct{ value, source string }

// newSetting returns the setting of an argument. variable is the environment variable that sets it, or "" if the block
// does. The setting is the zero value if value is "".
func newSetting(argument, variable, value string) setting {
	switch {
	case value == "":
		return setting{}
	case variable == "":
		return setting{value, "`" + argument + "`"}
	}
	return setting{value, "the environment variable " + variable}
}

// account is the PAI API with the credentials that the provider found.
type account struct {
	service     *paiclient.Service
	credentials *signin.Result
	clients     sync.Map // a lookup.Client by URL of the endpoint
}

// client returns the client of all data sources at the endpoint.
func (a *account) client(endpoint *url.URL) lookup.Client {
	client, ok := a.clients.Load(endpoint.String())
	if !ok {
		own := a.service.Client(endpoint)
		client, _ = a.clients.LoadOrStore(endpoint.String(), lookup.NewSharedClient(own, own.Interrupted))
	}
	return client.(lookup.Client)
}

// connector is the lookup.Connector of a provider block.
type connector struct {
	unknown          []string // sorted names of the unknown arguments of the block; region, if signIn is set
	region, endpoint setting
	network          string           // "" if unset; the profile of the credentials may then set it
	regionWarnings   []signin.Warning // about region

	// signIn finds the credentials. All calls return the result of the first. It is nil if an argument other than region
	// is unknown.
	signIn func() (*account, diag.Diagnostics)
}

// Unknown implements lookup.Connector. A data source doesn't need the provider's region if it sets its own and if no
// fixed endpoint is configured.
func (c *connector) Unknown(region string) []string {
	if c.signIn != nil && region != "" && !c.hasFixedEndpoint() {
		return nil
	}
	return c.unknown
}

// hasFixedEndpoint reports whether an endpoint is configured that is the same for all regions.
func (c *connector) hasFixedEndpoint() bool {
	return c.endpoint.value != "" && !strings.Contains(c.endpoint.value, paiclient.RegionPlaceholder)
}

// Connect implements lookup.Connector.
func (c *connector) Connect(region string) (*lookup.Connection, diag.Diagnostics) {
	signedIn, found := c.signIn()
	diags := slices.Clone(found) // other calls return the same diagnostics
	if diags.HasError() {
		return nil, diags
	}
	if region == "" {
		addWarnings(&diags, c.regionWarnings)
	}
	endpoint, region := c.resolve(region, signedIn.credentials, &diags)
	if diags.HasError() {
		return nil, diags
	}
	connection := &lookup.Connection{
		Client: signedIn.client(endpoint), Region: types.StringNull(), CredentialSource: signedIn.credentials.Name,
		Sessions: signedIn.credentials.Sessions,
	}
	if region != "" {
		connection.Region = types.StringValue(region)
	}
	return connection, diags
}

// resolve returns the endpoint and the region for a data source. region is the region that the data source sets, or "".
// The default is the provider's region, which the profile of the credentials may set, and then the region of the
// endpoint's host. The result has no region if none is set and the endpoint doesn't need one.
func (c *connector) resolve(
	region string, credentials *signin.Result, diags *diag.Diagnostics,
) (endpoint *url.URL, used string) {
	defaultRegion := c.region
	if defaultRegion.value == "" {
		defaultRegion = setting{credentials.Region, credentials.Name}
	}
	used = cmp.Or(region, defaultRegion.value)
	if used == "" && !c.hasFixedEndpoint() {
		diags.AddError("Missing region", fmt.Sprintf(
			"No region is set, and each region has its own images. Set `region` in the data source or in the provider block, "+
				"for example `region = \"cn-hangzhou\"`, or one of the environment variables %s.\n\nWithout a region, the "+
				"alicloud provider would use cn-beijing.", strings.Join(environment["region"], ", ")))
		return nil, ""
	}
	if err := paiclient.CheckRegion(used); used != "" && err != nil {
		diags.AddError("Invalid value for region",
			fmt.Sprintf("%s The value is from %s.", validate.ErrorSentence(err), defaultRegion.source))
		return nil, ""
	}
	network := cmp.Or(c.network, credentials.Network, paiclient.NetworkPublic)
	endpoint, err := paiclient.RegionalEndpoint(used, network)
	if c.endpoint.value != "" {
		endpoint, err = paiclient.ExpandEndpoint(c.endpoint.value, used)
	}
	if err != nil {
		diags.AddError("Invalid value for endpoint",
			fmt.Sprintf("%s The value is from %s.", validate.ErrorSentence(err), c.endpoint.source))
		return nil, ""
	}
	if c.hasFixedEndpoint() {
		used = cmp.Or(used, paiclient.EndpointRegion(endpoint))
		c.checkFixedEndpoint(endpoint, region, defaultRegion, diags)
	}
	return endpoint, used
}

// checkFixedEndpoint adds an error if the endpoint serves another region than the lookup's. The endpoint's region is
// part of its host. For another host, it is the provider's. region is the region that the data source sets, or "".
func (c *connector) checkFixedEndpoint(
	endpoint *url.URL, region string, defaultRegion setting, diags *diag.Diagnostics,
) {
	const summary = "Region without an endpoint"
	own := paiclient.EndpointRegion(endpoint)
	switch {
	case own != "" && region != "" && region != own:
		diags.AddAttributeError(path.Root("region"), summary, c.describeOtherRegion(
			endpoint, setting{region, "`region` of the data source"}))
	case own != "" && region == "" && defaultRegion.value != "" && defaultRegion.value != own:
		diags.AddError(summary, c.describeOtherRegion(endpoint, defaultRegion))
	case own == "" && region != "" && defaultRegion.value != "" && region != defaultRegion.value:
		diags.AddAttributeError(path.Root("region"), summary, fmt.Sprintf(
			"The provider sends all requests to %[1]s (from %[2]s), and its region is %[3]q (from %[4]s). Remove "+
				"`region = %[5]q` from the data source, or set the provider's `endpoint` to one that contains `%[6]s`, as in "+
				"`aiworkspace.%[6]s.example.com`, so that each region has its own host.",
			endpoint.Host, c.endpoint.source, defaultRegion.value, defaultRegion.source, region, paiclient.RegionPlaceholder))
	}
}

// describeOtherRegion returns the detail of an error about a lookup's region that isn't the one in the endpoint's host.
func (c *connector) describeOtherRegion(endpoint *url.URL, region setting) string {
	own := paiclient.EndpointRegion(endpoint)
	return fmt.Sprintf("The endpoint %[1]s (from %[2]s) serves only %[3]s, but the region of this lookup is %[4]s (from "+
		"%[5]s).\n\nRemove the endpoint, so that each region has its own host, or set `endpoint = %[6]q` in the provider "+
		"block. To use %[3]s, set `region = %[3]q`.", endpoint.Host, c.endpoint.source, own, region.value, region.source,
		strings.Replace(strings.ToLower(endpoint.Host), own, paiclient.RegionPlaceholder, 1))
}

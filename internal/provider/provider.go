// Package provider is Terraform's side of the house: schemas, configuration, diagnostics, and the API's values turned
// into Terraform's.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/functions"
	"terraform.local/pai/terraform-provider-pai/internal/provider/images"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// typeName is what the names of all data sources begin with.
const typeName = "pai"

var (
	_ provider.Provider              = (*paiProvider)(nil)
	_ provider.ProviderWithFunctions = (*paiProvider)(nil)
)

type paiProvider struct {
	version string
	commit  string
}

func (p *paiProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

func (p *paiProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Configure makes the one client that all data sources share. Nothing is sent.
func (p *paiProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if unknown := unknownArguments(req.Config.Raw); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
			return
		}
		// No error yet: a configuration that reads no data source in this run works without.
		resp.DataSourceData = &lookup.ProviderData{Unknown: unknown}
		return
	}
	options := model.options(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	options.UserAgent = userAgent(req.TerraformVersion, p.version, p.commit)
	options.OnAttempt = lookup.LogAttempt
	client, err := paiclient.New(options)
	if err != nil {
		resp.Diagnostics.AddError("The provider can't be configured", err.Error())
		return
	}
	resp.DataSourceData = &lookup.ProviderData{Client: client}
}

func (p *paiProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{images.NewImageDataSource, images.NewImagesDataSource}
}

func (p *paiProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{functions.NewParseImageURI}
}

func (p *paiProvider) Resources(context.Context) []func() resource.Resource { return nil }

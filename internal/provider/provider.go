// Package provider contains the provider block: its schema, the configuration of the client, and the registration of
// data sources and functions.
package provider

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/provider/functions"
	"terraform.local/pai/terraform-provider-pai/internal/provider/images"
	"terraform.local/pai/terraform-provider-pai/internal/provider/labels"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/workspaces"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// typeName is the prefix of the names of all data sources.
const typeName = "pai"

var (
	_ provider.Provider              = (*paiProvider)(nil)
	_ provider.ProviderWithFunctions = (*paiProvider)(nil)
)

// NewServer returns a function that creates a server of the provider: the framework's server, whose responses package
// wirestate completes with lists of images, and whose memory boundedServer limits. version and commit are part of the
// user agent and may be empty.
func NewServer(version, commit string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		p := &paiProvider{version: version, commit: commit}
		return boundedServer{wirestate.NewServer(providerserver.NewProtocol6(p)())}
	}
}

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

// Configure creates the connector that all data sources share. It sends no requests. The connector finds the
// credentials and the region later, because this run may not read any data source.
func (p *paiProvider) Configure(
	ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse,
) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	unknown := unknownArguments(req.Config.Raw)
	if len(unknown) > 0 && !slices.Equal(unknown, []string{"region"}) {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
			return
		}
		resp.DataSourceData = &lookup.ProviderData{Connector: &connector{unknown: unknown}}
		return
	}
	c := model.connector(ctx, userAgent(req.TerraformVersion, p.version, p.commit), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.DataSourceData = &lookup.ProviderData{Connector: c}
}

func (p *paiProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		images.NewImageDataSource, images.NewImagesDataSource, labels.NewDataSource, workspaces.NewWorkspaceDataSource,
		workspaces.NewWorkspacesDataSource,
	}
}

func (p *paiProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{functions.NewParseImageURI}
}

func (p *paiProvider) Resources(context.Context) []func() resource.Resource { return nil }

// userAgent returns the user agent of all requests. It contains the versions of Terraform and the provider, the commit
// if it is not empty, and the value of the environment variable TF_APPEND_USER_AGENT.
func userAgent(terraformVersion, providerVersion, commit string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-pai/%s",
		terraformVersion, providerVersion)
	if commit != "" {
		agent += " (" + commit + ")"
	}
	appended := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1 // a line break would end the header
		}
		return r
	}, os.Getenv("TF_APPEND_USER_AGENT"))
	return strings.TrimSpace(agent + " " + strings.TrimSpace(appended))
}

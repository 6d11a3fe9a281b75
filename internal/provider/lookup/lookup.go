// Package lookup contains the code that all data sources share: connections to the API, access to the configuration
// and its text in HCL, the errors and the log of requests, and time limits.
package lookup

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// Client sends the requests of a data source. *paiclient.Client implements it.
type Client interface {
	ListImages(context.Context, paiclient.ListImagesInput) (*paiclient.ImageList, error)
	GetImage(ctx context.Context, id string, verbose bool) (*pai.Image, error)
	ListImageLabels(context.Context, paiclient.ListImageLabelsInput) (*paiclient.ImageLabels, error)
	ListWorkspaces(context.Context, paiclient.ListWorkspacesInput) (*paiclient.WorkspaceList, error)
	GetWorkspace(ctx context.Context, id string) (*pai.Workspace, error)
	GetDefaultWorkspace(context.Context) (*pai.Workspace, error)
}

// Connector connects data sources to the API. The provider implements it.
type Connector interface {
	// Unknown returns the names of the provider's arguments that are unknown and that a data source in the region needs.
	// The region is "" if the data source omits it.
	Unknown(region string) []string

	// Connect returns a connection to a region, or to the provider's region if region is "". Diagnostics about the
	// provider's configuration have no path. The connection is nil if there is an error.
	Connect(region string) (*Connection, diag.Diagnostics)
}

// Connection is the client of a data source for its region.
type Connection struct {
	Client
	Region           types.String // null if no region is known
	CredentialSource string       // as shown in errors: the profile "dev" of /home/u/.aliyun/config.json
	Sessions         bool         // whether the source issues sessions; otherwise it contains the keys
	data             *ProviderData
}

// ProviderData is the value that the provider passes to its data sources.
type ProviderData struct {
	Connector

	mu    sync.Mutex
	added map[string]bool // diagnostics of addOnce, by summary and detail
}

// addOnce adds a diagnostic about the provider's configuration, which is the same for many data sources. If the same
// diagnostic was added before, addOnce adds only a one-line detail for an error, and nothing for a warning.
func (d *ProviderData) addOnce(diags *diag.Diagnostics, diagnostic diag.Diagnostic) {
	d.mu.Lock()
	defer d.mu.Unlock()
	summary, key := diagnostic.Summary(), diagnostic.Summary()+"\n"+diagnostic.Detail()
	switch {
	case !d.added[key]:
		diags.Append(diagnostic)
	case diagnostic.Severity() == diag.SeverityError:
		diags.AddError(summary, fmt.Sprintf("Another %q error of this run has the cause and the fix.", summary))
	}
	if d.added == nil {
		d.added = make(map[string]bool)
	}
	d.added[key] = true
}

// Configured implements the method Configure of a data source and keeps the ProviderData. Data sources embed it.
type Configured struct {
	data *ProviderData
}

// Configure implements datasource.DataSourceWithConfigure.
func (c *Configured) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	c.data, _ = req.ProviderData.(*ProviderData) // nil if Terraform validates before it configures the provider
}

// RegionAttribute returns the attribute region of a data source. StartRead reads it.
func RegionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Region to look in, such as `cn-hangzhou`. Default: the provider's region.",
		Validators:          []validator.String{validate.Region()},
	}
}

// connect returns a connection to the region of the data source. It returns nil if there is an error, or if the read is
// deferred because an argument of the provider is unknown.
func (c *Configured) connect(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) *Connection {
	if c.data == nil {
		resp.Diagnostics.AddError("Provider not configured",
			"Terraform requested data before it configured the provider. This is a bug, please report it.")
		return nil
	}
	region := Argument[types.String](ctx, req.Config, "region", &resp.Diagnostics).ValueString()
	if resp.Diagnostics.HasError() {
		return nil
	}
	if unknown := c.data.Unknown(region); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
			resp.State.Raw = tftypes.NewValue(resp.State.Schema.Type().TerraformType(ctx), tftypes.UnknownValue)
			return nil
		}
		c.data.addOnce(&resp.Diagnostics, diag.NewErrorDiagnostic("Unknown provider configuration", fmt.Sprintf(
			"The provider block has arguments whose values are unknown until apply: `%s`. Without them, the provider could "+
				"use another region or account. First apply the resources that the values come from, with `-target`, or use "+
				"values that are known at plan time.", strings.Join(unknown, "`, `"))))
		return nil
	}
	connection, diags := c.data.Connect(region)
	for _, diagnostic := range diags {
		if _, ok := diagnostic.(diag.DiagnosticWithPath); ok {
			resp.Diagnostics.Append(diagnostic)
			continue
		}
		c.data.addOnce(&resp.Diagnostics, diagnostic)
	}
	if resp.Diagnostics.HasError() {
		return nil
	}
	connection.data = c.data
	return connection
}

package workspaces

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

var (
	_ datasource.DataSource                   = (*workspaceDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*workspaceDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*workspaceDataSource)(nil)
)

// NewWorkspaceDataSource returns the data source pai_workspace.
func NewWorkspaceDataSource() datasource.DataSource { return &workspaceDataSource{} }

// workspaceDataSource implements pai_workspace, which finds exactly one workspace.
type workspaceDataSource struct {
	lookup.Configured
}

// workspaceConfig holds the arguments of pai_workspace.
type workspaceConfig struct {
	workspaceID   types.String
	workspaceName types.String
	isDefault     types.Bool
}

func newWorkspaceConfig(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) workspaceConfig {
	return workspaceConfig{
		workspaceID:   lookup.Argument[types.String](ctx, config, "workspace_id", diags),
		workspaceName: lookup.Argument[types.String](ctx, config, "workspace_name", diags),
		isDefault:     lookup.Argument[types.Bool](ctx, config, "default", diags),
	}
}

func (d *workspaceDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_workspace"
}

func (d *workspaceDataSource) Schema(
	ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = workspaceSchema(ctx)
}

func (d *workspaceDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	config := newWorkspaceConfig(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	config.checkSelectsOne(&resp.Diagnostics)
}

func (d *workspaceDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config := newWorkspaceConfig(ctx, req.Config, &resp.Diagnostics)
	ctx, read := d.StartRead(ctx, "pai_workspace", config.arguments().HCL(), req, resp)
	if read == nil {
		return
	}
	defer read.End(ctx)
	search := workspaceLookup{workspaceConfig: config, connection: read.Connection, diags: &resp.Diagnostics}
	workspace := search.run(ctx)
	if search.list != nil {
		read.LogFields = listFields(search.list)
	}
	if workspace == nil {
		return
	}
	read.LogFields["selected"] = describe(workspace)
	config.addStatusWarning(workspace, &resp.Diagnostics)
	results := attributeValues(workspace)
	results["region"] = read.Region
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
}

// arguments returns the arguments in the order of diagnostics.
func (c *workspaceConfig) arguments() lookup.RequestArguments {
	return lookup.RequestArguments{
		{Name: "workspace_id", Parameter: "WorkspaceId", Value: c.workspaceID},
		{Name: "workspace_name", Parameter: "WorkspaceName", Value: c.workspaceName},
		{Name: "default", Value: c.isDefault},
	}
}

// checkSelectsOne adds an error unless exactly one argument selects the workspace. An unknown argument counts as set.
func (c *workspaceConfig) checkSelectsOne(diags *diag.Diagnostics) {
	if lookup.IsSet(c.isDefault) && !c.isDefault.ValueBool() {
		diags.AddAttributeError(path.Root("default"), "Invalid value for default",
			"Only `default = true` selects a workspace. Omit `default`, or set it to null.")
		return
	}
	var set []string
	for _, argument := range c.arguments() {
		if !argument.Value.IsNull() {
			set = append(set, argument.Name)
		}
	}
	switch len(set) {
	case 0:
		diags.AddError("Missing argument", "Nothing selects a workspace. Set exactly one of `workspace_id`, "+
			"`workspace_name` and `default = true`.")
	case 1:
	default:
		diags.AddAttributeError(path.Root(set[1]), "Conflicting arguments",
			"Several arguments select a workspace: `"+strings.Join(set, "`, `")+"`. Keep only one of them.")
	}
}

// selector returns the path of the argument that selects the workspace.
func (c *workspaceConfig) selector() path.Path {
	for _, argument := range c.arguments() {
		if lookup.IsSet(argument.Value) {
			return path.Root(argument.Name)
		}
	}
	return path.Empty()
}

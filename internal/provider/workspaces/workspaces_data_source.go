package workspaces

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

var (
	_ datasource.DataSource              = (*workspacesDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*workspacesDataSource)(nil)
)

// NewWorkspacesDataSource returns the data source pai_workspaces.
func NewWorkspacesDataSource() datasource.DataSource { return &workspacesDataSource{} }

// workspacesDataSource implements pai_workspaces, which lists all matching workspaces.
type workspacesDataSource struct {
	lookup.Configured
}

// workspacesConfig holds the arguments of pai_workspaces.
type workspacesConfig struct {
	workspaceName   types.String
	nameRegex       types.String
	workspaceIDs    types.Set
	status          types.String
	resourceGroupID types.String
}

func newWorkspacesConfig(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) workspacesConfig {
	return workspacesConfig{
		workspaceName:   lookup.Argument[types.String](ctx, config, "workspace_name", diags),
		nameRegex:       lookup.Argument[types.String](ctx, config, "name_regex", diags),
		workspaceIDs:    lookup.Argument[types.Set](ctx, config, "workspace_ids", diags),
		status:          lookup.Argument[types.String](ctx, config, "status", diags),
		resourceGroupID: lookup.Argument[types.String](ctx, config, "resource_group_id", diags),
	}
}

func (d *workspacesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_workspaces"
}

func (d *workspacesDataSource) Schema(
	ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = workspacesSchema(ctx)
}

func (d *workspacesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config := newWorkspacesConfig(ctx, req.Config, &resp.Diagnostics)
	regex, err := regexp.Compile(config.nameRegex.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("name_regex"), "Invalid filter", err.Error())
	}
	arguments := config.arguments()
	ctx, read := d.StartRead(ctx, "pai_workspaces", arguments.HCL(), req, resp)
	if read == nil {
		return
	}
	defer read.End(ctx)
	list, err := read.ListWorkspaces(ctx, config.input())
	if err != nil {
		read.AddRequestError(&resp.Diagnostics, err, arguments.Paragraph(), arguments.Path)
		return
	}
	lookup.AddIncompleteWarning(&resp.Diagnostics, list.Incomplete, "workspaces")
	if len(list.Workspaces) == 0 {
		config.addWildcardWarning(&resp.Diagnostics)
	}
	workspaces := config.apply(list.Workspaces, &resp.Diagnostics)
	if !config.nameRegex.IsNull() {
		workspaces = slices.DeleteFunc(workspaces, func(w pai.Workspace) bool {
			return w.WorkspaceName == nil || !regex.MatchString(norm.NFC.String(*w.WorkspaceName))
		})
	}
	read.LogFields = listFields(list)
	read.LogFields["workspaces"] = len(workspaces)
	results := listValues(workspaces)
	results["region"], results["total_count"] = read.Region, types.Int64PointerValue(list.TotalCount)
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
}

// arguments returns the arguments in the order of diagnostics.
func (c *workspacesConfig) arguments() lookup.RequestArguments {
	return lookup.RequestArguments{
		{Name: "workspace_name", Parameter: "WorkspaceName", Value: c.workspaceName},
		{Name: "name_regex", Value: c.nameRegex},
		{Name: "workspace_ids", Parameter: "WorkspaceIds", Value: c.workspaceIDs},
		{Name: "status", Parameter: "Status", Value: c.status},
		{Name: "resource_group_id", Parameter: "ResourceGroupId", Value: c.resourceGroupID},
	}
}

func (c *workspacesConfig) input() paiclient.ListWorkspacesInput {
	return paiclient.ListWorkspacesInput{
		Name:            c.workspaceName.ValueString(),
		IDs:             lookup.SortedStrings(c.workspaceIDs.Elements()),
		Status:          c.status.ValueString(),
		ResourceGroupID: c.resourceGroupID.ValueString(),
	}
}

// apply returns the workspaces whose own values don't contradict an argument that the API evaluates. If it drops
// workspaces, it adds a warning.
func (c *workspacesConfig) apply(workspaces []pai.Workspace, diags *diag.Diagnostics) []pai.Workspace {
	input := c.input()
	var ignored []string // arguments
	contradicts := func(argument string, value *string, want ...string) bool {
		if got := pai.OrEmpty(value); got == "" || slices.Contains(want, got) {
			return false
		}
		if !slices.Contains(ignored, argument) {
			ignored = append(ignored, argument)
		}
		return true
	}
	listed := len(workspaces)
	// A copy, because other reads can share the list.
	workspaces = slices.DeleteFunc(slices.Clone(workspaces), func(w pai.Workspace) bool {
		return input.IDs != nil && contradicts("workspace_ids", w.WorkspaceID, input.IDs...) ||
			input.Status != "" && contradicts("status", w.Status, input.Status) ||
			input.ResourceGroupID != "" && contradicts("resource_group_id", w.ResourceGroupID, input.ResourceGroupID)
	})
	if dropped := listed - len(workspaces); dropped > 0 {
		diags.AddWarning("The API returned workspaces that do not match", fmt.Sprintf(
			"The provider dropped %d of %d workspaces, because they contradict these filters: `%s`. The API should have "+
				"excluded them, so it may ignore the filters. `total_count` includes the dropped workspaces.",
			dropped, listed, strings.Join(ignored, "`, `")))
	}
	return workspaces
}

// addWildcardWarning adds a warning if workspace_name contains a wildcard. It is called if the API returned no
// workspaces.
func (c *workspacesConfig) addWildcardWarning(diags *diag.Diagnostics) {
	name := c.workspaceName.ValueString()
	if !strings.Contains(name, "*") {
		return
	}
	lookup.AddWildcardWarning(diags, path.Root("workspace_name"), "workspace",
		"`workspace_name = "+lookup.FormatHCL(c.workspaceName)+"`", lookup.WildcardAdvice("workspace_name", name,
			c.nameRegex.IsNull(), "To match a pattern, use `name_regex`."))
}

// listFields returns fields of a log line about a list.
func listFields(list *paiclient.WorkspaceList) map[string]any {
	return map[string]any{"listed": len(list.Workspaces), "pages": list.Pages, "passes": list.Passes}
}

// listValues returns the lists of pai_workspaces by name.
func listValues(workspaces []pai.Workspace) map[string]attr.Value {
	objects := make([]attr.Value, len(workspaces))
	ids, names := make([]attr.Value, len(workspaces)), make([]attr.Value, len(workspaces))
	for i := range workspaces {
		w := &workspaces[i]
		objects[i] = types.ObjectValueMust(workspaceType().AttrTypes, attributeValues(w))
		ids[i], names[i] = types.StringPointerValue(w.WorkspaceID), types.StringPointerValue(w.WorkspaceName)
	}
	return map[string]attr.Value{
		"workspaces": types.ListValueMust(workspaceType(), objects),
		"ids":        types.ListValueMust(types.StringType, ids),
		"names":      types.ListValueMust(types.StringType, names),
	}
}

// Package workspaces contains the data sources pai_workspaces and pai_workspace.
package workspaces

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// workspaceAttribute is an attribute of a workspace: its schema and its value.
type workspaceAttribute struct {
	name      string
	attribute schema.Attribute
	value     func(*pai.Workspace) attr.Value
}

// workspaceAttributes are all attributes of a workspace.
var workspaceAttributes = []workspaceAttribute{
	stringAttribute("workspace_id", "ID of the workspace, such as `20455`.",
		func(w *pai.Workspace) *string { return w.WorkspaceID }),
	stringAttribute("workspace_name", "Name, which is unique in a region.",
		func(w *pai.Workspace) *string { return w.WorkspaceName }),
	stringAttribute("display_name", "Name that the PAI console shows.",
		func(w *pai.Workspace) *string { return w.DisplayName }),
	stringAttribute("description", "Description of the workspace.",
		func(w *pai.Workspace) *string { return w.Description }),
	stringAttribute("status", "Status, such as `ENABLED`, `DISABLED` or `FROZEN`.",
		func(w *pai.Workspace) *string { return w.Status }),
	stringAttribute("creator", "UID of the account that created the workspace.",
		func(w *pai.Workspace) *string { return w.Creator }),
	{
		"is_default",
		schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is the default workspace."},
		func(w *pai.Workspace) attr.Value { return types.BoolPointerValue(w.IsDefault) },
	},
	listAttribute("env_types", "Environments of the workspace, such as `prod`, in the API's order.",
		func(w *pai.Workspace) []string { return w.EnvTypes }),
	listAttribute("admin_names", "Names of the administrators, in the API's order.",
		func(w *pai.Workspace) []string { return w.AdminNames }),
	stringAttribute("resource_group_id", "ID of the resource group.",
		func(w *pai.Workspace) *string { return w.ResourceGroupID }),
	stringAttribute("gmt_create_time", "Time when the workspace was created, in UTC (RFC 3339).",
		func(w *pai.Workspace) *string { return w.GmtCreateTime }),
	stringAttribute("gmt_modified_time", "Time when the workspace was last modified, in UTC (RFC 3339).",
		func(w *pai.Workspace) *string { return w.GmtModifiedTime }),
}

func stringAttribute(name, description string, field func(*pai.Workspace) *string) workspaceAttribute {
	return workspaceAttribute{
		name:      name,
		attribute: schema.StringAttribute{Computed: true, MarkdownDescription: description},
		value:     func(w *pai.Workspace) attr.Value { return types.StringPointerValue(field(w)) },
	}
}

// listAttribute returns an attribute with a list of strings. It is null if the API omits the list.
func listAttribute(name, description string, field func(*pai.Workspace) []string) workspaceAttribute {
	return workspaceAttribute{
		name: name,
		attribute: schema.ListAttribute{
			Computed: true, ElementType: types.StringType, MarkdownDescription: description,
		},
		value: func(w *pai.Workspace) attr.Value { return lookup.StringList(field(w)) },
	}
}

// attributeSchemas returns the schemas of workspaceAttributes by name.
func attributeSchemas() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(workspaceAttributes))
	for _, a := range workspaceAttributes {
		attributes[a.name] = a.attribute
	}
	return attributes
}

// attributeValues returns the values of workspaceAttributes by name.
func attributeValues(workspace *pai.Workspace) map[string]attr.Value {
	values := make(map[string]attr.Value, len(workspaceAttributes))
	for _, a := range workspaceAttributes {
		values[a.name] = a.value(workspace)
	}
	return values
}

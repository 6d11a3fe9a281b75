package workspaces

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// workspaceSchema returns the schema of pai_workspace.
func workspaceSchema(ctx context.Context) schema.Schema {
	attributes := attributeSchemas()
	attributes["region"] = lookup.RegionAttribute()
	attributes["workspace_id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "ID of the workspace, such as `20455`. If omitted, set from the selected workspace.",
		Validators:          []validator.String{workspaceIDValidator()},
	}
	attributes["workspace_name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Exact, case-sensitive name of the workspace, not its display name. If omitted, set from the " +
			"selected workspace.",
		Validators: []validator.String{validate.NotEmpty()},
	}
	attributes["default"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "`true`: the default workspace of the account in the region. The API then omits some " +
			"attributes, such as `admin_names`. `false` is an error.",
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	return schema.Schema{
		MarkdownDescription: "Finds exactly one workspace in PAI: by its ID, by its exact name, or the default workspace. " +
			"The lookup fails if there is no such workspace. A workspace that isn't enabled is found, with a warning.",
		Attributes: attributes,
	}
}

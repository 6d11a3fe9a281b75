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
		MarkdownDescription: "ID of the workspace, such as `20455`.",
		Validators:          []validator.String{workspaceIDValidator()},
	}
	attributes["workspace_name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Exact, case-sensitive name of the workspace, not its display name.",
		Validators:          []validator.String{validate.NotEmpty()},
	}
	attributes["default"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "`true`: the default workspace of the account in the region. Some attributes, such as " +
			"`admin_names`, are then null. `false` is an error.",
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	return schema.Schema{
		MarkdownDescription: "Finds exactly one workspace in PAI: by its ID, by its exact name, or the default workspace.",
		Attributes:          attributes,
	}
}

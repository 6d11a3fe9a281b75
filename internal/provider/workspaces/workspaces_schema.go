package workspaces

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// workspacesSchema returns the schema of pai_workspaces.
func workspacesSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists all workspaces in PAI that match the filters. An empty list is not an error.",
		Attributes: map[string]schema.Attribute{
			"region": lookup.RegionAttribute(),
			"workspace_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name. The API's search may also match a part of a name. For an exact match, use " +
					"`name_regex = \"^…$\"`, or the data source `pai_workspace`.",
				Validators: []validator.String{validate.NotEmpty()},
			},
			"name_regex": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "[RE2 regular expression](https://github.com/google/re2/wiki/Syntax) for a part of the " +
					"name. For the whole name, use `^…$`.",
				Validators: []validator.String{
					validate.NotEmpty(), validate.String("must be a regular expression in RE2 syntax", validate.CheckRegex),
				},
			},
			"workspace_ids": schema.SetAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "IDs of workspaces. An ID that the API doesn't find is ignored.",
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(workspaceIDValidator()),
				},
			},
			"status": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Status. The API's reference lists `" +
					strings.Join(pai.WorkspaceStatuses, "`, `") + "`.",
				Validators: []validator.String{statusValidator()},
			},
			"resource_group_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ID of the resource group.",
				Validators:          []validator.String{validate.NotEmpty()},
			},
			"timeouts": lookup.TimeoutsAttribute(ctx),
			"workspaces": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The matching workspaces, oldest first. Empty if there are none. A field that the API " +
					"omits is null.",
				NestedObject: schema.NestedAttributeObject{Attributes: attributeSchemas()},
			},
			"ids": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The `workspace_id` of each of `workspaces`, in the same order.",
			},
			"names": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The `workspace_name` of each of `workspaces`, in the same order.",
			},
			"total_count": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "Number of workspaces that the API counts for all filters except `name_regex`, which only " +
					"the provider evaluates. Null if the API returns no count.",
			},
		},
	}
}

// workspaceType returns the type of the elements of the attribute workspaces.
func workspaceType() types.ObjectType {
	attributes := make(map[string]attr.Type, len(workspaceAttributes))
	for _, a := range workspaceAttributes {
		attributes[a.name] = a.attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attributes}
}

func workspaceIDValidator() validator.String {
	return validate.String("must be a workspace ID", func(value string) error {
		return cmp.Or(validate.CheckNotEmpty(value), paiclient.CheckWorkspaceID(value))
	})
}

// statusValidator returns a validator for a status. It accepts unknown statuses, because the API may add some.
func statusValidator() validator.String {
	return validate.String("must be a status", func(value string) error {
		if upper := strings.ToUpper(value); upper != value && slices.Contains(pai.WorkspaceStatuses, upper) {
			return fmt.Errorf("%s is not a status: use %s", hcltext.Quote(value), hcltext.Quote(upper))
		}
		return validate.CheckNotEmpty(value)
	})
}

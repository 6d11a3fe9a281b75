package labels

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// labelsSchema returns the schema of pai_image_labels.
func labelsSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the labels of container images in PAI: which frameworks, chips and other values exist.",
		Attributes: map[string]schema.Attribute{
			"region": lookup.RegionAttribute(),
			"workspace_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ID of a workspace. To find it by name, use `pai_workspace`. Only labels of its custom " +
					"images are listed: omit it for official images.",
				Validators: []validator.String{validate.NotEmpty()},
			},
			"image_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ID of an image, such as `image-k1xw0u2ml4v8`. Only its labels are listed.",
				Validators:          []validator.String{validate.ImageID()},
			},
			"label_keys": schema.SetAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Keys such as `system.chipType`. Only labels with these keys are listed.",
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1),
					setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(validate.LabelKey()),
				},
			},
			"labels": schema.MapAttribute{
				Optional:    true,
				ElementType: types.StringType,
				MarkdownDescription: "Labels, such as `{ \"system.chipType\" = \"GPU\" }`. Only labels of images that have all " +
					"of them are listed. Keys can't contain `,` or `=`, and values can't contain `,`.",
				Validators: validate.Labels(),
			},
			"timeouts":   lookup.TimeoutsAttribute(ctx),
			"label_list": lookup.LabelListAttribute("The distinct labels, sorted by key and then by value."),
			"label_values": schema.MapAttribute{
				Computed:            true,
				ElementType:         types.ListType{ElemType: types.StringType},
				MarkdownDescription: "The distinct values of each key, sorted.",
			},
			"frameworks": schema.ListAttribute{
				Computed:    true,
				ElementType: types.StringType,
				MarkdownDescription: "Values for the argument `framework` of `pai_image` and `pai_images`, sorted. Each is a key " +
					"`" + pai.LabelFrameworkPrefix + "<framework>` without its prefix.",
			},
		},
	}
}

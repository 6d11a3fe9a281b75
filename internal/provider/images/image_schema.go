package images

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// computedIfOmitted is the end of the description of an argument that is also an attribute of the image.
const computedIfOmitted = " If omitted, set from the selected image."

// imageSchema returns the schema of pai_image: the filters, its own arguments and the attributes of the image. An
// argument that is also an attribute of the image is computed if it is omitted.
func imageSchema(ctx context.Context) schema.Schema {
	attributes := filterAttributes()
	attributes["region"] = lookup.RegionAttribute()
	attributes["image_id"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "ID of the image, such as `image-k1xw0u2ml4v8`, which must match all filters. Conflicts with " +
			"`query`, `most_recent` and `latest_version`.",
		Validators: []validator.String{validate.ImageID()},
	}
	attributes["most_recent"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "If several images match, select the newest: the latest `gmt_create_time`, then the " +
			"highest `image_id`. An image without a valid time counts as the oldest. With `latest_version`, select the newest " +
			"of all images with the highest version, whatever their variant.",
	}
	attributes["latest_version"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "If several images match, select the highest version, and of several builds of it the newest. " +
			"Images without a version are ignored, and pre-releases unless `version` names one. Several repositories, " +
			"numbering schemes, or variants of the highest version are errors: see [Highest version](#highest-version).",
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	attributes["matched_count"] = schema.Int64Attribute{
		Computed: true,
		MarkdownDescription: "Number of images that matched the filters, before `most_recent` or `latest_version` " +
			"selected one. 1 with `image_id`.",
	}
	exactDescriptions := make(map[string]string) // by name of the argument
	for _, argument := range filterArguments {
		exactDescriptions[argument.name] = argument.exactDescription
	}
	for _, result := range imageAttributes {
		argument, ok := attributes[result.name].(schema.StringAttribute)
		if !ok {
			attributes[result.name] = result.attribute
			continue
		}
		if description := exactDescriptions[result.name]; description != "" {
			argument.MarkdownDescription = description
		}
		argument.Computed = true
		argument.MarkdownDescription += computedIfOmitted
		attributes[result.name] = argument
	}
	return schema.Schema{
		MarkdownDescription: "Finds exactly one container image in PAI: by its ID, or by filters that one image " +
			"matches. The lookup fails if no image matches. It also fails if several match, unless `most_recent` or " +
			"`latest_version` is set. `name` and `image_uri` must match exactly.",
		Attributes: attributes,
	}
}

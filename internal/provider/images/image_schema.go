package images

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// imageSchema returns the schema of pai_image: the filters, its own arguments and the attributes of the image. An
// argument that is also an attribute of the image is computed if it is omitted.
func imageSchema(ctx context.Context) schema.Schema {
	attributes := filterAttributes()
	attributes["region"] = lookup.RegionAttribute()
	attributes["image_id"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "ID of the image, such as `image-k1xw0u2ml4v8`. Conflicts with `query`, `most_recent` and " +
			"`latest_version`.",
		Validators: []validator.String{validate.ImageID()},
	}
	attributes["most_recent"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "If several images match, select the newest. With `latest_version`, select the newest of " +
			"all images with the highest version.",
	}
	attributes["latest_version"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Select the image with the [highest version](../guides/filters.md#highest-version), and of " +
			"several builds the newest. Several repositories, or several variants of this version, are errors.",
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	attributes["matched_count"] = schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: "Number of images that match the filters.",
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
		attributes[result.name] = argument
	}
	return schema.Schema{
		MarkdownDescription: "Finds exactly one container image in PAI and returns its URI and labels.",
		Attributes:          attributes,
	}
}

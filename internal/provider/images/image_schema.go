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
		MarkdownDescription: "ID, such as `image-k1xw0u2ml4v8`. Conflicts with `query`, " +
			"`most_recent` and `latest_version`.",
		Validators: []validator.String{validate.ImageID()},
	}
	attributes["most_recent"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "If several images match, select the newest. With `latest_version`, select the newest of all " +
			"variants of the highest version.",
	}
	attributes["latest_version"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "If several images match, select the " +
			"[highest version](../guides/filters.md#highest-version), and of several builds of it the newest. Several " +
			"repositories, numbering schemes, or variants of the highest version are errors.",
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	attributes["matched_count"] = schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: "Number of images that matched, before one was selected.",
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

package images

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// filledIn ends the description of an argument that is a result too.
const filledIn = " Where it is left out, it is the found image's own."

// singleImageSchema is the schema of imageModel and the results: the arguments of a list that say which images, those
// that only a single image has, and an image's attributes. What is both is the argument, filled in where it is left out.
func singleImageSchema(ctx context.Context) schema.Schema {
	attributes := imageArgumentAttributes()
	attributes["image_id"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Id of the image, such as `image-k1xw0u2ml4v8`, which is then looked up directly. Other arguments are checked " +
			"on it, and an error says which one doesn't hold. Not together with `query`, `most_recent` or `latest_version`.",
		Validators: []validator.String{imageIDValidator()},
	}
	attributes["most_recent"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Of several images that match, take the newest: the latest `gmt_create_time`, then the last `image_id`. " +
			"Without it and `latest_version`, several are an error.",
	}
	attributes["latest_version"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Of several images that match, take the one of the highest version, by number (2.12 is above 2.9), and of equal " +
			"versions the newest. The version is that of `framework`, else the one that the tag of `image_uri` starts with, and then all " +
			"must be of one repository. An image without a version can't be chosen. Pre-releases count unless `version` leaves them " +
			"out, as `>= 0` does.",
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	attributes["matched_count"] = schema.Int64Attribute{
		Computed: true,
		MarkdownDescription: "How many images met every argument before `most_recent` or `latest_version` chose among them. 1 with " +
			"`image_id`.",
	}
	// Here these two are exact.
	exact := map[string]string{
		"name": "The image's name, exactly; `pai_images` takes a part of it. Official images are named `<repository>:<tag>`. For a part " +
			"of the name use `name_regex`.",
		"image_uri": "The image's URI, exactly as the API lists it; `pai_images` may find it as a part of other URIs too.",
	}
	for _, result := range imageAttributes {
		argument, is := attributes[result.name].(schema.StringAttribute)
		if !is {
			attributes[result.name] = result.attribute
			continue
		}
		if description := exact[result.name]; description != "" {
			argument.MarkdownDescription = description
		}
		argument.Computed = true
		argument.MarkdownDescription += filledIn
		attributes[result.name] = argument
	}
	return schema.Schema{
		MarkdownDescription: "Looks up exactly one container image of PAI, to pin in a job or service: by its id, or by arguments that one " +
			"image meets. None is an error, and so are several, unless `most_recent` or `latest_version` chooses. `name` and `image_uri` " +
			"are exact here, and fuzzy in `pai_images`, which lists images and may find none.",
		Attributes: attributes,
	}
}

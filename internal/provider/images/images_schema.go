package images

import (
	"context"
	"fmt"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// imageLists maps the lists that contain one attribute of each image to the name of this attribute.
var imageLists = map[string]string{"ids": "image_id", "names": "name", "image_uris": "image_uri"}

// sortByVersion is the value of sort_by with which the provider sorts the images by version.
const sortByVersion = "image_version"

// imagesSchema returns the schema of pai_images: the filters, its own arguments and the results.
func imagesSchema(ctx context.Context) schema.Schema {
	attributes := filterAttributes()
	attributes["region"] = lookup.RegionAttribute()
	attributes["sort_by"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "`GmtCreateTime` (default): by creation time. `" + sortByVersion + "`: by version. This value " +
			"conflicts with `page_number`.",
		Validators: []validator.String{validate.OneOf(paiclient.SortByCreated, sortByVersion)},
	}
	attributes["order"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "`ASC` (default): oldest image or lowest version first. `DESC`: newest image or highest " +
			"version first.",
		Validators: []validator.String{validate.OneOf(paiclient.Ascending, paiclient.Descending)},
	}
	attributes["verbose"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether to read labels. Default `true`. With `false`, `label_list` and `label_map` are " +
			"null, and filters that [need labels](../guides/filters.md#without-labels) are errors.",
	}
	attributes["page_size"] = schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Images per request, 1 to %d. Default `%d`. It doesn't limit the result.",
			paiclient.MaxPageSize, paiclient.MaxPageSize),
		Validators: []validator.Int64{int64validator.Between(1, paiclient.MaxPageSize)},
	}
	attributes["page_number"] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "The only page to read, counted from 1. Default: every page.",
		Validators:          []validator.Int64{int64validator.Between(1, math.MaxInt32)},
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	attributes["images"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The matching images. Empty if there are none. A field that the API omits is null.",
		NestedObject:        schema.NestedAttributeObject{Attributes: imageAttributeSchemas()},
	}
	for list, attribute := range imageLists {
		attributes[list] = schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: fmt.Sprintf("The `%s` of each of `images`, in the same order.", attribute),
		}
	}
	attributes["total_count"] = schema.Int64Attribute{
		Computed: true,
		MarkdownDescription: "Number of images that the API counts for [the filters that it evaluates]" +
			"(../guides/filters.md#who-evaluates-a-filter). Null if the API returns no count.",
	}
	return schema.Schema{
		MarkdownDescription: "Lists all container images in PAI that match the filters. An empty list is not an error.",
		Attributes:          attributes,
	}
}

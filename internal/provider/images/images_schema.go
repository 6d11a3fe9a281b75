package images

import (
	"context"
	"fmt"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// imageLists are lists of one attribute of each image.
var imageLists = map[string]string{"ids": "image_id", "names": "name", "image_uris": "image_uri"}

// imagesSchema is the schema of imagesModel: the arguments that say which images, those that only a list has, the results.
func imagesSchema(ctx context.Context) schema.Schema {
	attributes := imageArgumentAttributes()
	attributes["sort_by"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "What the images are ordered by: `GmtCreateTime`, the default and the API's only one.",
		Validators:          []validator.String{stringvalidator.OneOf(paiclient.SortByCreated)},
	}
	attributes["order"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "`ASC` (default), the oldest first, or `DESC`, its exact reverse. Images of the same time are " +
			"ordered by `image_id`.",
		Validators: []validator.String{stringvalidator.OneOf(paiclient.Ascending, paiclient.Descending)},
	}
	attributes["verbose"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether images come with their labels. Default `true`. With `false`, `label_list` and `label_map` are " +
			"null, and `official = false`, or `version` together with `framework`, is an error.",
	}
	attributes["page_size"] = schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("How many images are asked for in one request, 1 to %d. Default `%d`, or less where the "+
			"service refuses that. It tunes requests and never limits the result.", paiclient.MaxPageSize, paiclient.MaxPageSize),
		Validators: []validator.Int64{int64validator.Between(1, paiclient.MaxPageSize)},
	}
	attributes["page_number"] = schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: "Read only this page, counted from 1, of `page_size` images. Default: every page. What is checked here and not " +
			"by the API (`official = false`, `version`, `name_regex`) is then checked on this page's images alone.",
		Validators: []validator.Int64{int64validator.Between(1, math.MaxInt32)},
	}
	attributes["timeouts"] = lookup.TimeoutsAttribute(ctx)
	attributes["images"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The images, in the order asked for. Empty where none is found. What the API leaves out of an image is null.",
		NestedObject:        schema.NestedAttributeObject{Attributes: imageSchema()},
	}
	for name, of := range imageLists {
		attributes[name] = schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: fmt.Sprintf("The `%s` of each of `images`, in the same order.", of),
		}
	}
	attributes["total_count"] = schema.Int64Attribute{
		Computed: true,
		MarkdownDescription: "How many images the API counts for what it was asked: over all pages, whatever `page_number` says, and before " +
			"`official = false`, `version` and `name_regex` are checked here. Null where the API gives no count.",
	}
	return schema.Schema{
		MarkdownDescription: "Lists the container images of PAI that meet every argument; all of them, however many pages the API " +
			"makes of it. Without arguments it lists every image that the account sees in the region. An empty list is no error. " +
			"`name` and `image_uri` are as fuzzy as the API's search.",
		Attributes: attributes,
	}
}

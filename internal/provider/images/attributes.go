// Package images has the data sources pai_images and pai_image.
package images

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// imageAttribute is one attribute of an image: its schema and its value, for the framework and for the wire, stand together,
// so that none can be forgotten for the other.
type imageAttribute struct {
	name      string
	attribute schema.Attribute
	value     func(*pai.Image) attr.Value
	encode    func(*msgpack.Encoder, *pai.Image) error
}

// imageAttributes are all attributes of an image.
var imageAttributes = []imageAttribute{
	stringOf("image_id", "Id of the image, such as `image-k1xw0u2ml4v8`.",
		func(i *pai.Image) *string { return i.ImageID }),
	stringOf("name", "Name. Official images are named `<repository>:<tag>`.",
		func(i *pai.Image) *string { return i.Name }),
	stringOf("description", "Description, as whoever added the image wrote it.",
		func(i *pai.Image) *string { return i.Description }),
	stringOf("image_uri", "URI, exactly as the API lists it: what a job or service takes.",
		func(i *pai.Image) *string { return i.ImageURI }),
	stringOf("accessibility", "Visibility: `PUBLIC`, for all members of the workspace, or `PRIVATE`, for whoever added it.",
		func(i *pai.Image) *string { return i.Accessibility }),
	stringOf("gmt_create_time", "When the image was added, in UTC (RFC 3339).",
		func(i *pai.Image) *string { return i.GmtCreateTime }),
	stringOf("gmt_modified_time", "When the image was last modified, in UTC (RFC 3339).",
		func(i *pai.Image) *string { return i.GmtModifiedTime }),
	{
		"label_list",
		schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Labels in the API's order, each as often as it has them. Null where the API sends none, as for a list with `verbose = false`.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"key":   schema.StringAttribute{Computed: true, MarkdownDescription: "Key, such as `system.chipType`."},
				"value": schema.StringAttribute{Computed: true, MarkdownDescription: "Value, such as `GPU`."},
			}},
		},
		labelList,
		encodeLabelList,
	},
	{
		"label_map",
		schema.MapAttribute{
			Computed:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Labels by key; of labels with the same key, the last. " +
				"Null where the API sends none, as for a list with `verbose = false`.",
		},
		labelMap,
		encodeLabelMap,
	},
	stringOf("user_id", "UID of the Alibaba Cloud account that created the image.",
		func(i *pai.Image) *string { return i.UserID }),
	stringOf("parent_user_id", "UID of the account above `user_id`; the API describes both in the same words.",
		func(i *pai.Image) *string { return i.ParentUserID }),
	stringOf("workspace_id", "Id of the workspace that a custom image belongs to.",
		func(i *pai.Image) *string { return i.WorkspaceID }),
	{
		"size",
		schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Size in bytes. The API once counted in GB, so an old image may have a small number.",
		},
		func(i *pai.Image) attr.Value { return types.Int64PointerValue(i.Size) },
		func(to *msgpack.Encoder, i *pai.Image) error { return wirestate.EncodeInt64(to, i.Size) },
	},
	stringOf("source_type", "Type of the image's source.",
		func(i *pai.Image) *string { return i.SourceType }),
	stringOf("source_id", "Id of the image's source.",
		func(i *pai.Image) *string { return i.SourceID }),
}

func stringOf(name, description string, field func(*pai.Image) *string) imageAttribute {
	return imageAttribute{
		name:      name,
		attribute: schema.StringAttribute{Computed: true, MarkdownDescription: description},
		value:     func(i *pai.Image) attr.Value { return types.StringPointerValue(field(i)) },
		encode:    func(to *msgpack.Encoder, i *pai.Image) error { return wirestate.EncodeString(to, field(i)) },
	}
}

// attributeNamed is the attribute of that name, which is one of the table's.
func attributeNamed(name string) imageAttribute {
	return imageAttributes[slices.IndexFunc(imageAttributes, func(a imageAttribute) bool { return a.name == name })]
}

// imageSchema is the schema of an image's attributes, by name.
func imageSchema() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(imageAttributes))
	for _, a := range imageAttributes {
		attributes[a.name] = a.attribute
	}
	return attributes
}

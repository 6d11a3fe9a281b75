// Package images contains the data sources pai_images and pai_image.
package images

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// imageAttribute is an attribute of an image: its schema, its value in pai_image and its MessagePack encoding in
// pai_images.
type imageAttribute struct {
	name      string
	attribute schema.Attribute
	value     func(*selection.ParsedImage) attr.Value
	encode    func(*msgpack.Encoder, *selection.ParsedImage) error
}

// imageAttributes are all attributes of an image.
var imageAttributes = []imageAttribute{
	stringAttribute("image_id", "ID of the image, such as `image-k1xw0u2ml4v8`.",
		func(i *pai.Image) *string { return i.ImageID }),
	stringAttribute("name", "Name. Official images are named `<repository>:<tag>`.",
		func(i *pai.Image) *string { return i.Name }),
	stringAttribute("description", "Description of the image.",
		func(i *pai.Image) *string { return i.Description }),
	stringAttribute("image_uri", "URI for a job or service, exactly as the API lists it.",
		func(i *pai.Image) *string { return i.ImageURI }),
	stringAttribute("accessibility",
		"Visibility: `PUBLIC` for all members of the workspace, `PRIVATE` for the user who added the image.",
		func(i *pai.Image) *string { return i.Accessibility }),
	stringAttribute("gmt_create_time", "Time when the image was added, in UTC (RFC 3339).",
		func(i *pai.Image) *string { return i.GmtCreateTime }),
	stringAttribute("gmt_modified_time", "Time when the image was last modified, in UTC (RFC 3339).",
		func(i *pai.Image) *string { return i.GmtModifiedTime }),
	{
		"label_list",
		lookup.LabelListAttribute("All labels, in the API's order. Each has `key` and `value`."),
		func(p *selection.ParsedImage) attr.Value { return lookup.LabelList(p.Image.Labels) },
		func(to *msgpack.Encoder, p *selection.ParsedImage) error { return encodeLabelList(to, p.Image) },
	},
	{
		"label_map",
		schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Labels by key. Of several labels with a key, the last one.",
		},
		func(p *selection.ParsedImage) attr.Value { return labelMap(p.Image) },
		func(to *msgpack.Encoder, p *selection.ParsedImage) error { return encodeLabelMap(to, p.Image) },
	},
	stringAttribute("user_id", "UID of the account that created the image.",
		func(i *pai.Image) *string { return i.UserID }),
	stringAttribute("parent_user_id", "UID of the parent account.",
		func(i *pai.Image) *string { return i.ParentUserID }),
	stringAttribute("workspace_id", "ID of the workspace that a custom image belongs to.",
		func(i *pai.Image) *string { return i.WorkspaceID }),
	{
		"size",
		schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Size in bytes. Of older images, it may be in GB.",
		},
		func(p *selection.ParsedImage) attr.Value { return types.Int64PointerValue(p.Image.Size) },
		func(to *msgpack.Encoder, p *selection.ParsedImage) error {
			return wirestate.EncodeInt64(to, p.Image.Size)
		},
	},
	stringAttribute("source_type", "Type of the image's source, such as `Import`.",
		func(i *pai.Image) *string { return i.SourceType }),
	stringAttribute("source_id", "ID of the image's source.",
		func(i *pai.Image) *string { return i.SourceID }),
	parsedAttribute("repository", "Repository of `image_uri`: the last part of its path, such as `pytorch`.",
		func(p *selection.ParsedImage) string { return p.Reference.Repository }),
	parsedAttribute("tag", "Tag of `image_uri`.",
		func(p *selection.ParsedImage) string { return p.Reference.Tag }),
	parsedAttribute("image_version",
		"Version of `framework`, such as `2.9.1` or `2.9.0-rc1`. Without `framework`, the version in the tag.",
		func(p *selection.ParsedImage) string {
			if p.Version == nil {
				return ""
			}
			return p.Version.String()
		}),
}

// stringAttribute returns an attribute with the value of a field that the API returned.
func stringAttribute(name, description string, field func(*pai.Image) *string) imageAttribute {
	return imageAttribute{
		name:      name,
		attribute: schema.StringAttribute{Computed: true, MarkdownDescription: description},
		value:     func(p *selection.ParsedImage) attr.Value { return types.StringPointerValue(field(p.Image)) },
		encode: func(to *msgpack.Encoder, p *selection.ParsedImage) error {
			return wirestate.EncodeString(to, field(p.Image))
		},
	}
}

// parsedAttribute returns an attribute with a part of the image's URI or labels. It is null if part returns "".
func parsedAttribute(name, description string, part func(*selection.ParsedImage) string) imageAttribute {
	return imageAttribute{
		name:      name,
		attribute: schema.StringAttribute{Computed: true, MarkdownDescription: description + " Null if there is none."},
		value: func(p *selection.ParsedImage) attr.Value {
			if text := part(p); text != "" {
				return types.StringValue(text)
			}
			return types.StringNull()
		},
		encode: func(to *msgpack.Encoder, p *selection.ParsedImage) error {
			if text := part(p); text != "" {
				return to.EncodeString(text)
			}
			return to.EncodeNil()
		},
	}
}

// attributeByName returns the element of imageAttributes with the name. It panics if there is none.
func attributeByName(name string) imageAttribute {
	return imageAttributes[slices.IndexFunc(imageAttributes, func(a imageAttribute) bool { return a.name == name })]
}

// imageAttributeSchemas returns the schemas of imageAttributes by name.
func imageAttributeSchemas() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(imageAttributes))
	for _, a := range imageAttributes {
		attributes[a.name] = a.attribute
	}
	return attributes
}

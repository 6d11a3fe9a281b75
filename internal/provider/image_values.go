package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

var labelType = types.ObjectType{AttrTypes: map[string]attr.Type{"key": types.StringType, "value": types.StringType}}

// imageList turns images into the value of a list. A nil field becomes null, an empty one stays empty.
func imageList(images []paiclient.Image) types.List {
	of := imageType()
	elements := make([]attr.Value, len(images))
	for i := range images {
		values := make(map[string]attr.Value, len(imageAttributes))
		for _, a := range imageAttributes {
			values[a.name] = a.value(&images[i])
		}
		elements[i] = types.ObjectValueMust(of.AttrTypes, values)
	}
	return types.ListValueMust(of, elements)
}

// stringList turns one field of each image into the value of a list.
func stringList(images []paiclient.Image, field func(*paiclient.Image) *string) types.List {
	elements := make([]attr.Value, len(images))
	for i := range images {
		elements[i] = types.StringPointerValue(field(&images[i]))
	}
	return types.ListValueMust(types.StringType, elements)
}

func labelList(image *paiclient.Image) attr.Value {
	if image.Labels == nil {
		return types.ListNull(labelType)
	}
	elements := make([]attr.Value, len(image.Labels))
	for i, label := range image.Labels {
		elements[i] = types.ObjectValueMust(labelType.AttrTypes, map[string]attr.Value{
			"key":   types.StringPointerValue(label.Key),
			"value": types.StringPointerValue(label.Value),
		})
	}
	return types.ListValueMust(labelType, elements)
}

func labelMap(image *paiclient.Image) attr.Value {
	if image.Labels == nil {
		return types.MapNull(types.StringType)
	}
	elements := make(map[string]attr.Value, len(image.Labels))
	for _, label := range image.Labels {
		if label.Key != nil {
			elements[*label.Key] = types.StringPointerValue(label.Value)
		}
	}
	return types.MapValueMust(types.StringType, elements)
}

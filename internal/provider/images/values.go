package images

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// The labels of an image as values of the framework, for the one image of pai_image. A nil field becomes null, an empty one
// stays empty. image_encoding.go writes the same for lists of images.

var labelType = types.ObjectType{AttrTypes: map[string]attr.Type{"key": types.StringType, "value": types.StringType}}

func labelList(image *pai.Image) attr.Value {
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

func labelMap(image *pai.Image) attr.Value {
	if image.Labels == nil {
		return types.MapNull(types.StringType)
	}
	elements := make(map[string]attr.Value, len(image.Labels))
	for _, label := range lastOfEachKey(image.Labels) {
		elements[label.key] = types.StringPointerValue(label.value)
	}
	return types.MapValueMust(types.StringType, elements)
}

package images

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// labelType is the type of the elements of label_list.
var labelType = types.ObjectType{AttrTypes: map[string]attr.Type{"key": types.StringType, "value": types.StringType}}

// labelList returns the attribute label_list for pai_image. For pai_images, encodeLabelList encodes the same value.
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

// labelMap returns the attribute label_map for pai_image. For pai_images, encodeLabelMap encodes the same value.
func labelMap(image *pai.Image) attr.Value {
	elements := make(map[string]attr.Value, len(image.Labels))
	for _, label := range lastOfEachKey(image.Labels) {
		elements[label.key] = types.StringPointerValue(label.value)
	}
	return types.MapValueMust(types.StringType, elements)
}

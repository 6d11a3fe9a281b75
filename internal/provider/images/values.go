package images

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// labelMap returns the attribute label_map for pai_image. For pai_images, encodeLabelMap encodes the same value.
func labelMap(image *pai.Image) attr.Value {
	elements := make(map[string]attr.Value, len(image.Labels))
	for _, label := range lastOfEachKey(image.Labels) {
		elements[label.key] = types.StringPointerValue(label.value)
	}
	return types.MapValueMust(types.StringType, elements)
}

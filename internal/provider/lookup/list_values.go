package lookup

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// labelType is the type of the elements of LabelList.
var labelType = types.ObjectType{AttrTypes: map[string]attr.Type{"key": types.StringType, "value": types.StringType}}

// LabelListAttribute returns an attribute whose value is a LabelList.
func LabelListAttribute(description string) schema.Attribute {
	return schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"key":   schema.StringAttribute{Computed: true, MarkdownDescription: "Key, such as `system.chipType`."},
			"value": schema.StringAttribute{Computed: true, MarkdownDescription: "Value, such as `GPU`."},
		}},
	}
}

// LabelList returns a list of labels. It is null if labels is nil.
func LabelList(labels []pai.Label) attr.Value {
	if labels == nil {
		return types.ListNull(labelType)
	}
	elements := make([]attr.Value, len(labels))
	for i, label := range labels {
		elements[i] = types.ObjectValueMust(labelType.AttrTypes, map[string]attr.Value{
			"key":   types.StringPointerValue(label.Key),
			"value": types.StringPointerValue(label.Value),
		})
	}
	return types.ListValueMust(labelType, elements)
}

// StringList returns a list of strings. It is null if values is nil.
func StringList(values []string) attr.Value {
	if values == nil {
		return types.ListNull(types.StringType)
	}
	elements := make([]attr.Value, len(values))
	for i, value := range values {
		elements[i] = types.StringValue(value)
	}
	return types.ListValueMust(types.StringType, elements)
}

package labels

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// labelType is the type of the elements of label_list.
var labelType = types.ObjectType{AttrTypes: map[string]attr.Type{"key": types.StringType, "value": types.StringType}}

// valuesType is the type of the elements of label_values.
var valuesType = types.ListType{ElemType: types.StringType}

// resultValues returns the attributes with the labels.
func resultValues(labels []pai.Label) map[string]attr.Value {
	labels = sortDistinct(labels)
	list := make([]attr.Value, len(labels))
	valuesByKey := make(map[string][]string)
	for i, label := range labels {
		list[i] = types.ObjectValueMust(labelType.AttrTypes, map[string]attr.Value{
			"key":   types.StringPointerValue(label.Key),
			"value": types.StringPointerValue(label.Value),
		})
		if label.Key == nil {
			continue
		}
		values := valuesByKey[*label.Key]
		if label.Value != nil {
			values = append(values, *label.Value)
		}
		valuesByKey[*label.Key] = values
	}
	lists := make(map[string]attr.Value, len(valuesByKey))
	var frameworks []string
	for key, values := range valuesByKey {
		lists[key] = stringList(values)
		if framework, ok := strings.CutPrefix(key, pai.LabelFrameworkPrefix); ok && framework != "" {
			frameworks = append(frameworks, framework)
		}
	}
	slices.Sort(frameworks)
	return map[string]attr.Value{
		"label_list":   types.ListValueMust(labelType, list),
		"label_values": types.MapValueMust(valuesType, lists),
		"frameworks":   stringList(frameworks),
	}
}

// sortDistinct returns the distinct labels, sorted by key and then by value. It normalizes both to Unicode form C, as
// Terraform does. Otherwise, labels in the state could be equal or in another order.
func sortDistinct(labels []pai.Label) []pai.Label {
	normalized := make([]pai.Label, len(labels))
	for i, label := range labels {
		normalized[i] = pai.Label{Key: normalize(label.Key), Value: normalize(label.Value)}
	}
	slices.SortFunc(normalized, compareLabels)
	return slices.CompactFunc(normalized, func(a, b pai.Label) bool { return compareLabels(a, b) == 0 })
}

func normalize(text *string) *string {
	if text == nil {
		return nil
	}
	return new(norm.NFC.String(*text))
}

// compareLabels compares labels by key and then by value. Null sorts before all other texts.
func compareLabels(a, b pai.Label) int {
	return cmp.Or(compareTexts(a.Key, b.Key), compareTexts(a.Value, b.Value))
}

func compareTexts(a, b *string) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return strings.Compare(*a, *b)
}

// stringList returns a list of strings.
func stringList(values []string) attr.Value {
	elements := make([]attr.Value, len(values))
	for i, value := range values {
		elements[i] = types.StringValue(value)
	}
	return types.ListValueMust(types.StringType, elements)
}

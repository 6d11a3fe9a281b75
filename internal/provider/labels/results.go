package labels

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// resultValues returns the attributes with the labels.
func resultValues(labels []pai.Label) map[string]attr.Value {
	labels = sortDistinct(labels)
	valuesByKey := make(map[string][]string)
	for _, label := range labels {
		if label.Key == nil {
			continue
		}
		values, ok := valuesByKey[*label.Key]
		if !ok {
			values = []string{} // a key without values has an empty list
		}
		if label.Value != nil {
			values = append(values, *label.Value)
		}
		valuesByKey[*label.Key] = values
	}
	lists := make(map[string]attr.Value, len(valuesByKey))
	frameworks := []string{}
	for key, values := range valuesByKey {
		lists[key] = lookup.StringList(values)
		if framework, ok := strings.CutPrefix(key, pai.LabelFrameworkPrefix); ok && framework != "" {
			frameworks = append(frameworks, framework)
		}
	}
	slices.Sort(frameworks)
	return map[string]attr.Value{
		"label_list":   lookup.LabelList(labels),
		"label_values": types.MapValueMust(types.ListType{ElemType: types.StringType}, lists),
		"frameworks":   lookup.StringList(frameworks),
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

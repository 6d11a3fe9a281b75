package lookup

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
)

// FormatHCL returns a known value in HCL.
func FormatHCL(value attr.Value) string {
	switch v := value.(type) {
	case types.String:
		return hcltext.Quote(v.ValueString())
	case types.Set:
		var elements []string
		for _, element := range SortedStrings(v.Elements()) {
			elements = append(elements, hcltext.Quote(element))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case types.Map:
		var elements []string
		for key, element := range SortedElements(v.Elements()) {
			elements = append(elements, hcltext.Quote(key)+" = "+hcltext.Quote(element))
		}
		return "{ " + strings.Join(elements, ", ") + " }"
	}
	return value.String()
}

// SortedStrings returns the distinct known elements of a set of strings, sorted. Normalized elements can be equal.
func SortedStrings(elements []attr.Value) []string {
	var values []string
	for _, element := range elements {
		if IsSet(element) {
			values = append(values, element.(types.String).ValueString())
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// SortedElements iterates over the known elements of a map of strings, sorted by key.
func SortedElements(elements map[string]attr.Value) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, key := range slices.Sorted(maps.Keys(elements)) {
			if element := elements[key]; IsSet(element) && !yield(key, element.(types.String).ValueString()) {
				return
			}
		}
	}
}

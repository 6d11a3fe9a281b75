package lookup

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// FormatHCL returns a known value in HCL.
func FormatHCL(value attr.Value) string {
	switch v := value.(type) {
	case types.String:
		return QuoteHCL(v.ValueString())
	case types.Set:
		var elements []string
		for _, element := range SortedStrings(v.Elements()) {
			elements = append(elements, QuoteHCL(element))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case types.Map:
		var elements []string
		for key, element := range SortedElements(v.Elements()) {
			elements = append(elements, QuoteHCL(key)+" = "+QuoteHCL(element))
		}
		return "{ " + strings.Join(elements, ", ") + " }"
	}
	return value.String()
}

// QuoteHCL returns the text as a quoted string in HCL. strconv.Quote would not escape `${`, and would use escape
// sequences that HCL doesn't have.
func QuoteHCL(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			quoted.WriteByte('\\')
			quoted.WriteRune(r)
		case r == '\n':
			quoted.WriteString(`\n`)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			quoted.WriteRune(r)
			quoted.WriteRune(r)
		case unicode.IsPrint(r):
			quoted.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&quoted, `\u%04x`, r)
		default:
			fmt.Fprintf(&quoted, `\U%08x`, r)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}

// SortedStrings returns the known elements of a set of strings, sorted.
func SortedStrings(elements []attr.Value) []string {
	var values []string
	for _, element := range elements {
		if IsSet(element) {
			values = append(values, element.(types.String).ValueString())
		}
	}
	slices.Sort(values)
	return values
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

package images

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// readFilters returns the filters of a configuration. It skips unknown arguments and unknown elements.
func readFilters(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) filters {
	var fs filters
	for _, argument := range filterArguments {
		value := lookup.Argument[attr.Value](ctx, config, argument.name, diags)
		if value == nil || !lookup.IsSet(value) {
			continue
		}
		for _, f := range argument.filters(value) {
			f.argument, f.whole = argument.name, hclValue(value)
			if f.value == "" {
				f.value = f.whole
			}
			if len(f.path.Steps()) == 0 {
				f.path = path.Root(argument.name)
			}
			fs = append(fs, f)
		}
	}
	return fs
}

// hclValue returns a known value in HCL.
func hclValue(value attr.Value) string {
	switch v := value.(type) {
	case types.String:
		return quoteHCL(v.ValueString())
	case types.Set:
		var elements []string
		for _, element := range sortedStrings(v.Elements()) {
			elements = append(elements, quoteHCL(element))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case types.Map:
		var elements []string
		for key, element := range sortedElements(v.Elements()) {
			elements = append(elements, quoteHCL(key)+" = "+quoteHCL(element))
		}
		return "{ " + strings.Join(elements, ", ") + " }"
	}
	return value.String()
}

// quoteHCL returns the text as a quoted string in HCL. strconv.Quote would not escape `${`, and would use escape
// sequences that HCL doesn't have.
func quoteHCL(text string) string {
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

// sortedStrings returns the known elements of a set of strings, sorted.
func sortedStrings(elements []attr.Value) []string {
	var values []string
	for _, element := range elements {
		if lookup.IsSet(element) {
			values = append(values, element.(types.String).ValueString())
		}
	}
	slices.Sort(values)
	return values
}

// sortedElements iterates over the known elements of a map of strings, sorted by key.
func sortedElements(elements map[string]attr.Value) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, key := range slices.Sorted(maps.Keys(elements)) {
			if element := elements[key]; lookup.IsSet(element) && !yield(key, element.(types.String).ValueString()) {
				return
			}
		}
	}
}

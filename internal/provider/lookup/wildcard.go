package lookup

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
)

// maxPatternLength is the maximum number of bytes of a pattern that a diagnostic shows.
const maxPatternLength = 100

// AddWildcardWarning adds a warning about a filter with a wildcard. It is called if the list is empty. noun is an item
// of the list, such as image, and reference the filter in HCL. advice is the end of the warning.
func AddWildcardWarning(diags *diag.Diagnostics, at path.Path, noun, reference, advice string) {
	diags.AddAttributeWarning(at, "Wildcards are not supported", fmt.Sprintf(
		"No %s matches the filters, which include %s. %s", noun, reference, advice))
}

// WildcardAdvice returns sentences about the wildcards in the text of an argument. If suggestPattern is true, they
// suggest a name_regex that replaces the argument. Otherwise, advice is the last sentence.
func WildcardAdvice(argument, text string, suggestPattern bool, advice string) string {
	pattern := hcltext.Quote(wildcardPattern(text))
	switch {
	case strings.Trim(text, "*") == "":
		advice = "To match any value, remove it."
	case suggestPattern && len(pattern) <= maxPatternLength:
		advice = "To match a pattern, set `name_regex = " + pattern + "` instead."
	}
	return "`" + argument + "` has no wildcards such as `*`. " + advice
}

// wildcardPattern returns the regular expression for a text in which each `*` is a wildcard.
func wildcardPattern(text string) string {
	parts := strings.Split(text, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	pattern := "^" + strings.Join(parts, ".*") + "$"
	return strings.TrimSuffix(strings.TrimPrefix(pattern, "^.*"), ".*$")
}

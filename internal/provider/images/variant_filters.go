package images

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// maxExclusions is the maximum number of alternatives in a suggested exclude_name_regex.
const maxExclusions = 4

// suggestFilters returns filters in HCL that only the i-th variant matches: chip_type, and then words of the tag. The
// filters use only arguments that are not set. It returns "" if these arguments can't separate the variant.
func (l *imageLookup) suggestFilters(variants []selection.Variant, i int) string {
	variant := variants[i]
	others := slices.Delete(slices.Clone(variants), i, i+1)
	var suggestions []string
	if chip, ok := chipType(variant); ok && !l.filters.hasArgument("chip_type") {
		same := slices.DeleteFunc(slices.Clone(others), func(other selection.Variant) bool {
			return !slices.ContainsFunc(other.Images, func(p selection.ParsedImage) bool {
				return selection.HasLabel(p.Image, pai.LabelChipType, chip)
			})
		})
		if len(same) < len(others) {
			suggestions, others = append(suggestions, fmt.Sprintf("chip_type = %q", chip)), same
		}
	}
	if len(others) > 0 {
		pattern, excluded := "", ""
		if !l.filters.hasArgument("name_regex") {
			pattern = patternOf(variant, others...)
		}
		if pattern == "" && !l.filters.hasArgument("exclude_name_regex") {
			excluded = exclusionOf(variant, others)
		}
		switch {
		case pattern != "":
			suggestions = append(suggestions, fmt.Sprintf("name_regex = %q", pattern))
		case excluded != "":
			suggestions = append(suggestions, fmt.Sprintf("exclude_name_regex = %q", excluded))
		default:
			return ""
		}
	}
	return strings.Join(suggestions, ", ")
}

// chipType returns the chip type that all images of a variant have, and whether there is one.
func chipType(variant selection.Variant) (string, bool) {
	chip, ok := variant.Newest.Image.Label(pai.LabelChipType)
	hasChip := func(p selection.ParsedImage) bool { return selection.HasLabel(p.Image, pai.LabelChipType, chip) }
	return chip, ok && !slices.ContainsFunc(variant.Images, func(p selection.ParsedImage) bool { return !hasChip(p) })
}

// patternOf returns the shortest pattern of successive words of the variant's tag that matches the names of all images
// of the variant, and no names of the others. It prefers words that the others don't have. It returns "" if there is no
// such pattern.
func patternOf(variant selection.Variant, others ...selection.Variant) string {
	found := ""
	for _, words := range wordSequences(variant) {
		regex := regexp.MustCompile(words.pattern) // can't fail: the words are ASCII and quoted
		matches := func(p selection.ParsedImage) bool { return p.Image.Name != nil && regex.MatchString(*p.Image.Name) }
		if slices.ContainsFunc(variant.Images, func(p selection.ParsedImage) bool { return !matches(p) }) ||
			slices.ContainsFunc(others, func(v selection.Variant) bool { return slices.ContainsFunc(v.Images, matches) }) {
			continue
		}
		if !slices.ContainsFunc(others, func(v selection.Variant) bool { return strings.Contains(v.Name, words.text) }) {
			return words.pattern
		}
		if found == "" {
			found = words.pattern
		}
	}
	return found
}

// exclusionOf returns a pattern that matches the names of all images of the others, and no names of the variant. It
// returns "" if there is none, or if it would be too long to read.
func exclusionOf(variant selection.Variant, others []selection.Variant) string {
	var alternatives []string
	for _, other := range others {
		pattern := patternOf(other, variant)
		if pattern == "" {
			return ""
		}
		if !slices.Contains(alternatives, pattern) {
			alternatives = append(alternatives, pattern)
		}
		if len(alternatives) > maxExclusions {
			return ""
		}
	}
	return strings.Join(alternatives, "|")
}

// wordSequence is a sequence of words of a variant.
type wordSequence struct {
	text    string
	pattern string // regular expression that matches the words and the separators around them
}

// wordSequences returns the sequences of successive words of the variant, shortest first. Sequences without the
// separator at their end come last. It returns nil if the image's name doesn't contain the variant between two ASCII
// characters.
func wordSequences(variant selection.Variant) []wordSequence {
	name := ""
	if variant.Newest.Image.Name != nil {
		name = *variant.Newest.Image.Name
	}
	start := strings.LastIndex(name, variant.Name)
	end := start + len(variant.Name)
	isNotASCII := func(r rune) bool { return r > unicode.MaxASCII }
	if start < 1 || strings.ContainsFunc(name[start-1:min(end+1, len(name))], isNotASCII) {
		return nil
	}
	separators := []int{start - 1} // positions in the name
	for i := start; i < end; i++ {
		if name[i] == '-' || name[i] == '_' {
			separators = append(separators, i)
		}
	}
	separators = append(separators, end)
	var sequences, open []wordSequence
	for words := 1; words < len(separators); words++ {
		for i, first := range separators[:len(separators)-words] {
			last := separators[i+words]
			s := wordSequence{text: name[first+1 : last], pattern: regexp.QuoteMeta(name[first:last]) + "$"}
			if last < len(name) {
				s.pattern = regexp.QuoteMeta(name[first : last+1])
			}
			sequences = append(sequences, s)
			open = append(open, wordSequence{text: s.text, pattern: regexp.QuoteMeta(name[first:last])})
		}
	}
	return append(sequences, open...)
}

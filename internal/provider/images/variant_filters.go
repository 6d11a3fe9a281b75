package images

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
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
	if chip, ok := chipType(variant); ok && !l.filters.hasLabel(pai.LabelChipType) {
		same := slices.DeleteFunc(slices.Clone(others), func(other selection.Variant) bool {
			return !slices.ContainsFunc(other.Images, func(p selection.ParsedImage) bool {
				return selection.HasLabel(p.Image, pai.LabelChipType, chip)
			})
		})
		if len(same) < len(others) {
			suggestions, others = append(suggestions, "chip_type = "+hcltext.Quote(chip)), same
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
			suggestions = append(suggestions, "name_regex = "+hcltext.Quote(pattern))
		case excluded != "":
			suggestions = append(suggestions, "exclude_name_regex = "+hcltext.Quote(excluded))
		default:
			return ""
		}
	}
	return strings.Join(suggestions, ", ")
}

// chipType returns the chip type that all images of a variant have, and whether there is one that chip_type can match.
func chipType(variant selection.Variant) (string, bool) {
	chip, ok := variant.Newest.Image.Label(pai.LabelChipType)
	lacksChip := func(p selection.ParsedImage) bool { return !selection.HasLabel(p.Image, pai.LabelChipType, chip) }
	return chip, ok && checkChipType(chip) == nil && !slices.ContainsFunc(variant.Images, lacksChip)
}

// patternOf returns the shortest pattern of successive words of the variant's tag that matches the names of all images
// of the variant, and no names of the others. It prefers words that the others don't have. It returns "" if there is no
// such pattern.
func patternOf(variant selection.Variant, others ...selection.Variant) string {
	found := ""
	for words := range wordSequences(variant) {
		if slices.ContainsFunc(variant.Images, func(p selection.ParsedImage) bool { return !words.match(p) }) ||
			slices.ContainsFunc(others, func(v selection.Variant) bool { return slices.ContainsFunc(v.Images, words.match) }) {
			continue
		}
		if !slices.ContainsFunc(others, func(v selection.Variant) bool { return strings.Contains(v.Name, words.text) }) {
			return words.pattern()
		}
		if found == "" {
			found = words.pattern()
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

// wordSequence is a sequence of successive words of a variant.
type wordSequence struct {
	text      string // words without the separators around them
	separated string // words with the separator before them, and the one after them
	atEnd     bool   // no separator follows, because the words are at the end of the name
}

// match reports whether the pattern matches the image's name. It needs no regular expression, which would be slow for
// many variants.
func (s wordSequence) match(p selection.ParsedImage) bool {
	switch name := p.Image.Name; {
	case name == nil:
		return false
	case s.atEnd:
		return strings.HasSuffix(*name, s.separated)
	default:
		return strings.Contains(*name, s.separated)
	}
}

// pattern returns a regular expression that matches the words and the separators around them.
func (s wordSequence) pattern() string {
	if s.atEnd {
		return regexp.QuoteMeta(s.separated) + "$"
	}
	return regexp.QuoteMeta(s.separated)
}

// wordSequences iterates over the sequences of successive words of the variant, shortest first. Sequences without the
// separator at their end come last. There are none if the image's name doesn't contain the variant between two ASCII
// characters.
func wordSequences(variant selection.Variant) iter.Seq[wordSequence] {
	name := ""
	if variant.Newest.Image.Name != nil {
		name = *variant.Newest.Image.Name
	}
	start := strings.LastIndex(name, variant.Name)
	end := start + len(variant.Name)
	isNotASCII := func(r rune) bool { return r > unicode.MaxASCII }
	if start < 1 || strings.ContainsFunc(name[start-1:min(end+1, len(name))], isNotASCII) {
		return func(func(wordSequence) bool) {}
	}
	separators := []int{start - 1} // positions in the name
	for i := start; i < end; i++ {
		if name[i] == '-' || name[i] == '_' {
			separators = append(separators, i)
		}
	}
	separators = append(separators, end)
	return func(yield func(wordSequence) bool) {
		for _, isOpen := range []bool{false, true} {
			for words := 1; words < len(separators); words++ {
				for i, first := range separators[:len(separators)-words] {
					last := separators[i+words]
					s := wordSequence{text: name[first+1 : last], separated: name[first:last]}
					if !isOpen {
						s.separated, s.atEnd = name[first:min(last+1, len(name))], last == len(name)
					}
					if !yield(s) {
						return
					}
				}
			}
		}
	}
}

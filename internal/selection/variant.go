package selection

import (
	"cmp"
	"strings"
)

// Variant returns the tag without its version and without the identifier of a build, such as
// `gpu-py312-cu130-ubuntu24.04`. If the version is the value of a label, and the tag starts with another version, the
// variant contains the version of the tag. The variant of an image without a tag is its digest, or "(no tag)".
func (p *ParsedImage) Variant() string {
	if p.Reference.Tag == "" && p.Reference.Repository != "" {
		return cmp.Or(p.Reference.Digest, "(no tag)")
	}
	if v := ParseVersion(p.Reference.Tag); v != nil && p.Version != nil && v.Compare(p.Version) == 0 {
		return trimVariant(v.rest)
	}
	return trimVariant(p.Reference.Tag)
}

// trimVariant returns the text without separators at its start, and without the identifiers of a build at its end.
func trimVariant(text string) string {
	text = strings.TrimLeft(text, buildSeparators)
	for text != "" {
		start := strings.LastIndexAny(text, buildSeparators) + 1
		if !isBuildIdentifier(text[start:]) {
			return text
		}
		text = text[:max(0, start-1)]
	}
	return ""
}

// buildSeparators are the characters that can be before the identifier of a build. A tag contains no other separators.
const buildSeparators = "-_."

// isBuildIdentifier reports whether the text is a commit hash, perhaps after `g`, a date of six or eight digits, or a
// Unix time. Unix times and dates of eight digits have the form of a commit hash.
func isBuildIdentifier(text string) bool {
	digits := countDigits(text)
	if digits == len(text) && digits == 6 {
		return true
	}
	if len(text) > 0 && (text[0] == 'g' || text[0] == 'G') {
		text = text[1:]
	}
	return len(text) >= 7 && len(text) <= 40 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

package selection_test

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// This file and naive_selection_test.go are a second, slow implementation of the package. It follows the documented
// table of versions row by row, and shares no code with the package. The property tests compare both.

// naiveVersion is the version at the start of a text.
type naiveVersion struct {
	numbers  []int64
	text     string // as image_version shows it
	rank     int    // of the word, as in naiveRanks; naiveRelease or naivePost
	count    int64  // the number after the word
	calendar bool
	rest     string // the text after the version
}

// Ranks of versions that have no word of a pre-release.
const (
	naiveRelease = 4
	naivePost    = 5
)

// naiveRanks has the words of pre-releases in lower case. Of two equal numbers, the one with the lower rank is lower.
var naiveRanks = map[string]int{
	"dev": 0, "nightly": 0, "snapshot": 0, "canary": 0,
	"a": 1, "alpha": 1, "pre": 1, "preview": 1, "ea": 1,
	"b": 2, "beta": 2,
	"c": 3, "rc": 3,
}

var (
	// The number of a version, and the text after it. Only a number without a dot is limited in length, and must end
	// at a separator.
	naiveDotted   = regexp.MustCompile(`^v?([0-9]+(?:\.[0-9]+)+)(.*)$`)
	naiveUndotted = regexp.MustCompile(`^([0-9]{1,2}|v[0-9]{1,3})((?:[-_+].*)?)$`)

	// Each pattern matches a text that follows the number and starts with the word of a pre-release. The groups are the
	// word with its number, the word, its number and the text after both.
	naivePreReleases = []*regexp.Regexp{
		regexp.MustCompile(`^[-_.]?((` + naiveWords + `)([0-9]+))(.*)$`),
		regexp.MustCompile(`^[-_.]?((` + naiveWords + `)\.([0-9]+))((?:[-_.+].*)?)$`),
		regexp.MustCompile(`^[-_.]?((` + naiveWords + `)())((?:[-_.+].*)?)$`),
		regexp.MustCompile(`^(([abcABC])\.([0-9]+))((?:[-_.+].*)?)$`),
		regexp.MustCompile(`^(([abcABC])([0-9]*))((?:[-_.+].*)?)$`),
	}

	// The groups are the number after the word and the text after both.
	naivePostReleases = []*regexp.Regexp{
		regexp.MustCompile(`^[-_.]?(?i:post)([0-9]+)(.*)$`),
		regexp.MustCompile(`^[-_.]?(?i:post)\.([0-9]+)((?:[-_.+].*)?)$`),
	}

	// Words that make a pre-release wherever they are. The groups are as above.
	naiveAnywhere = regexp.MustCompile(`[-_.+]((?i)(nightly|snapshot|canary|preview)\.?([0-9]+)|` +
		`(nightly|snapshot|canary|preview)|(rc|alpha|beta)\.?([0-9]+))(?:[-_.+]|$)`)

	naiveCalendar = regexp.MustCompile(`^(?:20[0-9][0-9]\.|(?:1[7-9]|[23][0-9])\.(?:0[1-9]|1[0-2])(?:\.|$))`)

	// A build suffix: a commit hash, perhaps after a "g", or a date. The digits of a Unix time are a hash, too.
	naiveBuild = regexp.MustCompile(`(?:^|[-_.+])(?:[gG]?[0-9a-fA-F]{7,40}|[0-9]{6}|[0-9]{8})$`)
)

const (
	naiveWords      = `(?i:rc|alpha|beta|preview|pre|dev|nightly|snapshot|canary|ea)`
	naiveSeparators = "-_.+"
)

// naiveParse returns the version at the start of a text, or nil.
func naiveParse(text string) *naiveVersion {
	text = strings.TrimSpace(text)
	match := naiveDotted.FindStringSubmatch(text)
	if match == nil {
		match = naiveUndotted.FindStringSubmatch(text)
	}
	if match == nil {
		return nil
	}
	number := strings.TrimPrefix(match[1], "v")
	v := &naiveVersion{numbers: naiveNumbers(number), text: number, rank: naiveRelease, rest: match[2]}
	v.calendar = naiveCalendar.MatchString(number)
	if first, _, _ := strings.Cut(number, "."); len(first) >= 5 {
		return nil
	}
	v.readWords(number)
	for _, n := range append(v.numbers, v.count) {
		if n < 0 {
			return nil
		}
	}
	return v
}

func naiveNumbers(number string) []int64 {
	var numbers []int64
	for part := range strings.SplitSeq(number, ".") {
		numbers = append(numbers, naiveNumber(part))
	}
	return numbers
}

// naiveNumber returns 0 for no digits, and -1 for too many.
func naiveNumber(digits string) int64 {
	if digits == "" {
		return 0
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// readWords reads the words of pre-releases and post-releases from the text after the number.
func (v *naiveVersion) readWords(number string) {
	if v.readPreRelease(number) {
		return
	}
	for _, pattern := range naivePostReleases {
		if match := pattern.FindStringSubmatch(v.rest); match != nil {
			v.text, v.rank, v.count, v.rest = number+".post"+match[1], naivePost, naiveNumber(match[1]), match[2]
			if v.readPreRelease(number) {
				return
			}
			break
		}
	}
	if match := naiveAnywhere.FindStringSubmatch(v.rest); match != nil {
		v.text, v.count = number+"-"+match[1], naiveNumber(match[3]+match[6])
		v.rank = naiveRanks[strings.ToLower(match[2]+match[4]+match[5])]
	}
}

// readPreRelease reads the word of a pre-release from the start of the rest, and reports whether there is one.
func (v *naiveVersion) readPreRelease(number string) bool {
	for _, pattern := range naivePreReleases {
		if match := pattern.FindStringSubmatch(v.rest); match != nil {
			v.text, v.rank = number+"-"+match[1], naiveRanks[strings.ToLower(match[2])]
			v.count, v.rest = naiveNumber(match[3]), match[4]
			return true
		}
	}
	return false
}

func (v *naiveVersion) isPreRelease() bool { return v.rank < naiveRelease }

func (v *naiveVersion) compareNumbers(w *naiveVersion) int {
	for i := range max(len(v.numbers), len(w.numbers)) {
		var a, b int64
		if i < len(v.numbers) {
			a = v.numbers[i]
		}
		if i < len(w.numbers) {
			b = w.numbers[i]
		}
		if a != b {
			return cmp.Compare(a, b)
		}
	}
	return 0
}

func (v *naiveVersion) compare(w *naiveVersion) int {
	return cmp.Or(v.compareNumbers(w), cmp.Compare(v.rank, w.rank), cmp.Compare(v.count, w.count))
}

// naiveReference returns the parts of the image's URI. They are empty if the URI is missing or invalid.
func naiveReference(image *pai.Image) imageuri.Reference {
	if image.ImageURI == nil {
		return imageuri.Reference{}
	}
	reference, _ := imageuri.Parse(*image.ImageURI) // empty on error
	return reference
}

// naiveVersionOf returns the version of the framework's label. If framework is empty, it returns the tag's version.
func naiveVersionOf(image *pai.Image, framework string) *naiveVersion {
	if framework == "" {
		return naiveParse(naiveReference(image).Tag)
	}
	value := ""
	for _, label := range image.Labels {
		if label.Key != nil && *label.Key == "system.framework."+framework {
			value = "" // the last label applies, even without a value
			if label.Value != nil {
				value = *label.Value
			}
		}
	}
	return naiveParse(value)
}

// naiveVariantOf returns the variant of an image that has a version.
func naiveVariantOf(image *pai.Image, framework string) string {
	reference := naiveReference(image)
	switch {
	case reference.Tag == "" && reference.Digest != "":
		return reference.Digest
	case reference.Tag == "" && reference.Repository != "":
		return "(no tag)"
	}
	variant := reference.Tag
	v := naiveParse(variant)
	if framework == "" || v != nil && v.compare(naiveVersionOf(image, framework)) == 0 {
		variant = v.rest
	}
	variant = strings.TrimLeft(variant, naiveSeparators)
	for naiveBuild.MatchString(variant) {
		variant = naiveBuild.ReplaceAllString(variant, "")
	}
	return variant
}

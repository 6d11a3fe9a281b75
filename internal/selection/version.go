package selection

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
)

// numbered splits a version into its number and what is attached to it: `1.12PAI` into `1.12` and `PAI`.
var numbered = regexp.MustCompile(`^v?(\d+(?:\.\d+)*)(.*)$`)

// words finds the runs of letters in what is attached to a number.
var words = regexp.MustCompile(`[A-Za-z]+`)

// preRelease are the words by which an attachment says that the version came before the release.
var preRelease = []string{"rc", "alpha", "beta", "dev", "nightly"}

// notInPreRelease are the characters that a pre-release may not have.
var notInPreRelease = regexp.MustCompile(`[^0-9A-Za-z.-]+`)

// ParseVersion reads a version as images bear them: a number after an optional `v`, and perhaps an attachment. One that
// has a word for it (`rc`, `alpha`, `beta`, `dev`, `nightly`) makes it a pre-release, any other is a build of the
// version and counts for nothing. It gives nil where the text doesn't begin with a number, or doesn't parse.
func ParseVersion(text string) *version.Version {
	parts := numbered.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return nil
	}
	number, attached := parts[1], parts[2]
	if isPreRelease(attached) {
		number += "-" + strings.Trim(notInPreRelease.ReplaceAllString(attached, "-"), ".-")
	}
	parsed, err := version.NewVersion(number)
	if err != nil {
		return nil
	}
	return parsed
}

// TagVersion reads the version that a tag starts with: what stands before its first `-` or `_`. It gives nil where
// the tag starts with no number, as `deeprec2212-gpu` does.
func TagVersion(tag string) *version.Version {
	if end := strings.IndexAny(tag, "-_"); end >= 0 {
		tag = tag[:end]
	}
	return ParseVersion(tag)
}

func isPreRelease(attached string) bool {
	return slices.ContainsFunc(words.FindAllString(strings.ToLower(attached), -1), func(word string) bool {
		return slices.Contains(preRelease, word)
	})
}

// compareVersions orders versions as SemVer does: by number, a pre-release below its release, and pre-releases part by
// part. The library's Compare won't do, for it is no order. In it
//
//   - rc.a < rc < rc.1 < rc.a goes round in a circle (SemVer: rc < rc.1 < rc.a),
//   - rc.1 and rc.01 are each below the other, and a part too large for 64 bits and `rc` each above the other,
//   - 1.0.0.0 equals 1.0.0 as well as 1.0.0-rc1.
//
// Tags can hold all of these, and the highest of several would hang on which comes first. Where the library's answers
// are those of an order, these are the same.
func compareVersions(a, b *version.Version) int {
	if byNumber := slices.Compare(significant(a), significant(b)); byNumber != 0 {
		return byNumber
	}
	preA, preB := a.Prerelease(), b.Prerelease()
	if preA == "" || preB == "" {
		return strings.Compare(preB, preA) // the empty one is the release
	}
	return slices.CompareFunc(strings.Split(preA, "."), strings.Split(preB, "."), comparePart)
}

// significant gives a version's numbers without the zeros at the end: 1.0 and 1.0.0.0 are one version.
func significant(v *version.Version) []int64 {
	numbers := v.Segments64()
	for len(numbers) > 0 && numbers[len(numbers)-1] == 0 {
		numbers = numbers[:len(numbers)-1]
	}
	return numbers
}

// comparePart orders parts of pre-releases: numbers by their size, which has no limit, and below all that isn't a number.
func comparePart(a, b string) int {
	numberA, numberB := isNumber(a), isNumber(b)
	switch {
	case numberA && numberB:
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	case numberA:
		return -1
	case numberB:
		return 1
	}
	return strings.Compare(a, b)
}

func isNumber(part string) bool { return strings.Trim(part, "0123456789") == "" }

package selection

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
)

// versionPattern splits a version into a number and a suffix, such as `1.12PAI` into `1.12` and `PAI`.
var versionPattern = regexp.MustCompile(`^v?(\d+(?:\.\d+)*)(.*)$`)

// wordPattern matches the words of a suffix.
var wordPattern = regexp.MustCompile(`[A-Za-z]+`)

// preReleaseWords are the words in a suffix that mark a pre-release.
var preReleaseWords = []string{"rc", "alpha", "beta", "dev", "nightly"}

// invalidInPreRelease matches the characters that a pre-release can't contain.
var invalidInPreRelease = regexp.MustCompile(`[^0-9A-Za-z.-]+`)

// ParseVersion parses a version of a label or a tag: an optional `v`, a number and an optional suffix. If the suffix
// contains one of the words `rc`, `alpha`, `beta`, `dev` and `nightly`, the version is a pre-release. Any other suffix
// identifies a build and is ignored. ParseVersion returns nil if the text doesn't start with a valid version.
func ParseVersion(text string) *version.Version {
	parts := versionPattern.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return nil
	}
	number, suffix := parts[1], parts[2]
	if isPreRelease(suffix) {
		number += "-" + strings.Trim(invalidInPreRelease.ReplaceAllString(suffix, "-"), ".-")
	}
	parsed, err := version.NewVersion(number)
	if err != nil {
		return nil
	}
	return parsed
}

// TagVersion parses the version at the start of a tag, before the first `-` or `_`. It returns nil if the tag doesn't
// start with a version. An example is `deeprec2212-gpu`.
func TagVersion(tag string) *version.Version {
	if end := strings.IndexAny(tag, "-_"); end >= 0 {
		tag = tag[:end]
	}
	return ParseVersion(tag)
}

func isPreRelease(suffix string) bool {
	return slices.ContainsFunc(wordPattern.FindAllString(strings.ToLower(suffix), -1), func(word string) bool {
		return slices.Contains(preReleaseWords, word)
	})
}

// compareVersions compares versions as SemVer does: by number, then a pre-release below its release, and then by the
// parts of the pre-releases. Version.Compare is not used because it is not a consistent total order:
//
//   - rc.a < rc < rc.1 < rc.a is a cycle (SemVer: rc < rc.1 < rc.a).
//   - rc.1 and rc.01 are each below the other. A part too large for 64 bits and `rc` are each above the other.
//   - 1.0.0.0 equals both 1.0.0 and 1.0.0-rc1.
//
// Tags can contain all of these versions, and the selected image would then depend on the order of the images. In all
// other cases, compareVersions returns the same result as Version.Compare.
func compareVersions(a, b *version.Version) int {
	if order := slices.Compare(trimmedSegments(a), trimmedSegments(b)); order != 0 {
		return order
	}
	preA, preB := a.Prerelease(), b.Prerelease()
	if preA == "" || preB == "" {
		return strings.Compare(preB, preA) // a release, which has an empty Prerelease, is higher
	}
	return slices.CompareFunc(strings.Split(preA, "."), strings.Split(preB, "."), comparePart)
}

// trimmedSegments returns the segments of v without trailing zero segments, so that 1.0 equals 1.0.0.0.
func trimmedSegments(v *version.Version) []int64 {
	numbers := v.Segments64()
	for len(numbers) > 0 && numbers[len(numbers)-1] == 0 {
		numbers = numbers[:len(numbers)-1]
	}
	return numbers
}

// comparePart compares two parts of pre-releases. Numbers of any size are compared by value, and are lower than parts
// that are not numbers.
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

package selection

import (
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

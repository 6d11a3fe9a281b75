package images

import (
	"fmt"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// versionFilter returns the filter of the argument version.
func versionFilter(value string) filter {
	constraints, err := selection.ParseConstraints(value)
	return filter{
		match: func(image *pai.Image, framework string) bool {
			return constraints.Allow(versionOf(image, framework))
		},
		actualValues: versionValues,
		note: func(images []pai.Image, framework string) string {
			return exactVersionNote(constraints, images, framework) + preReleaseNote(value, constraints, images, framework)
		},
		err: err,
	}
}

func versionOf(image *pai.Image, framework string) *selection.Version {
	return selection.ParseImage(image, framework).Version
}

func versionValues(image *pai.Image, framework string) []string {
	version := versionOf(image, framework)
	switch {
	case version == nil && framework == "":
		return []string{"no version in the tag"}
	case version == nil:
		return []string{"no version of " + printable(framework)}
	}
	return []string{strings.TrimSpace(printable(framework) + " " + version.String())}
}

// exactVersionNote returns a sentence, with a space before it, if the constraint is a version that is the start of an
// image's version: 2.9 matches only 2.9.0, and not 2.9.1. Otherwise it returns "".
func exactVersionNote(constraints selection.Constraints, images []pai.Image, framework string) string {
	exact, ok := constraints.ExactVersion()
	if !ok || exact.IsPreRelease() {
		return ""
	}
	started := "~> " + exact.String() + ".0"
	if highestAllowed(started, images, framework) == nil {
		return ""
	}
	return fmt.Sprintf(" `version = %s` matches only the version %s. To match every version that starts with %s, set "+
		"`version = %s`.", hcltext.Quote(exact.String()), padded(exact.String()), exact, hcltext.Quote(started))
}

// padded returns a version with at least three numbers.
func padded(version string) string {
	for strings.Count(version, ".") < 2 {
		version += ".0"
	}
	return version
}

// preReleaseNote returns a sentence, with a space before it, if images have pre-releases of a release that the
// constraint allows. It ignores versions that are too long to write. Otherwise it returns "".
func preReleaseNote(value string, constraints selection.Constraints, images []pai.Image, framework string) string {
	highest := highestVersion(images, framework, func(v *selection.Version) bool {
		return v.IsPreRelease() && constraints.AllowRelease(v) && len(v.String()) <= maxTextLength
	})
	if highest == nil {
		return ""
	}
	suggestion := highest.String()
	for _, constraint := range []string{value + ", >= " + highest.String(), ">= " + highest.String()} {
		if v := highestAllowed(constraint, images, framework); v != nil && v.Compare(highest) == 0 {
			suggestion = constraint
			break
		}
	}
	return fmt.Sprintf(" A pre-release matches only a constraint that names one. To match %s, set `version = %s`.",
		highest, hcltext.Quote(suggestion))
}

// highestAllowed returns the highest version that the constraint allows, or nil if it allows none.
func highestAllowed(constraint string, images []pai.Image, framework string) *selection.Version {
	constraints, err := selection.ParseConstraints(constraint)
	if err != nil {
		return nil
	}
	return highestVersion(images, framework, constraints.Allow)
}

// highestVersion returns the highest version of the images for which match returns true, or nil if there is none.
func highestVersion(
	images []pai.Image, framework string, match func(*selection.Version) bool,
) (highest *selection.Version) {
	for i := range images {
		v := versionOf(&images[i], framework)
		if v != nil && match(v) && (highest == nil || v.Compare(highest) > 0) {
			highest = v
		}
	}
	return highest
}

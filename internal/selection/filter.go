// Package selection filters, sorts and selects images, and reads their versions. No function changes its arguments.
package selection

import (
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// Filter returns the images for which match returns true, in the order of the argument. The result is never nil.
func Filter(images []pai.Image, match func(*pai.Image) bool) []pai.Image {
	matching := make([]pai.Image, 0, len(images))
	for i := range images {
		if match(&images[i]) {
			matching = append(matching, images[i])
		}
	}
	return matching
}

// HasLabel reports whether any label of the image has the key and the value. The value pai.AnyValue matches any value,
// including an empty or missing value.
//
// If an image has several labels with the key, HasLabel checks all of them, as the API does. pai.Image.Label returns
// only the last of them, so the results can differ.
func HasLabel(image *pai.Image, key, value string) bool {
	return slices.ContainsFunc(image.Labels, func(label pai.Label) bool {
		return isEqual(label.Key, key) && (value == pai.AnyValue || isEqual(label.Value, value))
	})
}

func isEqual(field *string, value string) bool { return field != nil && *field == value }

// VersionOf returns the version of an image, or nil if the image has none. It reads the version from the framework's
// label, or if framework is empty, from the start of the tag.
func VersionOf(image *pai.Image, framework string) *version.Version {
	if framework != "" {
		label, _ := image.Label(pai.LabelFrameworkPrefix + framework)
		return ParseVersion(label)
	}
	if image.ImageURI == nil {
		return nil
	}
	reference, err := imageuri.Parse(*image.ImageURI)
	if err != nil {
		return nil
	}
	return TagVersion(reference.Tag)
}

// Allows reports whether v matches the constraints. A nil version never matches.
//
// As in Terraform, a pre-release matches only if a constraint contains a pre-release with the same number. The library
// does not check this for the operator "!=". So if all constraints have this operator, Allows rejects a pre-release.
func Allows(constraints version.Constraints, v *version.Version) bool {
	if v == nil || !constraints.Check(v) {
		return false
	}
	return v.Prerelease() == "" || slices.ContainsFunc(constraints, func(c *version.Constraint) bool {
		return !strings.HasPrefix(strings.TrimSpace(c.String()), "!=")
	})
}

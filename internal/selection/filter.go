// Package selection filters, sorts and selects images, and reads their versions. No function changes its arguments.
package selection

import (
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// Filter returns the images that match, in their order. The result is never nil.
func Filter(images []pai.Image, match func(*pai.Image) bool) []pai.Image {
	matching := make([]pai.Image, 0, len(images))
	for i := range images {
		if match(&images[i]) {
			matching = append(matching, images[i])
		}
	}
	return matching
}

// HasLabel reports whether any label of the image has the key and value. The value pai.AnyValue matches every value,
// also an empty or a missing one.
//
// An image can have several labels with the key. The API filters as HasLabel does, while pai.Image.Label returns the
// last label, so the two can disagree.
func HasLabel(image *pai.Image, key, value string) bool {
	return slices.ContainsFunc(image.Labels, func(label pai.Label) bool {
		return isEqual(label.Key, key) && (value == pai.AnyValue || isEqual(label.Value, value))
	})
}

func isEqual(field *string, value string) bool { return field != nil && *field == value }

// VersionOf returns the version of an image, or nil if it has none. It is the value of the framework's label, or the
// version at the start of the tag if framework is empty.
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

// Allows reports whether a version matches the constraints. No version, nil, matches none.
//
// As in Terraform, a pre-release matches only a constraint that names a pre-release of the same number. The library
// applies that to every operator but "!=", which would match the pre-releases of all other versions.
func Allows(constraints version.Constraints, candidate *version.Version) bool {
	if candidate == nil || !constraints.Check(candidate) {
		return false
	}
	return candidate.Prerelease() == "" || slices.ContainsFunc(constraints, func(c *version.Constraint) bool {
		return !strings.HasPrefix(strings.TrimSpace(c.String()), "!=")
	})
}

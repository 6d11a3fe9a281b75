// Package selection filters, sorts and selects images, and reads their versions. No function changes its arguments.
//
// Read version.go and stage.go first, which parse versions. constraints.go evaluates version constraints,
// parsed_image.go and variant.go read the version and the variant of an image, and highest.go selects the image with
// the highest version.
package selection

import (
	"slices"

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

func isEqual(field *string, value string) bool { return field != nil && pai.EqualText(*field, value) }

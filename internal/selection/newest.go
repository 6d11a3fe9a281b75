package selection

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// Newest returns the image with the latest creation time. If several images have this time, it returns the image with
// the highest ID. It returns nil if there are no images.
func Newest(images []pai.Image) *pai.Image {
	if len(images) == 0 {
		return nil
	}
	newest := &images[0]
	for i := range images {
		if compareCreated(&images[i], newest) > 0 {
			newest = &images[i]
		}
	}
	return newest
}

// NewestFirst returns a copy of the images, sorted by creation time with the newest image first. Images with the same
// time are sorted by ID, with the highest ID first.
func NewestFirst(images []pai.Image) []pai.Image {
	sorted := append(make([]pai.Image, 0, len(images)), images...)
	slices.SortFunc(sorted, func(a, b pai.Image) int { return compareCreated(&b, &a) })
	return sorted
}

// SortByVersion sorts images by version: images without a version first, then plain versions, then calendar
// versions. Images with equal versions are sorted by creation time, and then by ID.
func SortByVersion(images []ParsedImage) {
	slices.SortFunc(images, func(a, b ParsedImage) int {
		return cmp.Or(compareInList(a.Version, b.Version), compareCreated(a.Image, b.Image))
	})
}

// Undated returns the images whose creation time is missing or invalid. The other functions treat them as the oldest.
// If there is only one image, it is compared with no other, so Undated returns none.
func Undated(images []pai.Image) []pai.Image {
	if len(images) < 2 {
		return nil
	}
	var undated []pai.Image
	for i := range images {
		created := images[i].GmtCreateTime
		if created != nil {
			if _, ok := pai.ParseTime(*created); ok {
				continue
			}
		}
		undated = append(undated, images[i])
	}
	return undated
}

// Tied returns the images that have the same version as another image. The argument is in the order of SortByVersion.
func Tied(sorted []ParsedImage) []pai.Image {
	var tied []pai.Image
	hasSame := func(i, other int) bool {
		return other >= 0 && other < len(sorted) && compareInList(sorted[i].Version, sorted[other].Version) == 0
	}
	for i := range sorted {
		if hasSame(i, i-1) || hasSame(i, i+1) {
			tied = append(tied, *sorted[i].Image)
		}
	}
	return tied
}

// compareCreated compares images by pai.CompareCreated and then by all other fields. A selection or a sorted list
// therefore never depends on the order of its input.
func compareCreated(a, b *pai.Image) int {
	if order := pai.CompareCreated(a, b); order != 0 {
		return order
	}
	return strings.Compare(encode(a), encode(b))
}

func encode(image *pai.Image) string {
	encoded, _ := json.Marshal(image) // can't fail, because an image has only strings, numbers and lists
	return string(encoded)
}

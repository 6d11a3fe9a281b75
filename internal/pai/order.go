package pai

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// CompareCreated compares images by creation time, oldest first, and then by ID. An image without a valid creation time
// sorts before all images that have one. The result is 0 only for images with the same creation time and identity.
func CompareCreated(a, b *Image) int {
	return compareDated(newDatedImage(a), newDatedImage(b))
}

// SortByCreated returns a copy of images in the order of CompareCreated. It parses each creation time only once.
func SortByCreated(images []Image) []Image {
	dated := make([]datedImage, len(images))
	for i := range images {
		dated[i] = newDatedImage(&images[i])
	}
	slices.SortFunc(dated, compareDated)
	sorted := make([]Image, len(images))
	for i := range dated {
		sorted[i] = *dated[i].image
	}
	return sorted
}

// datedImage is an image with its parsed creation time. created is the zero time if the creation time is invalid.
type datedImage struct {
	image   *Image
	created time.Time
}

func newDatedImage(image *Image) datedImage {
	return datedImage{image, timeOrZero(image.GmtCreateTime)}
}

func compareDated(a, b datedImage) int {
	if order := a.created.Compare(b.created); order != 0 {
		return order
	}
	return cmp.Or(
		strings.Compare(OrEmpty(a.image.ImageID), OrEmpty(b.image.ImageID)),
		strings.Compare(OrEmpty(a.image.GmtCreateTime), OrEmpty(b.image.GmtCreateTime)),
		strings.Compare(a.image.Identity(), b.image.Identity()),
	)
}

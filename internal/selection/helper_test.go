package selection

import (
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// image returns an image with the given fields and labels. An empty argument leaves the field nil.
func image(id, created, uri string, keysAndValues ...string) pai.Image {
	i := pai.Image{Labels: labels(keysAndValues...)}
	for value, field := range map[*string]**string{&id: &i.ImageID, &created: &i.GmtCreateTime, &uri: &i.ImageURI} {
		if *value != "" {
			*field = value
		}
	}
	return i
}

func labels(keysAndValues ...string) []pai.Label {
	var list []pai.Label
	for pair := range slices.Chunk(keysAndValues, 2) {
		list = append(list, pai.Label{Key: &pair[0], Value: &pair[1]})
	}
	return list
}

// permute calls check with every permutation of the images.
func permute(images []pai.Image, check func([]pai.Image)) {
	var permuteFrom func(int)
	permuteFrom = func(at int) {
		if at >= len(images)-1 {
			check(slices.Clone(images))
		}
		for i := at; i < len(images); i++ {
			images[at], images[i] = images[i], images[at]
			permuteFrom(at + 1)
			images[at], images[i] = images[i], images[at]
		}
	}
	permuteFrom(0)
}

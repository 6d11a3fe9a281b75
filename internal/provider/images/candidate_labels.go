package images

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// maxLabelColumns is the maximum number of labels in a table of candidates.
const maxLabelColumns = 3

// labelColumns returns the columns of labels: the chip type, the label of the framework, and labels that not all images
// share. It omits redundant labels.
func labelColumns(images []selection.ParsedImage, framework string) []column {
	keys := make(map[string]bool)
	for i := range images {
		for _, label := range images[i].Image.Labels {
			if label.Key != nil {
				keys[*label.Key] = true
			}
		}
	}
	var columns []column
	for _, key := range slices.SortedFunc(maps.Keys(keys), func(a, b string) int {
		return cmp.Or(labelRank(a)-labelRank(b), cmp.Compare(a, b))
	}) {
		c := newColumn(key, images, func(p *selection.ParsedImage) string {
			value, _ := p.Image.Label(key)
			return value
		})
		known := key == pai.LabelChipType || framework != "" && key == pai.LabelFrameworkPrefix+framework
		if (known || c.differs()) && !c.isRedundant(images) && len(columns) < maxLabelColumns {
			columns = append(columns, c)
		}
	}
	return columns
}

// labelRank returns a number that is lower for labels that are more useful to tell images apart.
func labelRank(key string) int {
	switch {
	case key == pai.LabelChipType:
		return 0
	case strings.HasPrefix(key, pai.LabelFrameworkPrefix):
		return 1
	case strings.HasPrefix(key, pai.LabelSupportedPrefix):
		return 2
	}
	return 3
}

// isRedundant reports whether the label of the column only repeats the URI or the version of each image that has it, or
// is different for each of more than two images and not known to be useful.
func (c *column) isRedundant(images []selection.ParsedImage) bool {
	distinct := make(map[string]bool)
	isRepeated := true
	for i, value := range c.values {
		distinct[value] = true
		isRepeated = isRepeated && repeatsImage(&images[i], value)
	}
	return isRepeated || labelRank(c.name) == 3 && len(images) > 2 && len(distinct) == len(images)
}

// repeatsImage reports whether the value of a label is empty, or repeats the URI or the version of the image.
func repeatsImage(p *selection.ParsedImage, value string) bool {
	version := selection.ParseVersion(value)
	return endsURI(p, value) || version != nil && p.Version != nil && version.Compare(p.Version) == 0 ||
		p.Reference.Tag != "" && strings.HasSuffix(value, "/"+p.Reference.Repository+":"+p.Reference.Tag)
}

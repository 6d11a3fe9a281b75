package images

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// The functions attributeValues, labelValues, keyedLabelValues, frameworkValues and versionValues implement
// filter.actualValues. They return several values if an image has several labels with the key. If the image has no
// value, they return one text that says so. Values are quoted, so that their control characters don't reach the
// terminal.

// maxActualValues is the maximum number of values that a diagnostic lists for one filter.
const maxActualValues = 4

func attributeValues(name string) func(*pai.Image, string) []string {
	return func(image *pai.Image, framework string) []string {
		parsed := selection.ParseImage(image, framework)
		value := attributeByName(name).value(&parsed)
		if value.IsNull() {
			return []string{"no `" + name + "`"}
		}
		return []string{lookup.FormatHCL(value)}
	}
}

func labelValues(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label "+hcltext.Quote(key), func(label, value string) (string, bool) {
			return value, label == key
		})
	}
}

// keyedLabelValues is like labelValues, but its values contain the key. It is for filters whose HCL omits the key.
func keyedLabelValues(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label "+hcltext.Quote(key), func(label, value string) (string, bool) {
			return "`" + label + " = " + value + "`", label == key
		})
	}
}

// frameworkValues omits versions, because the many versions of one framework would exceed maxActualValues.
func frameworkValues(image *pai.Image, _ string) []string {
	return describeLabels(image, "framework", func(label, _ string) (string, bool) {
		framework, ok := strings.CutPrefix(label, pai.LabelFrameworkPrefix)
		return hcltext.Quote(framework), ok
	})
}

// describeLabels calls describe with the key and the quoted value of each label. It returns the texts for which
// describe also returns true. If there are none, it returns "no " followed by kind.
func describeLabels(image *pai.Image, kind string, describe func(key, value string) (string, bool)) []string {
	var texts []string
	for _, label := range image.Labels {
		if label.Key == nil {
			continue
		}
		value := "null"
		if label.Value != nil {
			value = hcltext.Quote(*label.Value)
		}
		if text, ok := describe(*label.Key, value); ok && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if texts == nil {
		return []string{"no " + kind}
	}
	return texts
}

// describeValues returns sentences about the values that images have instead of the filter's, with a space before each.
// Values that differ from the filter's only in case come first, then the most frequent ones. It returns "" if only the
// API can evaluate the filter.
func (f *filter) describeValues(images []pai.Image, framework string) string {
	if f.actualValues == nil {
		return ""
	}
	limit := maxTextLength
	if f.argument == "image_uri" {
		limit = maxURILength + len(`""`)
	}
	occurrences := make(map[string]int)
	for i := range images {
		for _, value := range f.actualValues(&images[i], framework) {
			occurrences[truncate(value, limit)]++
		}
	}
	var inCase, others []string
	for _, value := range slices.SortedFunc(maps.Keys(occurrences), func(a, b string) int {
		return cmp.Or(occurrences[b]-occurrences[a], cmp.Compare(a, b))
	}) {
		switch {
		case value == f.value: // another filter excludes these images
		case strings.EqualFold(value, f.value):
			inCase = append(inCase, f.argument+" = "+value)
		default:
			others = append(others, value)
		}
	}
	if more := len(others) - maxActualValues; more > 0 {
		others = append(others[:maxActualValues], fmt.Sprintf("and %d more", more))
	}
	text := ""
	if inCase != nil {
		text += fmt.Sprintf(" Images have `%s`, which differs only in case.", strings.Join(inCase, "` and `"))
	}
	if others != nil {
		noun := "Their values"
		switch {
		case inCase != nil:
			noun = "Other values"
		case len(images) == 1:
			noun = "Its value"
		}
		text += fmt.Sprintf(" %s: %s.", noun, strings.Join(others, ", "))
	}
	if f.note != nil {
		text += f.note(images, framework)
	}
	return text
}

package images

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// The functions attributeValues, labelValues, keyedLabelValues, frameworkValues and versionValues implement
// filter.actualValues. They return several values if an image has several labels with the key. If the image has no
// value, they return one text that starts with noValue. Values are quoted, so that their control characters don't reach
// the terminal.

// noValue is the start of a text that states which value an image lacks.
const noValue = "no "

// maxActualValues is the maximum number of values that a diagnostic lists for one filter.
const maxActualValues = 4

func attributeValues(name string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		value := attributeByName(name).value(image)
		if value.IsNull() {
			return []string{noValue + "`" + name + "`"}
		}
		return []string{value.String()}
	}
}

func labelValues(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label `"+key+"`", func(label, value string) (string, bool) {
			return value, label == key
		})
	}
}

// keyedLabelValues is like labelValues, but its values contain the key. It is for filters whose HCL omits the key.
func keyedLabelValues(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label `"+key+"`", func(label, value string) (string, bool) {
			return "`" + label + " = " + value + "`", label == key
		})
	}
}

// frameworkValues omits versions, because the many versions of one framework would exceed maxActualValues.
func frameworkValues(image *pai.Image, _ string) []string {
	return describeLabels(image, "framework", func(label, _ string) (string, bool) {
		framework, ok := strings.CutPrefix(label, pai.LabelFrameworkPrefix)
		return fmt.Sprintf("%q", framework), ok
	})
}

func versionValues(image *pai.Image, framework string) []string {
	version := selection.VersionOf(image, framework)
	switch {
	case version == nil && framework == "":
		return []string{noValue + "version in the tag"}
	case version == nil:
		return []string{noValue + "version of " + framework}
	}
	return []string{strings.TrimSpace(framework + " " + version.Original())}
}

// describeLabels calls describe with the key and the quoted value of each label. It returns the texts for which
// describe also returns true. If there are none, it returns noValue followed by kind.
func describeLabels(image *pai.Image, kind string, describe func(key, value string) (string, bool)) []string {
	var texts []string
	for _, label := range image.Labels {
		if label.Key == nil {
			continue
		}
		value := "null"
		if label.Value != nil {
			value = types.StringValue(*label.Value).String()
		}
		if text, ok := describe(*label.Key, value); ok && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if texts == nil {
		return []string{noValue + kind}
	}
	return texts
}

// alternatives describes the values of images that don't match the filter. It returns sentences with a space before
// each, in which the most frequent values come first. It also returns corrections: filters in HCL that differ from the
// filter only in case and match images. Both results are empty if only the API can evaluate the filter.
func (f *filter) alternatives(images []pai.Image, framework string) (sentences string, corrections []string) {
	if f.actualValues == nil {
		return "", nil
	}
	occurrences := make(map[string]int)
	for i := range images {
		for _, value := range f.actualValues(&images[i], framework) {
			occurrences[truncate(value)]++
		}
	}
	values := slices.SortedFunc(maps.Keys(occurrences), func(a, b string) int {
		return cmp.Or(occurrences[b]-occurrences[a], cmp.Compare(a, b))
	})
	var others []string
	for _, value := range values {
		if strings.EqualFold(value, f.value) {
			corrections = append(corrections, "`"+f.argument+" = "+value+"`")
		} else {
			others = append(others, value)
		}
	}
	single := len(images) == 1
	if len(corrections) > 0 {
		subject := "These differ"
		switch {
		case single:
			subject = "This differs"
		case len(others) > 0:
			subject = "Some images differ"
		}
		sentences = fmt.Sprintf(" %s only in case: %s.", subject, strings.Join(corrections, ", "))
	}
	return sentences + describeValues(others, single, len(corrections) > 0), corrections
}

// describeValues returns a sentence about values of images, with a space before it. If single is true, there is only
// one image. If other is true, the sentence follows a sentence about other images.
func describeValues(values []string, single, other bool) string {
	subject, noun := "They have", "Their value"
	switch {
	case other:
		subject, noun = "Others have", "Other value"
	case single:
		subject, noun = "It has", "Its value"
	}
	switch {
	case len(values) == 0:
		return ""
	case len(values) == 1 && strings.HasPrefix(values[0], noValue):
		return fmt.Sprintf(" %s %s.", subject, values[0])
	case len(values) > 1:
		noun += "s"
	}
	values = slices.Clone(values)
	for i, value := range values {
		if strings.HasPrefix(value, noValue) {
			values[i] = "none"
		}
	}
	if more := len(values) - maxActualValues; more > 0 {
		values = append(values[:maxActualValues], fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf(" %s: %s.", noun, strings.Join(values, ", "))
}

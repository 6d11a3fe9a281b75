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

// The functions of this file return the values that an image has in place of a match. If it has none, they return one
// text that starts with noValue. An image can have several labels with a key, and so several values. Values are quoted,
// so that control characters in them don't reach the terminal.

// noValue is followed by what an image lacks.
const noValue = "no "

// maxInstead limits how many values a diagnostic lists for one filter.
const maxInstead = 4

func insteadOfAttribute(name string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		value := attributeByName(name).value(image)
		if value.IsNull() {
			return []string{noValue + "`" + name + "`"}
		}
		return []string{value.String()}
	}
}

func insteadOfLabel(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label `"+key+"`", func(label, value string) (string, bool) {
			return value, label == key
		})
	}
}

// insteadOfLabelWithKey is insteadOfLabel for filters whose HCL doesn't contain the key.
func insteadOfLabelWithKey(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label `"+key+"`", func(label, value string) (string, bool) {
			return "`" + label + " = " + value + "`", label == key
		})
	}
}

// insteadOfFramework omits versions, or the many versions of one framework would exceed maxInstead.
func insteadOfFramework(image *pai.Image, _ string) []string {
	return describeLabels(image, "framework", func(label, _ string) (string, bool) {
		framework, ok := strings.CutPrefix(label, pai.LabelFrameworkPrefix)
		return fmt.Sprintf("%q", framework), ok
	})
}

func insteadOfVersion(image *pai.Image, framework string) []string {
	version := selection.VersionOf(image, framework)
	switch {
	case version == nil && framework == "":
		return []string{noValue + "version in the tag"}
	case version == nil:
		return []string{noValue + "version of " + framework}
	}
	return []string{strings.TrimSpace(framework + " " + version.Original())}
}

// describeLabels returns the description of each label that describe accepts, given its key and quoted value. If it
// accepts none, the image lacks the kind of label.
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

// alternatives returns the values of images that don't match the filter, as sentences with a space before each. The
// values of most images come first. The corrections are the filters in HCL that match images and differ from the filter
// only in case. Both are empty if only the API can evaluate the filter.
func (f *filter) alternatives(images []pai.Image, framework string) (sentences string, corrections []string) {
	if f.instead == nil {
		return "", nil
	}
	occurrences := make(map[string]int)
	for i := range images {
		for _, value := range f.instead(&images[i], framework) {
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
	one := len(images) == 1
	if len(corrections) > 0 {
		subject := "These differ"
		switch {
		case one:
			subject = "This differs"
		case len(others) > 0:
			subject = "Some images differ"
		}
		sentences = fmt.Sprintf(" %s only in case: %s.", subject, strings.Join(corrections, ", "))
	}
	return sentences + describeValues(others, one, len(corrections) > 0), corrections
}

// describeValues returns a sentence about the values of images, or of one image, with a space before it. If other is
// true, it follows a sentence about other values.
func describeValues(values []string, one, other bool) string {
	subject, noun := "They have", "Their value"
	switch {
	case other:
		subject, noun = "Others have", "Other value"
	case one:
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
	if more := len(values) - maxInstead; more > 0 {
		values = append(values[:maxInstead], fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf(" %s: %s.", noun, strings.Join(values, ", "))
}

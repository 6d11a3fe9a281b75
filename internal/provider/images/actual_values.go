package images

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

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

// maxCompared is the maximum number of values whose distances to the filter's value are computed, which takes about 50
// microseconds each.
const maxCompared = 10_000

func attributeValues(name string) func(*pai.Image, string) []string {
	return func(image *pai.Image, framework string) []string {
		parsed := selection.ParseImage(image, framework)
		value := attributeByName(name).value(&parsed)
		if value.IsNull() || value.Equal(types.StringValue("")) {
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

// repositoryValues returns as many parts of an image's repository as the argument has.
func repositoryValues(argument string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		parsed := selection.ParseImage(image, "")
		if parsed.Reference.Repository == "" {
			return []string{"no `repository`"}
		}
		parts := strings.Split(parsed.Reference.FullName(), "/")
		parts = parts[max(len(parts)-1-strings.Count(argument, "/"), 0):]
		return []string{hcltext.Quote(strings.Join(parts, "/"))}
	}
}

// describeValues returns sentences about the values that images have instead of the filter's, with a space before each.
// Values that differ from the filter's only in case come first, then the nearest, and of equally near values the most
// frequent. It returns "" if only the API can evaluate the filter.
func (f *filter) describeValues(images []pai.Image, framework string) string {
	if f.actualValues == nil {
		return ""
	}
	limit := maxTextLength
	if f.argument == "image_uri" {
		limit = maxURILength + len(`""`)
		if text := describeTwin(f.text, images); text != "" {
			return text
		}
	}
	noun := "Their values"
	if len(images) == 1 {
		noun = "Its value"
	}
	text := f.describeSorted(f.sortedValues(images, framework, limit), noun, limit)
	if f.note != nil && !f.hasWildcard() {
		text += f.note(images, framework)
	}
	return text
}

// describeSorted returns sentences about the sorted values that images have instead of the filter's, with a space
// before each. noun is the start of the list of values, and limit the parameter of sortedValues.
func (f *filter) describeSorted(values []string, noun string, limit int) string {
	wanted := f.value
	if f.text != "" {
		wanted = hcltext.Quote(f.text)
	}
	var inCase, others []string
	for _, value := range values {
		switch {
		case value == truncate(wanted, limit): // another filter excludes these images
		case strings.EqualFold(value, wanted):
			inCase = append(inCase, f.hclWith(value))
		default:
			others = append(others, value)
		}
	}
	order := ""
	if f.text != "" && noun != "Its value" && len(others) > 1 && strings.HasPrefix(others[1], `"`) {
		order = ", nearest first"
	}
	if more := len(others) - maxActualValues; more > 0 {
		others = append(others[:maxActualValues], fmt.Sprintf("and %d more", more))
	}
	text := ""
	if inCase != nil {
		text += fmt.Sprintf(" Images have `%s`, which differs only in case.", strings.Join(inCase, "` and `"))
	}
	if others != nil {
		if inCase != nil {
			noun = "Other values"
		}
		text += fmt.Sprintf(" %s%s: %s.", noun, order, strings.Join(others, ", "))
	}
	return text
}

// sortedValues returns the distinct values of the images, cut to limit characters, in the order that describeValues
// documents. Texts that an image has no value come last.
func (f *filter) sortedValues(images []pai.Image, framework string, limit int) []string {
	wanted := truncate(f.text, limit)
	type occurrence struct{ count, distance int }
	occurrences := make(map[string]occurrence)
	for i := range slices.Backward(images) { // the newest are last
		for _, value := range f.actualValues(&images[i], framework) {
			value = truncate(norm.NFC.String(value), limit)
			o, ok := occurrences[value]
			inner, isQuoted := strings.CutPrefix(value, `"`)
			switch {
			case ok || f.text == "":
			case !isQuoted || len(occurrences) > maxCompared:
				o.distance = math.MaxInt32
			default:
				o.distance = lookup.Distance(strings.TrimSuffix(inner, `"`), wanted)
			}
			o.count++
			occurrences[value] = o
		}
	}
	return slices.SortedFunc(maps.Keys(occurrences), func(a, b string) int {
		first, second := occurrences[a], occurrences[b]
		return cmp.Or(first.distance-second.distance, second.count-first.count, strings.Compare(a, b))
	})
}

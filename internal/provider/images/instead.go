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

// The functions of this file return what an image has in place of a match: in HCL if an argument exists for it, and in
// words if not. An image can have several labels with a key, so each returns several texts. Values are quoted, so that
// control characters in them don't reach the terminal.

// maxInstead limits how many of these texts a diagnostic lists for one filter.
const maxInstead = 4

func insteadOfAttribute(name string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		value := attributeByName(name).value(image)
		if value.IsNull() {
			return []string{"no " + name}
		}
		return []string{name + " = " + value.String()}
	}
}

func insteadOfLabel(key string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "label "+key, func(label, value string) (string, bool) {
			return fmt.Sprintf("label %s = %s", label, value), label == key
		})
	}
}

func insteadOfChipType(image *pai.Image, _ string) []string {
	return describeLabels(image, "label "+pai.LabelChipType, func(label, value string) (string, bool) {
		return "chip_type = " + value, label == pai.LabelChipType
	})
}

// insteadOfFramework omits versions, or the many versions of one framework would exceed maxInstead. Only the wanted
// framework has its version: if it is removed, version compares the tag's.
func insteadOfFramework(wanted string) func(*pai.Image, string) []string {
	return func(image *pai.Image, _ string) []string {
		return describeLabels(image, "framework", func(label, version string) (string, bool) {
			framework, ok := strings.CutPrefix(label, pai.LabelFrameworkPrefix)
			if framework == wanted {
				return fmt.Sprintf("framework = %q in version %s", framework, version), ok
			}
			return fmt.Sprintf("framework = %q", framework), ok
		})
	}
}

func insteadOfVersion(image *pai.Image, framework string) []string {
	of := ""
	if framework != "" {
		of = " of " + framework
	}
	if version := selection.VersionOf(image, framework); version != nil {
		return []string{fmt.Sprintf("version %s%s", version.Original(), of)}
	}
	return []string{"no version" + of}
}

// describeLabels returns the description of each label that describe accepts, given its key and quoted value. If it
// accepts none, it returns "no " and the kind of the labels.
func describeLabels(image *pai.Image, kind string, describe func(key, value string) (string, bool)) []string {
	var texts []string
	for _, label := range image.Labels {
		if label.Key == nil {
			continue
		}
		text, ok := describe(*label.Key, types.StringPointerValue(label.Value).String())
		if ok && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if texts == nil {
		return []string{"no " + kind}
	}
	return texts
}

// alternatives returns what images have in place of a match, as a sentence with a space before it. Texts that differ
// from the filter only in case come first, then those of most images. It is empty if only the API can evaluate the
// filter.
func (f *filter) alternatives(images []pai.Image, framework string) string {
	if f.instead == nil {
		return ""
	}
	occurrences := make(map[string]int)
	for i := range images {
		for _, text := range f.instead(&images[i], framework) {
			occurrences[truncate(text)]++
		}
	}
	differsInCase := func(text string) int {
		if strings.EqualFold(text, f.hcl) && text != f.hcl {
			return 1
		}
		return 0
	}
	texts := slices.SortedFunc(maps.Keys(occurrences), func(a, b string) int {
		return cmp.Or(differsInCase(b)-differsInCase(a), occurrences[b]-occurrences[a], cmp.Compare(a, b))
	})
	if more := len(texts) - maxInstead; more > 0 {
		texts = append(texts[:maxInstead], fmt.Sprintf("and %d more", more))
	}
	sentence, have := "", "They have"
	if len(images) == 1 {
		have = "It has"
	}
	others := slices.IndexFunc(texts, func(text string) bool { return differsInCase(text) == 0 })
	if others != 0 {
		others = cmp.Or(max(others, 0), len(texts))
		sentence, have = " These differ only in case: "+strings.Join(texts[:others], ", ")+".", "Others have"
		texts = texts[others:]
	}
	if len(texts) > 0 {
		sentence += fmt.Sprintf(" %s: %s.", have, strings.Join(texts, ", "))
	}
	return sentence
}

package images

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// has says what an image has in the place of a condition, each thing once, and as it could be written in HCL where that can be. An image
// may have several labels of a key, hence several things. What whoever added the image wrote is quoted, so that no terminal obeys it.
type has func(*pai.Image) []string

func hasAttribute(name string) has {
	attribute := attributeNamed(name)
	return func(image *pai.Image) []string {
		value := attribute.value(image)
		if value.IsNull() {
			return []string{"no " + name}
		}
		return []string{name + " = " + value.String()}
	}
}

func hasLabel(key string) has {
	return hasLabels("label "+key, func(label, value string) (string, bool) {
		return fmt.Sprintf("the label %s = %s", label, value), label == key
	})
}

func hasChipType(image *pai.Image) []string {
	return hasLabels("label "+pai.LabelChipType, func(label, value string) (string, bool) {
		return "chip_type = " + value, label == pai.LabelChipType
	})(image)
}

// hasFramework names frameworks without their versions, of which one framework has so many that the others would be pushed out. The one that
// was asked for has its version: without framework, version is that of the tag.
func hasFramework(asked string) has {
	return hasLabels("framework", func(label, version string) (string, bool) {
		framework, is := strings.CutPrefix(label, pai.LabelFrameworkPrefix)
		if framework == asked {
			return fmt.Sprintf("framework = %q in version %s", framework, version), is
		}
		return fmt.Sprintf("framework = %q", framework), is
	})
}

// hasLabels tells labels by key and quoted value, and which of them are meant.
func hasLabels(named string, tell func(label, value string) (string, bool)) has {
	return func(image *pai.Image) []string {
		var told []string
		for _, label := range image.Labels {
			if label.Key == nil {
				continue
			}
			if text, is := tell(*label.Key, types.StringPointerValue(label.Value).String()); is && !slices.Contains(told, text) {
				told = append(told, text)
			}
		}
		if told == nil {
			return []string{"no " + named}
		}
		return told
	}
}

func hasVersion(framework string) has {
	return func(image *pai.Image) []string {
		of := ""
		if framework != "" {
			of = " of " + framework
		}
		if version := selection.VersionOf(image, framework); version != nil {
			return []string{fmt.Sprintf("version %s%s", version.Original(), of)}
		}
		return []string{"no version" + of}
	}
}

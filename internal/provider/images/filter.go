package images

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// filter is a filter argument, or one element of such an argument, for example one label of the argument labels.
type filter struct {
	argument string    // name of the argument
	path     path.Path // path of the argument or the element
	value    string    // value of the filter in HCL, with one element: ["dlc"]
	whole    string    // value of the argument in HCL, with all elements: ["dlc", "eas"]
	text     string    // text that values of images can be near to; empty for other values, such as patterns

	parameter string                           // request parameter of the filter; empty if request is nil
	request   func(*paiclient.ListImagesInput) // adds the filter to a request; nil if the API can't evaluate the filter
	match     check                            // nil if only the API can evaluate the filter
	recheck   check                            // pai_image also checks listed images with it; nil if the API is enough
	label     string                           // key of the label that the filter evaluates; empty if there is none
	framework string                           // value of the argument framework; empty for other arguments
	trusted   bool                             // every match belongs to PAI or to the configured workspace
	err       error                            // error of an invalid value, which the validator also reports

	// actualValues returns an image's values that diagnostics show beside the filter. Its second parameter is the
	// configured framework, or empty. The field is nil if only the API can evaluate the filter.
	actualValues func(*pai.Image, string) []string

	// note returns sentences about images that the filter excludes, with a space before each. Its second parameter is the
	// configured framework. The field is nil if there is nothing to add.
	note func(images []pai.Image, framework string) string
}

// fixedNote returns a function for filter.note that always returns the sentence.
func fixedNote(sentence string) func([]pai.Image, string) string {
	return func([]pai.Image, string) string { return " " + sentence }
}

// hcl returns the filter in HCL: supported_by = ["dlc"].
func (f *filter) hcl() string { return f.argument + " = " + f.value }

// reference returns the filter in HCL for a sentence. If the argument has more elements than this filter, it returns
// the element and the argument: `"dlc"` from `supported_by`.
func (f *filter) reference() string {
	if f.value == f.whole {
		return "`" + f.hcl() + "`"
	}
	return fmt.Sprintf("`%s` from `%s`", strings.Trim(f.value, "[]{} "), f.argument)
}

// check reports whether an image matches. framework is the configured framework, or empty.
type check func(image *pai.Image, framework string) bool

// fieldFilter returns a filter for images whose field equals value, in any Unicode form. attribute is the name of the
// field in the schema.
func fieldFilter(attribute string, field func(*pai.Image) *string, value string) filter {
	return filter{
		text: value,
		match: func(image *pai.Image, _ string) bool {
			actual := field(image)
			return actual != nil && pai.EqualText(*actual, value)
		},
		actualValues: attributeValues(attribute),
	}
}

// equalOrEmpty returns a check that accepts images whose field equals value, or is missing or empty. The API may omit a
// field that it has evaluated.
func equalOrEmpty(field func(*pai.Image) *string, value string) check {
	return func(image *pai.Image, _ string) bool {
		actual := pai.OrEmpty(field(image))
		return actual == "" || actual == value
	}
}

// labelFilter returns a filter for images that have the label.
func labelFilter(key, value string) filter {
	f := filter{
		text:         value,
		parameter:    "Labels",
		request:      func(input *paiclient.ListImagesInput) { input.Labels[key] = value },
		match:        func(image *pai.Image, _ string) bool { return selection.HasLabel(image, key, value) },
		actualValues: labelValues(key),
		label:        key,
	}
	f.trusted = key == pai.LabelOfficial && value == "true"
	return f
}

// isContradicted reports whether the image has labels, but not the one that the API should have filtered by.
func (f *filter) isContradicted(image *pai.Image) bool {
	return f.request != nil && f.label != "" && image.Labels != nil && !f.match(image, "")
}

// filters are the filters of a data source. An image must match all filters.
type filters []filter

// listInput returns a request with all filters that the API can evaluate.
func (fs filters) listInput() paiclient.ListImagesInput {
	input := paiclient.ListImagesInput{Labels: make(map[string]string), Verbose: true}
	for _, f := range fs {
		if f.request != nil {
			f.request(&input)
		}
	}
	return input
}

// framework returns the configured framework, whose label has the version of an image. It returns "" if the version is
// in the tag.
func (fs filters) framework() string {
	for _, f := range fs {
		if f.framework != "" {
			return f.framework
		}
	}
	return ""
}

// hasArgument reports whether the argument is set.
func (fs filters) hasArgument(argument string) bool {
	return slices.ContainsFunc(fs, func(f filter) bool { return f.argument == argument })
}

// hasLabel reports whether a filter evaluates the label with the key.
func (fs filters) hasLabel(key string) bool {
	return slices.ContainsFunc(fs, func(f filter) bool { return f.label == key })
}

// withoutFilter returns all filters except the i-th.
func (fs filters) withoutFilter(i int) filters {
	return slices.Delete(slices.Clone(fs), i, i+1)
}

// addErrors adds the errors of invalid filters to diags.
func (fs filters) addErrors(diags *diag.Diagnostics) {
	for _, f := range fs {
		if f.err != nil {
			diags.AddAttributeError(f.path, "Invalid filter", f.err.Error())
		}
	}
}

// parameterPath returns the path of the argument that sets the request parameter, and whether there is such an
// argument.
func (fs filters) parameterPath(parameter string) (path.Path, bool) {
	for _, f := range fs {
		if f.parameter == parameter {
			return path.Root(f.argument), true
		}
	}
	return path.Empty(), false
}

// apply returns the images that match all filters that the API can't evaluate, and whose own labels don't contradict a
// filter that the API evaluates.
func (fs filters) apply(images []pai.Image) []pai.Image {
	framework := fs.framework()
	return selection.Filter(images, func(image *pai.Image) bool {
		return !slices.ContainsFunc(fs, func(f filter) bool {
			return f.request == nil && !f.match(image, framework) || f.isContradicted(image)
		})
	})
}

// applyStrict returns the images that match all filters that the API can't evaluate and all rechecks. pai_image selects
// a trusted image without a warning, so it must not rely only on the API.
func (fs filters) applyStrict(images []pai.Image) []pai.Image {
	framework := fs.framework()
	return selection.Filter(fs.apply(images), func(image *pai.Image) bool {
		return !slices.ContainsFunc(fs, func(f filter) bool { return f.recheck != nil && !f.recheck(image, framework) })
	})
}

// trusted reports whether a filter guarantees that every match belongs to PAI or to the configured workspace.
func (fs filters) trusted() bool {
	return slices.ContainsFunc(fs, func(f filter) bool { return f.trusted })
}

// hcl returns the filters in HCL, on one line.
func (fs filters) hcl() string {
	texts := make([]string, len(fs))
	for i := range fs {
		texts[i] = fs[i].hcl()
	}
	return strings.Join(texts, ", ")
}

// paragraph returns the filters in HCL as a paragraph of a diagnostic, with one argument per line. It returns "" if
// there are no filters.
func (fs filters) paragraph() string {
	width := 0
	for _, f := range fs {
		width = max(width, len(f.argument))
	}
	text := ""
	for i, f := range fs {
		if i == 0 || fs[i-1].argument != f.argument {
			text += fmt.Sprintf("\n  %-*s = %s", width, f.argument, f.whole)
		}
	}
	if text == "" {
		return ""
	}
	return "\n\nFilters:" + text
}

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

// filter is an argument that narrows the images, or one element of it, such as one label of the argument labels.
type filter struct {
	argument string    // name of the argument
	path     path.Path // of the argument or the element
	value    string    // value of the filter in HCL, with one element: ["dlc"]
	whole    string    // value of the argument in HCL, with all elements: ["dlc", "eas"]

	parameter string                            // parameter of the request that request sets; empty if request is nil
	request   func(*paiclient.ListImagesInput)  // adds the filter to the request; nil if the API can't evaluate it
	match     check                             // nil if only the API can evaluate the filter
	confirm   check                             // pai_image checks it on the images that the API returns; may be nil
	instead   func(*pai.Image, string) []string // values of an image in place of a match, given the framework
	label     string                            // key of the label that the filter evaluates; empty if there is none
	framework string                            // value of the argument framework
	trusted   bool                              // an image that matches belongs to PAI or to a named workspace
	err       error                             // of an invalid value, which the argument's validator also reports
}

// hcl returns the filter in HCL: supported_by = ["dlc"].
func (f *filter) hcl() string { return f.argument + " = " + f.value }

// reference returns the filter in HCL for a sentence. If the argument has other elements, too, it is an element and the
// argument: `"dlc"` from `supported_by`.
func (f *filter) reference() string {
	if f.value == f.whole {
		return "`" + f.hcl() + "`"
	}
	return fmt.Sprintf("`%s` from `%s`", strings.Trim(f.value, "[]{} "), f.argument)
}

// check reports whether an image matches. The framework is the argument's value, or empty.
type check func(image *pai.Image, framework string) bool

// fieldFilter returns a filter for images whose field, the attribute of that name, has the value.
func fieldFilter(attribute string, field func(*pai.Image) *string, value string) filter {
	return filter{
		match: func(image *pai.Image, _ string) bool {
			actual := field(image)
			return actual != nil && *actual == value
		},
		instead: insteadOfAttribute(attribute),
	}
}

// doesNotContradict returns a check that rejects images whose field has a value other than the given one. The API may
// omit a field that it evaluates, so a missing or empty field is accepted.
func doesNotContradict(field func(*pai.Image) *string, value string) check {
	return func(image *pai.Image, _ string) bool {
		actual := field(image)
		return actual == nil || *actual == "" || *actual == value
	}
}

// labelFilter returns a filter for images that have the label.
func labelFilter(key, value string) filter {
	f := filter{
		parameter: "Labels",
		request:   func(input *paiclient.ListImagesInput) { input.Labels[key] = value },
		match:     func(image *pai.Image, _ string) bool { return selection.HasLabel(image, key, value) },
		instead:   insteadOfLabel(key),
		label:     key,
	}
	if key == pai.LabelOfficial && value == "true" {
		f.trusted = true
		f.confirm = func(image *pai.Image, _ string) bool {
			return image.Labels == nil || selection.HasLabel(image, key, value)
		}
	}
	return f
}

// filters are the filters of a data source. An image must match all of them.
type filters []filter

// listInput returns the request with all filters that the API can evaluate.
func (fs filters) listInput() paiclient.ListImagesInput {
	input := paiclient.ListImagesInput{Labels: make(map[string]string), Verbose: true}
	for _, f := range fs {
		if f.request != nil {
			f.request(&input)
		}
	}
	return input
}

// framework returns the framework whose version counts. It is empty if the version of the tag counts.
func (fs filters) framework() string {
	for _, f := range fs {
		if f.framework != "" {
			return f.framework
		}
	}
	return ""
}

// contain reports whether the argument is set.
func (fs filters) contain(argument string) bool {
	return slices.ContainsFunc(fs, func(f filter) bool { return f.argument == argument })
}

// withoutFilter returns the filters except the i-th.
func (fs filters) withoutFilter(i int) filters {
	return slices.Delete(slices.Clone(fs), i, i+1)
}

// addErrors reports the errors of filters.
func (fs filters) addErrors(diags *diag.Diagnostics) {
	for _, f := range fs {
		if f.err != nil {
			diags.AddAttributeError(f.path, "Invalid filter", f.err.Error())
		}
	}
}

// parameterPath returns the path of an argument that sets the parameter of the request. It returns false if there is
// none.
func (fs filters) parameterPath(parameter string) (path.Path, bool) {
	for _, f := range fs {
		if f.parameter == parameter {
			return path.Root(f.argument), true
		}
	}
	return path.Empty(), false
}

// apply returns the images that match the filters that the API can't evaluate.
func (fs filters) apply(images []pai.Image) []pai.Image {
	framework := fs.framework()
	return selection.Filter(images, func(image *pai.Image) bool {
		return !slices.ContainsFunc(fs, func(f filter) bool { return f.request == nil && !f.match(image, framework) })
	})
}

// applyInFull returns the images of apply that also match what pai_image checks on the images that the API returns. A
// selection among trusted images causes no warning, so pai_image doesn't rely on the API alone.
func (fs filters) applyInFull(images []pai.Image) []pai.Image {
	framework := fs.framework()
	return selection.Filter(fs.apply(images), func(image *pai.Image) bool {
		return !slices.ContainsFunc(fs, func(f filter) bool { return f.confirm != nil && !f.confirm(image, framework) })
	})
}

// trusted reports whether all matching images belong to PAI or to a named workspace.
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

// paragraph returns the filters in HCL as a paragraph of a diagnostic, with one argument on each line. It is empty if
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

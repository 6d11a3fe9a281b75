package images

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// checkDuplicateLabels adds an error for each key in the argument labels that another argument also filters. A request
// can contain only one filter for each key.
func checkDuplicateLabels(ctx context.Context, config tfsdk.Config, fs filters, diags *diag.Diagnostics) {
	arguments := make(map[string]string) // names of arguments by key of the label
	for _, f := range fs {
		if f.label != "" && f.argument != "labels" {
			arguments[f.label] = f.argument
		}
	}
	for key := range lookup.Argument[types.Map](ctx, config, "labels", diags).Elements() {
		if argument, ok := arguments[key]; ok {
			diags.AddAttributeError(path.Root("labels").AtMapKey(key), "Duplicate label filter", fmt.Sprintf(
				"The argument `%s` already filters the label %s. Remove one of the two.", argument, hcltext.Quote(key)))
		}
	}
}

// checkLabelsNotNeeded adds an error if the provider needs labels to evaluate an argument. It is called if verbose is
// false, because the lookup then omits labels.
func (c *imagesConfig) checkLabelsNotNeeded(diags *diag.Diagnostics) {
	var needed []string
	for _, f := range c.filters {
		switch {
		case f.request == nil && f.label != "":
			needed = append(needed, "`"+f.hcl()+"`")
		case f.argument == "version" && c.filters.framework() != "":
			needed = append(needed, "the `version` of a `framework`")
		}
	}
	if c.sortBy.ValueString() == sortByVersion && c.filters.framework() != "" {
		needed = append(needed, fmt.Sprintf("`sort_by = %q` with a `framework`", sortByVersion))
	}
	if len(needed) > 0 {
		diags.AddAttributeError(path.Root("verbose"), "Conflicting arguments", fmt.Sprintf(
			"The provider needs the labels of the images to evaluate %s, but `verbose = false` omits them. Remove "+
				"`verbose`, or set `verbose = true`.",
			strings.Join(needed, " and ")))
	}
}

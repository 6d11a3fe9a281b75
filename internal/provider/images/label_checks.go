package images

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// checkDuplicateLabels reports keys of labels that another argument filters, too: the request can contain only one of
// the two filters.
func checkDuplicateLabels(ctx context.Context, config tfsdk.Config, fs filters, diags *diag.Diagnostics) {
	arguments := make(map[string]string) // by key
	for _, f := range fs {
		if f.label != "" && f.argument != "labels" {
			arguments[f.label] = f.argument
		}
	}
	for key := range lookup.Argument[types.Map](ctx, config, "labels", diags).Elements() {
		if argument, ok := arguments[key]; ok {
			diags.AddAttributeError(path.Root("labels").AtMapKey(key), "Duplicate label filter", fmt.Sprintf(
				"The argument `%s` already filters the label `%s`. Remove one of the two.", argument, key))
		}
	}
}

// checkLabelsNotNeeded reports filters that the provider evaluates on labels, which verbose = false omits.
func checkLabelsNotNeeded(fs filters, diags *diag.Diagnostics) {
	var needed []string
	for _, f := range fs {
		switch {
		case f.request == nil && f.label != "":
			needed = append(needed, "`"+f.hcl()+"`")
		case f.argument == "version" && fs.framework() != "":
			needed = append(needed, "`version` with `framework`")
		}
	}
	if len(needed) > 0 {
		diags.AddAttributeError(path.Root("verbose"), "Conflicting arguments", fmt.Sprintf(
			"The provider needs the labels of the images to evaluate %s, but `verbose = false` omits them. Remove "+
				"`verbose`, or set `verbose = true`.",
			strings.Join(needed, " and ")))
	}
}

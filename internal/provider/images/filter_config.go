package images

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// readFilters returns the filters of a configuration. It skips unknown arguments and unknown elements.
func readFilters(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) filters {
	var fs filters
	for _, argument := range filterArguments {
		value := lookup.Argument[attr.Value](ctx, config, argument.name, diags)
		if value == nil || !lookup.IsSet(value) {
			continue
		}
		for _, f := range argument.filters(value) {
			f.argument, f.whole = argument.name, lookup.FormatHCL(value)
			if f.value == "" {
				f.value = f.whole
			}
			if len(f.path.Steps()) == 0 {
				f.path = path.Root(argument.name)
			}
			fs = append(fs, f)
		}
	}
	return fs
}

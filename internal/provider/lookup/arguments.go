package lookup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// IsSet reports whether the argument has a known value.
func IsSet(argument attr.Value) bool { return !argument.IsNull() && !argument.IsUnknown() }

// Argument returns the value of an argument of a data source. It adds errors of the framework to diags.
func Argument[T attr.Value](ctx context.Context, config tfsdk.Config, name string, diags *diag.Diagnostics) T {
	var value T
	diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
	return value
}

// WriteState writes the arguments of a block and the results to the state. It never replaces a configured value by a
// result.
func WriteState(
	ctx context.Context, config tfsdk.Config, results map[string]attr.Value, state *tfsdk.State,
) diag.Diagnostics {
	var block types.Object
	diags := config.Get(ctx, &block)
	if diags.HasError() {
		return diags
	}
	values := block.Attributes()
	for name, value := range results {
		if values[name].IsNull() {
			values[name] = value
		}
	}
	object, objectDiags := types.ObjectValue(block.AttributeTypes(ctx), values)
	diags.Append(objectDiags...)
	if !diags.HasError() {
		diags.Append(state.Set(ctx, object)...)
	}
	return diags
}

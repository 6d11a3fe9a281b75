package lookup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// IsSet says that the user gave the argument a value that is known.
func IsSet(argument attr.Value) bool { return !argument.IsNull() && !argument.IsUnknown() }

// SetIn says of an argument by its name whether the user set it.
func SetIn(ctx context.Context, config tfsdk.Config) func(argument string) bool {
	return func(argument string) bool {
		var value attr.Value
		diags := config.GetAttribute(ctx, path.Root(argument), &value)
		return !diags.HasError() && IsSet(value)
	}
}

// ReadArguments reads a block's arguments into a model, which has no members for results: those are only in state.
func ReadArguments(ctx context.Context, config tfsdk.Config, model any) diag.Diagnostics {
	block, diags := wholeBlock(ctx, config)
	if diags.HasError() {
		return diags
	}
	valueTypes, values := block.AttributeTypes(ctx), block.Attributes()
	for name, attribute := range config.Schema.GetAttributes() {
		if attribute.IsComputed() && !attribute.IsOptional() {
			delete(valueTypes, name)
			delete(values, name)
		}
	}
	arguments, made := types.ObjectValue(valueTypes, values)
	diags.Append(made...)
	if !diags.HasError() {
		diags.Append(arguments.As(ctx, model, basetypes.ObjectAsOptions{})...)
	}
	return diags
}

// WriteState makes state of a block's arguments and the results.
func WriteState(ctx context.Context, config tfsdk.Config, results map[string]attr.Value, state *tfsdk.State) diag.Diagnostics {
	block, diags := wholeBlock(ctx, config)
	if diags.HasError() {
		return diags
	}
	values := block.Attributes()
	for name, value := range results {
		if value.IsNull() && !values[name].IsNull() {
			continue // what was asked for stands where the service left it out
		}
		values[name] = value
	}
	filled, made := types.ObjectValue(block.AttributeTypes(ctx), values)
	diags.Append(made...)
	if !diags.HasError() {
		diags.Append(state.Set(ctx, filled)...)
	}
	return diags
}

func wholeBlock(ctx context.Context, config tfsdk.Config) (types.Object, diag.Diagnostics) {
	var block types.Object
	diags := config.Get(ctx, &block)
	return block, diags
}

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

// IsSet reports whether the argument has a known value.
func IsSet(argument attr.Value) bool { return !argument.IsNull() && !argument.IsUnknown() }

// SetIn returns a function that reports whether the configuration sets an argument.
func SetIn(ctx context.Context, config tfsdk.Config) func(argument string) bool {
	return func(argument string) bool {
		var value attr.Value
		diags := config.GetAttribute(ctx, path.Root(argument), &value)
		return !diags.HasError() && IsSet(value)
	}
}

// ReadArguments reads the arguments of a block into a model. The model has no fields for computed attributes.
func ReadArguments(ctx context.Context, config tfsdk.Config, model any) diag.Diagnostics {
	block, diags := readBlock(ctx, config)
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
	arguments, objectDiags := types.ObjectValue(valueTypes, values)
	diags.Append(objectDiags...)
	if !diags.HasError() {
		diags.Append(arguments.As(ctx, model, basetypes.ObjectAsOptions{})...)
	}
	return diags
}

// WriteState writes the arguments of a block and the results to the state. If the result for an argument is null, the
// state keeps the configured value.
func WriteState(
	ctx context.Context, config tfsdk.Config, results map[string]attr.Value, state *tfsdk.State,
) diag.Diagnostics {
	block, diags := readBlock(ctx, config)
	if diags.HasError() {
		return diags
	}
	values := block.Attributes()
	for name, value := range results {
		if !value.IsNull() || values[name].IsNull() {
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

func readBlock(ctx context.Context, config tfsdk.Config) (types.Object, diag.Diagnostics) {
	var block types.Object
	diags := config.Get(ctx, &block)
	return block, diags
}

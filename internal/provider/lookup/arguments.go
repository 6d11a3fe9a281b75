package lookup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// IsSet reports whether the argument has a known value.
func IsSet(argument attr.Value) bool { return !argument.IsNull() && !argument.IsUnknown() }

// Argument returns the value of an argument of a data source, with normalized strings. It adds errors of the framework
// to diags.
func Argument[T attr.Value](ctx context.Context, config tfsdk.Config, name string, diags *diag.Diagnostics) T {
	var value T
	diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
	if normalized, ok := normalize(ctx, value).(T); ok {
		return normalized
	}
	return value
}

// normalize applies validate.Normalize to a string, to the elements of a collection and to the keys of a map.
func normalize(ctx context.Context, value attr.Value) attr.Value {
	switch v := value.(type) {
	case types.String:
		if IsSet(v) {
			return types.StringValue(validate.Normalize(v.ValueString()))
		}
	case types.Set:
		if IsSet(v) {
			elements := v.Elements()
			for i := range elements {
				elements[i] = normalize(ctx, elements[i])
			}
			return types.SetValueMust(v.ElementType(ctx), elements)
		}
	case types.Map:
		if IsSet(v) {
			elements := make(map[string]attr.Value)
			for key, element := range v.Elements() {
				elements[validate.Normalize(key)] = normalize(ctx, element)
			}
			return types.MapValueMust(v.ElementType(ctx), elements)
		}
	case timeouts.Value:
		if IsSet(v) {
			attributes := v.Attributes()
			for name := range attributes {
				attributes[name] = normalize(ctx, attributes[name])
			}
			return timeouts.Value{Object: types.ObjectValueMust(v.AttributeTypes(ctx), attributes)}
		}
	}
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

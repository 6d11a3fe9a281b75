package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// labelCondition is a label that an argument other than labels stands for.
type labelCondition struct {
	key, value string
	argument   string
}

// labelConditions are those that the API is asked for in the place of these arguments. Null and unknown ones add none.
func (a *imageArguments) labelConditions(ctx context.Context, diags *diag.Diagnostics) []labelCondition {
	var conditions []labelCondition
	if a.Official.ValueBool() {
		conditions = append(conditions, labelCondition{selection.LabelOfficial, "true", "official"})
	}
	if !a.SupportedBy.IsNull() && !a.SupportedBy.IsUnknown() {
		var supported []types.String
		diags.Append(a.SupportedBy.ElementsAs(ctx, &supported, false)...)
		for _, product := range supported {
			if name := product.ValueString(); name != "" {
				conditions = append(conditions, labelCondition{selection.LabelSupportedPrefix + name, "true", "supported_by"})
			}
		}
	}
	if chip := a.ChipType.ValueString(); chip != "" {
		conditions = append(conditions, labelCondition{selection.LabelChipType, chip, "chip_type"})
	}
	if framework := a.Framework.ValueString(); framework != "" {
		conditions = append(conditions,
			labelCondition{selection.LabelFrameworkPrefix + framework, paiclient.AnyValue, "framework"})
	}
	return conditions
}

// checkLabels reports the keys of labels that another argument stands for already: one of the two conditions would be lost.
func (a *imageArguments) checkLabels(ctx context.Context, diags *diag.Diagnostics) {
	taken := make(map[string]string)
	for _, condition := range a.labelConditions(ctx, diags) {
		taken[condition.key] = condition.argument
	}
	if isSet(a.Official) { // false asks the API for nothing, and is still about this label
		taken[selection.LabelOfficial] = "official"
	}
	for key := range a.Labels.Elements() {
		if argument, is := taken[key]; is {
			diags.AddAttributeError(path.Root("labels").AtMapKey(key), "Label asked for twice",
				fmt.Sprintf("The argument %s stands for the label %s already. Leave out one of the two.", argument, key))
		}
	}
}

// checkNeedsLabels reports what can't be decided here without the labels that verbose = false leaves out.
func (a *imageArguments) checkNeedsLabels(diags *diag.Diagnostics) {
	var needing []string
	if isSet(a.Version) && isSet(a.Framework) {
		needing = append(needing, "version with framework")
	}
	if isSet(a.Official) && !a.Official.ValueBool() {
		needing = append(needing, "official = false")
	}
	if len(needing) > 0 {
		diags.AddAttributeError(path.Root("verbose"), "Labels are needed", fmt.Sprintf(
			"verbose = false leaves the labels out, and %s is decided by them. Leave verbose out, or set it to true.",
			strings.Join(needing, " and ")))
	}
}

// isSet says that the user gave the argument a value that is known.
func isSet(argument attr.Value) bool { return !argument.IsNull() && !argument.IsUnknown() }

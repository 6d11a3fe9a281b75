package images

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// labelCondition is a label that an argument other than labels stands for.
type labelCondition struct {
	key, value string
	argument   string
	text       string                // as it could be written in HCL
	has        has                   // what an image has in its place
	drop       func(*imageArguments) // takes the condition out of the arguments
}

// labelConditions are those that the API is asked for in the place of these arguments. Null and unknown ones add none.
func (a *imageArguments) labelConditions(ctx context.Context, diags *diag.Diagnostics) []labelCondition {
	var conditions []labelCondition
	if a.Official.ValueBool() {
		conditions = append(conditions, labelCondition{
			pai.LabelOfficial, "true", "official", "official = true", hasLabel(pai.LabelOfficial),
			func(a *imageArguments) { a.Official = types.BoolNull() },
		})
	}
	for _, product := range a.supportedBy(ctx, diags) {
		conditions = append(conditions, labelCondition{
			pai.LabelSupportedPrefix + product, "true", "supported_by", fmt.Sprintf("supported_by = [%q]", product),
			hasLabel(pai.LabelSupportedPrefix + product),
			func(a *imageArguments) { a.SupportedBy = without(a.SupportedBy, product) },
		})
	}
	if chip := a.ChipType.ValueString(); chip != "" {
		conditions = append(conditions, labelCondition{
			pai.LabelChipType, chip, "chip_type", fmt.Sprintf("chip_type = %q", chip), hasChipType,
			func(a *imageArguments) { a.ChipType = types.StringNull() },
		})
	}
	if framework := a.Framework.ValueString(); framework != "" {
		conditions = append(conditions, labelCondition{
			pai.LabelFrameworkPrefix + framework, pai.AnyValue, "framework", fmt.Sprintf("framework = %q", framework),
			hasFramework(framework),
			func(a *imageArguments) { a.Framework = types.StringNull() },
		})
	}
	return conditions
}

// supportedBy gives the products that are known, in one order whatever the set's.
func (a *imageArguments) supportedBy(ctx context.Context, diags *diag.Diagnostics) []string {
	if !lookup.IsSet(a.SupportedBy) {
		return nil
	}
	var elements []types.String
	diags.Append(a.SupportedBy.ElementsAs(ctx, &elements, false)...)
	var names []string
	for _, element := range elements {
		if name := element.ValueString(); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// without is a set of texts that lacks one of them.
func without(set types.Set, text string) types.Set {
	left := slices.DeleteFunc(set.Elements(), func(element attr.Value) bool { return element.Equal(types.StringValue(text)) })
	return types.SetValueMust(types.StringType, left)
}

// checkLabels reports the keys of labels that another argument stands for already: one of the two conditions would be lost.
func (a *imageArguments) checkLabels(ctx context.Context, diags *diag.Diagnostics) {
	taken := make(map[string]string)
	for _, condition := range a.labelConditions(ctx, diags) {
		taken[condition.key] = condition.argument
	}
	if lookup.IsSet(a.Official) { // false asks the API for nothing, and is still about this label
		taken[pai.LabelOfficial] = "official"
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
	if lookup.IsSet(a.Version) && lookup.IsSet(a.Framework) {
		needing = append(needing, "version with framework")
	}
	if lookup.IsSet(a.Official) && !a.Official.ValueBool() {
		needing = append(needing, "official = false")
	}
	if len(needing) > 0 {
		diags.AddAttributeError(path.Root("verbose"), "Labels are needed", fmt.Sprintf(
			"verbose = false leaves the labels out, and %s is decided by them. Leave verbose out, or set it to true.",
			strings.Join(needing, " and ")))
	}
}

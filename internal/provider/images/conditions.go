package images

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// condition is one thing that the user asks of an image: an argument, or one member of it.
type condition struct {
	path    path.Path
	text    string             // as it could be written in HCL
	alone   selection.Criteria // this condition and no other; query has none, for only the API can check it
	has     has                // what an image has in its place
	without imageArguments     // the arguments without it
}

// conditions takes the arguments apart. All values are known and valid.
func (a *imageArguments) conditions(ctx context.Context, diags *diag.Diagnostics) []condition {
	here, err := a.criteria()
	if err != nil {
		diags.AddError("Invalid criteria", err.Error())
		return nil
	}
	var all []condition
	add := func(c condition, drop func(*imageArguments)) {
		c.without = *a
		drop(&c.without)
		all = append(all, c)
	}
	type field func(*imageArguments) *types.String
	addText := func(argument string, of field, alone selection.Criteria, has has) {
		if value := of(a); lookup.IsSet(*value) {
			add(condition{path: path.Root(argument), text: fmt.Sprintf("%s = %q", argument, value.ValueString()), alone: alone, has: has},
				func(without *imageArguments) { *of(without) = types.StringNull() })
		}
	}

	addText("name", func(a *imageArguments) *types.String { return &a.Name },
		selection.Criteria{Name: a.Name.ValueString()}, hasAttribute("name"))
	addText("query", func(a *imageArguments) *types.String { return &a.Query }, selection.Criteria{}, nil)
	addText("image_uri", func(a *imageArguments) *types.String { return &a.ImageURI },
		selection.Criteria{ImageURI: a.ImageURI.ValueString()}, hasAttribute("image_uri"))
	addText("workspace_id", func(a *imageArguments) *types.String { return &a.WorkspaceID },
		selection.Criteria{WorkspaceID: a.WorkspaceID.ValueString()}, hasAttribute("workspace_id"))
	addText("accessibility", func(a *imageArguments) *types.String { return &a.Accessibility },
		selection.Criteria{Accessibility: a.Accessibility.ValueString()}, hasAttribute("accessibility"))
	labels := make(map[string]string)
	if !a.Labels.IsNull() {
		diags.Append(a.Labels.ElementsAs(ctx, &labels, false)...)
	}
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		add(condition{
			path: path.Root("labels").AtMapKey(key), text: fmt.Sprintf("labels = { %q = %q }", key, labels[key]),
			alone: selection.Criteria{Labels: map[string]string{key: labels[key]}}, has: hasLabel(key),
		}, func(without *imageArguments) {
			left := without.Labels.Elements()
			delete(left, key)
			without.Labels = types.MapValueMust(types.StringType, left)
		})
	}
	for _, label := range a.labelConditions(ctx, diags) {
		add(condition{
			path: path.Root(label.argument), text: label.text,
			alone: selection.Criteria{Labels: map[string]string{label.key: label.value}}, has: label.has,
		}, label.drop)
	}
	if here.NotOfficial {
		add(condition{
			path: path.Root("official"), text: "official = false",
			alone: selection.Criteria{NotOfficial: true}, has: hasLabel(pai.LabelOfficial),
		}, func(without *imageArguments) { without.Official = types.BoolNull() })
	}
	addText("version", func(a *imageArguments) *types.String { return &a.Version },
		selection.Criteria{Version: here.Version, Framework: here.Framework}, hasVersion(here.Framework))
	addText("name_regex", func(a *imageArguments) *types.String { return &a.NameRegex },
		selection.Criteria{NameRegex: here.NameRegex}, hasAttribute("name"))
	return all
}

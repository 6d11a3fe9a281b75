package images

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
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

// stringFilter returns a function for filterArgument.filters. The function calls newFilter with a string value.
func stringFilter(newFilter func(string) filter) func(attr.Value) []filter {
	return func(value attr.Value) []filter { return []filter{newFilter(value.(types.String).ValueString())} }
}

// regexFilter returns a function for filterArgument.filters. Its filter calls match with the regular expression.
func regexFilter(match func(*regexp.Regexp, *pai.Image) bool) func(attr.Value) []filter {
	return stringFilter(func(value string) filter {
		regex, err := regexp.Compile(value)
		return filter{
			match:        func(image *pai.Image, _ string) bool { return match(regex, image) },
			actualValues: attributeValues("name"),
			err:          err,
		}
	})
}

// filterAttributes returns the schemas of filterArguments by name.
func filterAttributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(filterArguments))
	for _, argument := range filterArguments {
		attributes[argument.name] = argument.attribute
	}
	return attributes
}

package validate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// ImageID returns a validator for IDs of images.
func ImageID() validator.String {
	return String("must be an image ID", func(value string) error {
		return cmp.Or(CheckNotEmpty(value), paiclient.CheckImageID(value))
	})
}

// LabelKey returns a validator for keys of labels.
func LabelKey() validator.String { return String("must be a label key", paiclient.CheckLabelKey) }

// Labels returns the validators for a map of labels.
func Labels() []validator.Map {
	return []validator.Map{
		mapvalidator.NoNullValues(),
		distinctKeysValidator{},
		mapvalidator.KeysAre(LabelKey()),
		mapvalidator.ValueStringsAre(String("must be a label value", paiclient.CheckLabelValue)),
	}
}

// distinctKeysValidator checks that the keys of a map differ in more than the whitespace around them.
type distinctKeysValidator struct{}

// Description implements validator.Map.
func (v distinctKeysValidator) Description(context.Context) string {
	return "keys must differ in more than whitespace"
}

// MarkdownDescription implements validator.Map.
func (v distinctKeysValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateMap implements validator.Map.
func (v distinctKeysValidator) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	first := make(map[string]string) // the first key by normalized key
	for _, key := range slices.Sorted(maps.Keys(req.ConfigValue.Elements())) {
		normalized := Normalize(key)
		if other, ok := first[normalized]; ok {
			resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(key), "Duplicate label filter", fmt.Sprintf(
				"The keys %s and %s differ only in whitespace, which the provider ignores. Remove one of the two.",
				hcltext.Quote(other), hcltext.Quote(key)))
			continue
		}
		first[normalized] = key
	}
}

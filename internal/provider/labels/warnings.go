package labels

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// addEmptyWarnings adds warnings about arguments that no label can match. It is called if the result is empty. listed
// are the labels that the API returned.
func (c *labelsConfig) addEmptyWarnings(diags *diag.Diagnostics, listed []pai.Label) {
	for key, value := range lookup.SortedElements(c.labels.Elements()) {
		advice := "`labels` has no wildcards in keys. To list all keys, remove `labels`."
		switch {
		case strings.Contains(key, "*"):
		case strings.Contains(value, "*") && value != pai.AnyValue:
			advice = fmt.Sprintf("`labels` has no wildcards inside a value. To list all values of this key, set "+
				"`label_keys = [%s]` instead.", hcltext.Quote(key))
		default:
			continue
		}
		lookup.AddWildcardWarning(diags, path.Root("labels").AtMapKey(key), "label", fmt.Sprintf("`%s = %s` from `labels`",
			hcltext.Quote(key), hcltext.Quote(value)), advice)
	}
	for _, key := range lookup.SortedStrings(c.labelKeys.Elements()) {
		at := path.Root("label_keys").AtSetValue(types.StringValue(key))
		reference := "`" + hcltext.Quote(key) + "` from `label_keys`"
		if strings.Contains(key, "*") {
			lookup.AddWildcardWarning(diags, at, "label", reference,
				"`label_keys` has no wildcards such as `*`. To list all keys, remove it.")
		} else if other := keyInOtherCase(key, listed); other != "" {
			diags.AddAttributeWarning(at, "Key differs only in case", fmt.Sprintf(
				"No label matches the filters, which include %s. The key %s differs only in case: use it instead.",
				reference, hcltext.Quote(other)))
		}
	}
}

// keyInOtherCase returns a key that differs from key only in case, or "" if it finds none. It sends no request: it
// compares key with the keys of the listed labels and with two keys that PAI sets.
func keyInOtherCase(key string, listed []pai.Label) string {
	known := []string{pai.LabelOfficial, pai.LabelChipType}
	for _, label := range listed {
		if label.Key != nil {
			known = append(known, *label.Key)
		}
	}
	i := slices.IndexFunc(known, func(other string) bool { return other != key && strings.EqualFold(other, key) })
	if i < 0 {
		return ""
	}
	return known[i]
}

package selection_test

import (
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// TestHasLabelMatchesNaiveImplementation compares whether the catalogue's images have labels.
func TestHasLabelMatchesNaiveImplementation(t *testing.T) {
	t.Parallel()
	images := theCatalogue().images
	counts := make(map[bool]int)
	for _, key := range []string{pai.LabelOfficial, pai.LabelChipType, pai.LabelFrameworkPrefix + torch, ""} {
		for _, value := range []string{"true", "GPU", "2.9.0", "", "*"} {
			for i := range images {
				got, want := selection.HasLabel(&images[i], key, value), naiveHasLabel(&images[i], key, value)
				if got != want {
					t.Errorf("%q = %q: got %t, want %t for %s", key, value, got, want, encode(&images[i]))
				}
				counts[want]++
			}
		}
	}
	for _, hasLabel := range []bool{false, true} {
		if got := counts[hasLabel]; got < catalogueSize {
			t.Errorf("%t: got %d labels, want at least %d", hasLabel, got, catalogueSize)
		}
	}
}

// naiveHasLabel reports whether any label has the key and the value. If the value is "*", only the key must match.
func naiveHasLabel(image *pai.Image, key, value string) bool {
	for _, label := range image.Labels {
		if label.Key == nil || *label.Key != key {
			continue
		}
		if value == "*" || label.Value != nil && *label.Value == value {
			return true
		}
	}
	return false
}

package pai_test

import (
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestImageLabel checks that Label returns the value of the last label with the key.
func TestImageLabel(t *testing.T) {
	t.Parallel()
	key, first, second, empty := "k", "1", "2", ""
	label := func(value *string) pai.Label { return pai.Label{Key: &key, Value: value} }
	for name, test := range map[string]struct {
		labels []pai.Label
		want   string
		wantOK bool
	}{
		"no labels":       {nil, "", false},
		"no key":          {[]pai.Label{{Value: &first}}, "", false},
		"two values":      {[]pai.Label{label(&first), label(&second)}, second, true},
		"empty value":     {[]pai.Label{label(&first), label(&empty)}, "", true},
		"last value null": {[]pai.Label{label(&first), label(nil)}, "", false},
	} {
		image := pai.Image{Labels: test.labels}
		if got, ok := image.Label(key); got != test.want || ok != test.wantOK {
			t.Errorf("%s: got %q, %t, want %q, %t", name, got, ok, test.want, test.wantOK)
		}
	}
}

package selection

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	catalogue := func() []pai.Image {
		var images []pai.Image
		for _, name := range []string{"b:2", "a:1", "c:3", "a:2", "b:2"} {
			images = append(images, pai.Image{Name: &name, Labels: labels("name", name)})
		}
		return images
	}
	tests := map[string]struct {
		suffix string
		want   string
	}{
		"all":  {"", "b:2 a:1 c:3 a:2 b:2"},
		"some": {":2", "b:2 a:2 b:2"},
		"none": {":4", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			images := catalogue()
			filtered := Filter(images, func(image *pai.Image) bool { return strings.HasSuffix(*image.Name, test.suffix) })
			names := []string{}
			for _, image := range filtered {
				names = append(names, *image.Name)
			}
			if diff := cmp.Diff(strings.Fields(test.want), names); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			// An append to the result must not change the argument.
			_ = append(filtered, pai.Image{})
			if diff := cmp.Diff(catalogue(), images); diff != "" {
				t.Errorf("the argument changed (-before +after):\n%s", diff)
			}
			if filtered == nil {
				t.Error("got nil, want an empty list")
			}
		})
	}
}

func TestHasLabel(t *testing.T) {
	t.Parallel()
	key, value := "key", "value"
	tests := map[string]struct {
		labels     []pai.Label
		key, value string
		want       bool
	}{
		"equal":                  {labels("key", "value"), "key", "value", true},
		"no labels":              {nil, "key", "value", false},
		"no labels, any value":   {nil, "key", "*", false},
		"another key":            {labels("other", "value"), "key", "value", false},
		"another key, any value": {labels("other", "value"), "key", "*", false},
		"another value":          {labels("key", "values"), "key", "value", false},
		"key in another case":    {labels("Key", "value"), "key", "value", false},
		"value in another case":  {labels("key", "Value"), "key", "value", false},
		"key and value swapped":  {labels("value", "key"), "key", "value", false},
		"of two labels":          {labels("key", "other", "other", "value"), "key", "value", false},
		"first of equal keys":    {labels("key", "value", "key", "other"), "key", "value", true},
		"last of equal keys":     {labels("key", "other", "key", "value"), "key", "value", true},
		"any value":              {labels("key", "value"), "key", "*", true},
		"any value, empty":       {labels("key", ""), "key", "*", true},
		"any value, null":        {[]pai.Label{{Key: &key}}, "key", "*", true},
		"any value, a star":      {labels("key", "*"), "key", "*", true},
		"star is no other value": {labels("key", "*"), "key", "value", false},
		"empty value":            {labels("key", ""), "key", "", true},
		"null is not empty":      {[]pai.Label{{Key: &key}}, "key", "", false},
		"null is no value":       {[]pai.Label{{Key: &key}}, "key", "value", false},
		"null key":               {[]pai.Label{{Value: &value}}, "key", "value", false},
		"null key is not empty":  {[]pai.Label{{Value: &value}}, "", "value", false},
		"empty key":              {labels("", "value"), "", "value", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := HasLabel(&pai.Image{Labels: test.labels}, test.key, test.value); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

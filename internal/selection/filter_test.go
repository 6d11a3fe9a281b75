package selection

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

func TestAllows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		constraint       string
		allowed, refused string // versions at the start of tags
	}{
		{"~> 2.3", "2.3 2.3.1 2.8.0 2.99", "2.2.9 3.0 2.4rc1"},
		{"~> 2.3.0", "2.3 2.3.9", "2.4.0 2.2 2.3.1rc1"},
		{">= 2.0, < 3.0", "2.0 2.0PAI 2.99.9", "1.99 3.0 2.5rc1 3.0rc1 2.0.0rc1"},
		{"= 1.12", "1.12 1.12.0 1.12PAI v1.12.0+cu1", "1.12.1 1.12rc1 1.2"},
		{"1.12", "1.12PAI", "1.13"},
		{"1.15", "1.15deeprec2106", "1.15.5"},
		{"!= 2.0", "1.9 2.0.1 3.0PAI", "2.0 2.0.0PAI 2.0rc1 1.9rc1 3.0.dev1"},
		{"!= 2.0, != 2.1", "2.2", "2.0 2.1 2.2rc1"},
		{"!= 2.0-rc1", "2.0 1.0", "2.0rc1 2.0rc2"}, // does not match the other pre-releases of 2.0, either
		{" != 2.0", "2.1", "2.1rc1"},
		{"> 1.9", "1.10 2", "1.9 1.8"}, // 1.10 is higher as a number, but lower as text
		{"< 3", "2.99", "3.0 3.0rc1"},
		{"= 0.13.0-rc2.a8ec486.20260305pai", "0.13.0rc2.a8ec486.20260305pai", "0.13.0rc2 0.13.0"},
		{">= 0.13.0-rc1", "0.13.0rc1 0.13.0rc2 0.13.0 0.14.0", "0.13.0alpha 0.14.0rc1 0.12.9"},
		{">= 0.13.0-rc1, != 0.13.0-rc2", "0.13.0rc1 0.13.0rc3 0.13.0", "0.13.0rc2"},
		{"~> 0.13.0-rc1", "0.13.0rc2", "0.13.0 0.13.1rc1"}, // as in Terraform
		{">= 0", "0 99.0.0", "1.0rc1 1.0.dev1 1.0nightly gpu"},
	}
	for _, test := range tests {
		t.Run(test.constraint, func(t *testing.T) {
			t.Parallel()
			check := func(tags string, want bool) {
				for tag := range strings.FieldsSeq(tags) {
					uri := "registry.example.com/pai/x:" + strings.ReplaceAll(tag, "+", "-")
					if got := Allows(constraint(test.constraint), VersionOf(&pai.Image{ImageURI: &uri}, "")); got != want {
						t.Errorf("Allows(%q, %s): got %t, want %t", test.constraint, tag, got, want)
					}
				}
			}
			check(test.allowed, true)
			check(test.refused, false)
		})
	}
	if !Allows(nil, ParseVersion("1.0")) || Allows(nil, nil) {
		t.Error("no constraints must allow every version, and nothing else")
	}
}

func TestVersionOf(t *testing.T) {
	t.Parallel()
	const label = pai.LabelFrameworkPrefix + torch
	tests := map[string]struct {
		framework string
		image     pai.Image
		want      string
	}{
		"tag":             {"", image("", "", "r.example.com/pai/x:2.1-gpu"), "2.1"},
		"no tag":          {"", image("", "", "r.example.com/pai/x"), none},
		"no URI":          {"", pai.Image{Labels: labels(label, "2.1")}, none},
		"not a reference": {"", image("", "", "https://r.example.com/pai/x:2.1"), none},

		"framework":                 {torch, image("", "", "", label, "2.1.0+cu118"), "2.1.0"},
		"framework, build":          {torch, image("", "", "", label, "1.12PAI"), "1.12"},
		"framework, tag is ignored": {torch, image("", "", "r.example.com/pai/x:1.0", label, "2.8.0"), "2.8.0"},
		"no framework label":        {torch, image("", "", "r.example.com/pai/x:2.1"), none},
		"framework in another case": {torch, image("", "", "", "system.framework.pytorch", "2.8.0"), none},
		"framework, last label":     {torch, image("", "", "", label, "1.0", label, "2.0"), "2.0"},
		"framework, last is no version": {
			torch, image("", "", "", label, "2.0", label, "true"), none,
		},
		"framework, pre-release": {torch, image("", "", "", label, "2.0.0-rc1"), "2.0.0-rc1"},
		"framework, null label":  {torch, pai.Image{Labels: []pai.Label{{}}}, none},
		"nothing":                {torch, pai.Image{}, none},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkVersion(t, VersionOf(&test.image, test.framework), test.want)
		})
	}
}

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

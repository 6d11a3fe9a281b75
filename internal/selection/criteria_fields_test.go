package selection

import (
	"testing"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestExactCriteria holds each criterion that is the very text of a field against texts that are close to it. That text
// stands in all other fields, where it is of no use.
func TestExactCriteria(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		asked func(*Criteria) *string
		field func(*pai.Image) **string
	}{
		"name": {
			func(c *Criteria) *string { return &c.Name },
			func(i *pai.Image) **string { return &i.Name },
		},
		"image URI": {
			func(c *Criteria) *string { return &c.ImageURI },
			func(i *pai.Image) **string { return &i.ImageURI },
		},
		"workspace": {
			func(c *Criteria) *string { return &c.WorkspaceID },
			func(i *pai.Image) **string { return &i.WorkspaceID },
		},
		"accessibility": {
			func(c *Criteria) *string { return &c.Accessibility },
			func(i *pai.Image) **string { return &i.Accessibility },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(asked string, has *string, want bool) {
				t.Helper()
				var criteria Criteria
				*test.asked(&criteria) = asked
				image := pai.Image{
					ImageID: &asked, Name: &asked, Description: &asked, ImageURI: &asked, Accessibility: &asked, WorkspaceID: &asked,
					UserID: &asked, ParentUserID: &asked, SourceType: &asked, SourceID: &asked, Labels: labels(asked, asked),
				}
				*test.field(&image) = has
				if got := criteria.MetBy(&image); got != want {
					t.Errorf("%q meets %q: %t, want %t", textOf(has), asked, got, want)
				}
			}
			text, empty := "PAI", ""
			check("PAI", &text, true)
			for _, near := range []string{"pai", "PA", "PAI ", " PAI", "PAI2", "XPAI", "P.I", "*"} {
				check(near, &text, false)
				check("PAI", &near, false)
			}
			check("PAI", &empty, false)
			check("PAI", nil, false)
			check("", &text, true)
			check("", &empty, true)
			check("", nil, true)
		})
	}
}

func TestLabelCriteria(t *testing.T) {
	t.Parallel()
	image := pai.Image{Labels: labels("chip", "GPU", "python", "3.12", "chip", "CPU", "empty", "")}
	tests := map[string]struct {
		labels []string
		want   bool
	}{
		"none":                     {nil, true},
		"one":                      {[]string{"chip", "GPU"}, true},
		"all":                      {[]string{"chip", "CPU", "python", "3.12", "empty", "*"}, true},
		"one isn't there":          {[]string{"chip", "CPU", "python", "3.11"}, false},
		"the other isn't there":    {[]string{"chip", "XPU", "python", "3.12"}, false},
		"one is on no image":       {[]string{"chip", "CPU", "java", "*"}, false},
		"nothing asked of a value": {[]string{"empty", ""}, true},
		"an empty value is one":    {[]string{"chip", ""}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			criteria := Criteria{Labels: make(map[string]string)}
			for _, label := range labels(test.labels...) {
				criteria.Labels[*label.Key] = *label.Value
			}
			if got := criteria.MetBy(&image); got != test.want {
				t.Errorf("met: %t, want %t", got, test.want)
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
		"there":                  {labels("key", "value"), "key", "value", true},
		"no labels":              {nil, "key", "value", false},
		"no labels, any value":   {nil, "key", "*", false},
		"another key":            {labels("other", "value"), "key", "value", false},
		"another key, any value": {labels("other", "value"), "key", "*", false},
		"another value":          {labels("key", "values"), "key", "value", false},
		"key in another case":    {labels("Key", "value"), "key", "value", false},
		"value in another case":  {labels("key", "Value"), "key", "value", false},
		"key and value crossed":  {labels("value", "key"), "key", "value", false},
		"of two labels":          {labels("key", "other", "other", "value"), "key", "value", false},
		"first of equal keys":    {labels("key", "value", "key", "other"), "key", "value", true},
		"last of equal keys":     {labels("key", "other", "key", "value"), "key", "value", true},
		"any value":              {labels("key", "value"), "key", "*", true},
		"any value, empty":       {labels("key", ""), "key", "*", true},
		"any value, null":        {[]pai.Label{{Key: &key}}, "key", "*", true},
		"any value, a star":      {labels("key", "*"), "key", "*", true},
		"a star is no value":     {labels("key", "*"), "key", "value", false},
		"empty value":            {labels("key", ""), "key", "", true},
		"null is not empty":      {[]pai.Label{{Key: &key}}, "key", "", false},
		"null is no value":       {[]pai.Label{{Key: &key}}, "key", "value", false},
		"no key":                 {[]pai.Label{{Value: &value}}, "key", "value", false},
		"no key is not empty":    {[]pai.Label{{Value: &value}}, "", "value", false},
		"empty key":              {labels("", "value"), "", "value", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := HasLabel(&pai.Image{Labels: test.labels}, test.key, test.value); got != test.want {
				t.Errorf("label: %t, want %t", got, test.want)
			}
		})
	}
}

// TestNoImage shows that no image is no match, and no mishap.
func TestNoImage(t *testing.T) {
	t.Parallel()
	if (Criteria{}).MetBy(nil) || HasLabel(nil, "key", pai.AnyValue) || VersionOf(nil, "") != nil || VersionOf(nil, torch) != nil {
		t.Error("no image meets criteria, has a label or a version")
	}
	var empty pai.Image
	if !(Criteria{Version: version.Constraints{}, Labels: map[string]string{}}).MetBy(&empty) {
		t.Error("an image without anything doesn't meet criteria that ask for nothing")
	}
	if got := Filter(nil, Criteria{}); got == nil || len(got) > 0 {
		t.Errorf("of no images, the filter leaves %v, want an empty list", got)
	}
}

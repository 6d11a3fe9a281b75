package selection

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

func TestVersionConstraints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		constraint string
		met, unmet string // versions as tags have them
	}{
		{"~> 2.3", "2.3 2.3.1 2.8.0 2.99", "2.2.9 3.0 2.4rc1"},
		{"~> 2.3.0", "2.3 2.3.9", "2.4.0 2.2 2.3.1rc1"},
		{">= 2.0, < 3.0", "2.0 2.0PAI 2.99.9", "1.99 3.0 2.5rc1 3.0rc1 2.0.0rc1"},
		{"= 1.12", "1.12 1.12.0 1.12PAI v1.12.0+cu1", "1.12.1 1.12rc1 1.2"},
		{"1.12", "1.12PAI", "1.13"},
		{"1.15", "1.15deeprec2106", "1.15.5"},
		{"!= 2.0", "1.9 2.0.1 3.0PAI", "2.0 2.0.0PAI 2.0rc1 1.9rc1 3.0.dev1"},
		{"!= 2.0, != 2.1", "2.2", "2.0 2.1 2.2rc1"},
		{"!= 2.0-rc1", "2.0 1.0", "2.0rc1 2.0rc2"}, // what shuts out one pre-release asks for no other
		{" != 2.0", "2.1", "2.1rc1"},
		{"> 1.9", "1.10 2", "1.9 1.8"}, // by number, not by text
		{"< 3", "2.99", "3.0 3.0rc1"},
		{"= 0.13.0-rc2.a8ec486.20260305pai", "0.13.0rc2.a8ec486.20260305pai", "0.13.0rc2 0.13.0"},
		{">= 0.13.0-rc1", "0.13.0rc1 0.13.0rc2 0.13.0 0.14.0", "0.13.0alpha 0.14.0rc1 0.12.9"},
		{">= 0.13.0-rc1, != 0.13.0-rc2", "0.13.0rc1 0.13.0rc3 0.13.0", "0.13.0rc2"},
		{"~> 0.13.0-rc1", "0.13.0rc2", "0.13.0 0.13.1rc1"}, // the library's, and so Terraform's own, reading
		{">= 0", "0 99.0.0", "1.0rc1 1.0.dev1 1.0nightly gpu"},
	}
	for _, test := range tests {
		t.Run(test.constraint, func(t *testing.T) {
			t.Parallel()
			criteria := Criteria{Version: constraint(test.constraint)}
			check := func(tags string, want bool) {
				for tag := range strings.FieldsSeq(tags) {
					uri := "registry.example.com/pai/x:" + strings.ReplaceAll(tag, "+", "-")
					if got := criteria.MetBy(&pai.Image{ImageURI: &uri}); got != want {
						t.Errorf("%s meets %q: %t, want %t", tag, test.constraint, got, want)
					}
				}
			}
			check(test.met, true)
			check(test.unmet, false)
		})
	}
}

func TestMetBy(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	any2 := constraint(">= 2")
	torch := Criteria{Version: any2, Framework: "PyTorch"}
	tests := map[string]struct {
		criteria Criteria
		image    pai.Image
		want     bool
	}{
		"nothing asked, nothing there": {Criteria{}, pai.Image{}, true},

		"not official, no labels":     {Criteria{NotOfficial: true}, pai.Image{}, true},
		"not official, other labels":  {Criteria{NotOfficial: true}, pai.Image{Labels: labels("system.origin", "PAI")}, true},
		"not official, false":         {Criteria{NotOfficial: true}, pai.Image{Labels: labels(pai.LabelOfficial, "false")}, true},
		"not official, true":          {Criteria{NotOfficial: true}, pai.Image{Labels: labels(pai.LabelOfficial, "true")}, false},
		"not official, TRUE":          {Criteria{NotOfficial: true}, pai.Image{Labels: labels(pai.LabelOfficial, "TRUE")}, true},
		"not official, label is null": {Criteria{NotOfficial: true}, pai.Image{Labels: []pai.Label{{Key: text(pai.LabelOfficial)}}}, true},
		"not official, first is true": {Criteria{NotOfficial: true}, pai.Image{Labels: labels(pai.LabelOfficial, "true", pai.LabelOfficial, "false")}, false},
		"not official, last is true":  {Criteria{NotOfficial: true}, pai.Image{Labels: labels(pai.LabelOfficial, "false", pai.LabelOfficial, "true")}, false},

		"name found":     {Criteria{NameRegex: regexp.MustCompile("torch:2")}, pai.Image{Name: text("pytorch:2.8.0")}, true},
		"name not found": {Criteria{NameRegex: regexp.MustCompile("^torch")}, pai.Image{Name: text("pytorch:2.8.0")}, false},
		"name empty":     {Criteria{NameRegex: regexp.MustCompile("^$")}, pai.Image{Name: text("")}, true},
		"name missing":   {Criteria{NameRegex: regexp.MustCompile("^$")}, pai.Image{}, false},

		"tag":             {Criteria{Version: any2}, pai.Image{ImageURI: text("r.example.com/pai/x:2.1-gpu")}, true},
		"tag too old":     {Criteria{Version: any2}, pai.Image{ImageURI: text("r.example.com/pai/x:1.9-gpu")}, false},
		"no tag":          {Criteria{Version: any2}, pai.Image{ImageURI: text("r.example.com/pai/x")}, false},
		"no URI":          {Criteria{Version: any2}, pai.Image{Name: text("x:2.1")}, false},
		"not a reference": {Criteria{Version: any2}, pai.Image{ImageURI: text("https://r.example.com/pai/x:2.1")}, false},
		"no constraint":   {Criteria{Framework: "PyTorch"}, pai.Image{}, true},

		"framework":                   {torch, pai.Image{Labels: labels("system.framework.PyTorch", "2.1.0+cu118")}, true},
		"framework too old":           {torch, pai.Image{Labels: labels("system.framework.PyTorch", "1.12PAI")}, false},
		"framework, tag doesn't help": {torch, pai.Image{ImageURI: text("r.example.com/pai/x:2.1")}, false},
		"framework, tag doesn't harm": {torch, pai.Image{
			ImageURI: text("r.example.com/pai/x:1.0"), Labels: labels("system.framework.PyTorch", "2.8.0"),
		}, true},
		"framework in another case": {torch, pai.Image{Labels: labels("system.framework.pytorch", "2.8.0")}, false},
		"framework, last is newer":  {torch, pai.Image{Labels: labels("system.framework.PyTorch", "1.0", "system.framework.PyTorch", "2.0")}, true},
		"framework, last is older":  {torch, pai.Image{Labels: labels("system.framework.PyTorch", "2.0", "system.framework.PyTorch", "1.0")}, false},
		"framework of no version":   {torch, pai.Image{Labels: labels("system.framework.PyTorch", "true")}, false},
		"framework pre-release":     {torch, pai.Image{Labels: labels("system.framework.PyTorch", "2.0.0-rc1")}, false},

		"all hold": {
			Criteria{NotOfficial: true, NameRegex: regexp.MustCompile("x"), Version: any2},
			pai.Image{Name: text("x"), ImageURI: text("pai/x:2.0")},
			true,
		},
		"one doesn't": {
			Criteria{NotOfficial: true, NameRegex: regexp.MustCompile("y"), Version: any2},
			pai.Image{Name: text("x"), ImageURI: text("pai/x:2.0")},
			false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.criteria.MetBy(&test.image); got != test.want {
				t.Errorf("met: %t, want %t", got, test.want)
			}
		})
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	given := func() []pai.Image {
		var images []pai.Image
		for _, name := range []string{"b:2", "a:1", "c:3", "a:2", "b:2"} {
			images = append(images, pai.Image{Name: &name, Labels: labels("name", name)})
		}
		return images
	}
	tests := map[string]struct {
		criteria Criteria
		want     string
	}{
		"all, in order":  {Criteria{}, "b:2 a:1 c:3 a:2 b:2"},
		"some, in order": {Criteria{NameRegex: regexp.MustCompile("[ab]:2")}, "b:2 a:2 b:2"},
		"none":           {Criteria{NameRegex: regexp.MustCompile("d")}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			images := given()
			filtered := Filter(images, test.criteria)
			var names []string
			for _, image := range filtered {
				names = append(names, *image.Name)
			}
			if diff := cmp.Diff(strings.Fields(test.want), append([]string{}, names...)); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			// Whoever appends to the result must not write into the catalogue.
			_ = append(filtered, pai.Image{})
			if diff := cmp.Diff(given(), images); diff != "" {
				t.Errorf("the images given were changed (-before +after):\n%s", diff)
			}
			if filtered == nil {
				t.Error("the result is nil, want an empty list")
			}
		})
	}
}

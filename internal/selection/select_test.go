package selection

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

func TestNewest(t *testing.T) {
	t.Parallel()
	const early, late = "2024-05-01T10:00:00Z", "2024-05-01T18:30:00+08:00" // 30 minutes later
	described := func(description string) pai.Image {
		i := image("same", late, "")
		i.Description = &description
		return i
	}
	tests := map[string][]pai.Image{ // newest first
		"none":                      {},
		"one":                       {image("a", "", "")},
		"no fields":                 {{}, {}},
		"by time":                   {image("a", late, ""), image("b", early, "")},
		"equal times, by ID":        {image("c", late, ""), image("b", late, ""), image("a", "2024-05-01T10:30:00Z", "")},
		"fractions of a second":     {image("a", "2024-05-01T10:00:00.25Z", ""), image("b", early, "")},
		"unreadable time is oldest": {image("a", "1970-01-01T00:00:00Z", ""), image("z", "May 2024", ""), image("y", "", "")},
		"no ID is lowest":           {image("a", early, ""), image("", early, "x:1")},
		"no ID, by other fields":    {image("", early, "x:2"), image("", early, "x:1")},
		"equal IDs, by all fields":  {described("new"), described("fresh")},
	}
	for name, sorted := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permute(slices.Clone(sorted), func(images []pai.Image) {
				if diff := cmp.Diff(sorted, NewestFirst(images)); diff != "" {
					t.Errorf("newest first (-want +got):\n%s", diff)
				}
				newest := Newest(images)
				switch {
				case len(sorted) == 0 && newest != nil:
					t.Errorf("newest of none: got %v, want nil", newest)
				case len(sorted) > 0:
					if diff := cmp.Diff(&sorted[0], newest); diff != "" {
						t.Errorf("newest (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
	if Newest(nil) != nil || len(NewestFirst(nil)) != 0 {
		t.Error("Newest and NewestFirst of nil: got images")
	}
}

func TestHighest(t *testing.T) {
	t.Parallel()
	const (
		old, recent = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
		hangzhou    = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch"
		shanghai    = "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/pytorch"
		training    = "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/training"
		label       = pai.LabelFrameworkPrefix + torch
	)
	tagged := func(tags string) []pai.Image {
		var images []pai.Image
		for tag := range strings.FieldsSeq(tags) {
			images = append(images, image(tag, old, hangzhou+":"+tag))
		}
		return images
	}
	const noVersion, repositories = "no image has a version", "versions of several repositories can't be compared: "
	tests := map[string]struct {
		framework string
		images    []pai.Image // the expected image first
		err       string
	}{
		"none":                    {"", nil, noVersion},
		"by number, not by text":  {"", tagged("2.12-gpu 2.9-gpu 2.2-gpu"), ""},
		"an older image":          {"", []pai.Image{image("a", old, "x:2"), image("b", recent, "x:1")}, ""},
		"release and pre-release": {"", tagged("2.1.0 2.1.0rc2 2.1.0rc1"), ""},
		"pre-release of the next": {"", tagged("2.2.0rc1 2.1.0"), ""},
		"pre-releases in a cycle": {"", tagged("2.0rc.a 2.0rc.1 2.0rc"), ""},
		"four numbers":            {"", tagged("1.0.0.0 1.0.0rc2 1.0.0.0rc1"), ""},
		"equal, by time": {
			"", []pai.Image{image("a", recent, "x:1.12PAI"), image("b", old, "x:1.12.0"), image("c", old, "x:v1.12")}, "",
		},
		"equal, by ID":       {"", []pai.Image{image("b", old, "x:1.12"), image("a", old, "x:1.12PAI")}, ""},
		"equal pre-releases": {"", []pai.Image{image("b", old, "x:1rc.1"), image("a", old, "x:1rc.01")}, ""},
		"some without a version": {
			"", append(tagged("0.1"), image("z", recent, hangzhou+":latest"), image("y", recent, ""), pai.Image{}), "",
		},
		"all without a version": {
			"", append(tagged("latest gpu"), image("z", recent, "https://x:2"), image("y", "", "x")), noVersion,
		},

		"two registry hosts": {
			"", []pai.Image{image("a", old, hangzhou+":2.9"), image("b", old, shanghai+":2.8")}, "",
		},
		"no version in another repository": {
			"", []pai.Image{image("a", old, hangzhou+":2.9"), image("b", old, training+":gpu")}, "",
		},
		"several repositories": {
			"", append(tagged("2.9 2.8"), image("a", old, shanghai+":2.7"), image("b", old, training+":26.06"),
				image("c", old, "x:1"), image("d", old, "w:gpu")),
			repositories + hangzhou + " (3 images), " + training + " (1 image), x (1 image)",
		},
		"one with a registry": {
			"",
			[]pai.Image{image("a", old, "r.example.com/x:1"), image("b", old, "x:1")},
			repositories + "r.example.com/x (1 image), x (1 image)",
		},
		"most images first": {
			"",
			[]pai.Image{image("a", old, "b:1"), image("b", old, "b:2"), image("c", old, "a:1")},
			repositories + "b (2 images), a (1 image)",
		},

		"framework": {torch, []pai.Image{
			image("a", old, "x:1", label, "2.12"), image("b", recent, "y:3", label, "2.9"), image("c", recent, "x:9"),
		}, ""},
		"framework, ties": {torch, []pai.Image{
			image("a", recent, "", label, "2.12"), image("b", old, "", label, "2.12.0+cu126"),
		}, ""},
		"framework, none": {torch, []pai.Image{
			image("a", recent, "x:1", label, "true"), image("b", old, "x:2"), {Labels: []pai.Label{{}}},
		}, noVersion},
		"framework, last label": {torch, []pai.Image{
			image("a", old, "", label, "1", label, "3"), image("b", old, "", label, "4", label, "2"),
		}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permute(slices.Clone(test.images), func(images []pai.Image) {
				highest, err := Highest(images, test.framework)
				if got := messageOf(err); got != test.err {
					t.Errorf("got error %q, want %q", got, test.err)
				}
				var want *pai.Image
				if test.err == "" {
					want = &test.images[0]
				}
				if diff := cmp.Diff(want, highest); diff != "" {
					t.Errorf("highest (-want +got):\n%s", diff)
				}
			})
		})
	}
	if _, err := Highest(nil, "PyTorch"); !errors.Is(err, ErrNoVersion) {
		t.Errorf("got error %v, want ErrNoVersion", err)
	}
}

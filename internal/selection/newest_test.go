package selection

import (
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

// TestSortByVersion checks the order of a list: no version, plain versions, calendar versions. Equal versions are
// ordered by time, and then by ID.
func TestSortByVersion(t *testing.T) {
	t.Parallel()
	const early, late = "2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z"
	sorted := []pai.Image{
		image("a", early, "x:latest"), image("b", late, ""), image("a", early, "x:2.9rc1"), image("z", early, "x:2.9-gpu"),
		image("a", late, "x:2.9"), image("b", late, "x:2.9.0-cpu"), image("a", early, "x:2.12"), image("a", early, "x:26.07"),
	}
	permute(slices.Clone(sorted[1:6]), func(images []pai.Image) {
		images = append(images, sorted[7], sorted[0], sorted[6])
		var parsed []ParsedImage
		for i := range images {
			parsed = append(parsed, ParseImage(&images[i], ""))
		}
		SortByVersion(parsed)
		var got []pai.Image
		for _, p := range parsed {
			got = append(got, *p.Image)
		}
		if diff := cmp.Diff(sorted, got); diff != "" {
			t.Fatalf("images (-want +got):\n%s", diff)
		}
	})
}

// imageIDs returns the IDs of the images, separated by blanks.
func imageIDs(images []pai.Image) string {
	var ids []string
	for _, i := range images {
		ids = append(ids, *i.ImageID)
	}
	return strings.Join(ids, " ")
}

// TestUndated checks that Undated returns the images without a valid time if there is another image.
func TestUndated(t *testing.T) {
	t.Parallel()
	images := []pai.Image{
		image("a", old, ""), image("b", "", ""), image("c", "20240101T0000Z", ""), image("d", "yesterday", ""),
		image("e", "1704067200", ""), image("f", "1704067200000", ""),
	}
	if got := imageIDs(Undated(images)); got != "b d e" {
		t.Errorf("got %q, want b, d and e", got)
	}
	if got := imageIDs(Undated(images[1:2])); got != "" {
		t.Errorf("got %q for a single image, want none", got)
	}
}

// TestTied checks that Tied returns all images of versions that several images have, including no version.
func TestTied(t *testing.T) {
	t.Parallel()
	for want, tags := range map[string]string{
		"": "a 1 2 3", "1 v1-gpu": "1 v1-gpu 2 24.01", "2.9 2.9.0-gpu v2.9": "1 2.9 2.9.0-gpu v2.9 3",
		"a b 3 3.0": "a b 3 3.0",
	} {
		var parsed []ParsedImage
		for _, i := range tagged(tags) {
			parsed = append(parsed, ParseImage(&i, ""))
		}
		if got := imageIDs(Tied(parsed)); got != want {
			t.Errorf("%s: got %q, want %q", tags, got, want)
		}
		slices.Reverse(parsed)
		if got := Tied(parsed); len(got) != len(strings.Fields(want)) {
			t.Errorf("%s, reversed: got %q, want %q", tags, imageIDs(got), want)
		}
	}
}

// TestRebuilds checks which images Rebuilds returns for the selected image, which is the first of each list.
func TestRebuilds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tags, want string
		options    HighestOptions
	}{
		{"2.9 2.8 latest 2.9-gpu", "2.9", HighestOptions{}},
		{"2.9 2.9.0-e51bd870 2.9-gpu 2.8", "2.9 2.9.0-e51bd870", HighestOptions{}},
		{"2.9-gpu 2.9-gpu-e51bd870 2.9rc1 2.8", "2.9-gpu 2.9-gpu-e51bd870", HighestOptions{}},
		{"2.9-gpu 2.9 2.9-cpu 2.8", "2.9-gpu 2.9 2.9-cpu", HighestOptions{AnyVariant: true}},
	} {
		images := tagged(test.tags)
		if got := imageIDs(Rebuilds(&images[0], images, test.options)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.tags, got, test.want)
		}
	}
}

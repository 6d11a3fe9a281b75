package selection

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// frameworks are by what the highest version is chosen: the tag or a label.
var frameworks = rapid.SampledFrom([]string{"", "", torch})

// TestNewestIsNaive shows that the newest is one of the images, that none is newer, and that the list of the newest first
// begins with it and lacks nothing.
func TestNewestIsNaive(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images := catalogue.Draw(t, "images")
		newest, sorted := Newest(images), NewestFirst(images)
		if diff := cmp.Diff(counted(images), counted(sorted)); diff != "" {
			t.Errorf("images, and those sorted (+):\n%s", diff)
		}
		if len(images) == 0 {
			if newest != nil {
				t.Errorf("the newest of none is %s", contentOf(newest))
			}
			return
		}
		checkOneOf(t, images, newest)
		if diff := cmp.Diff(*newest, sorted[0]); diff != "" {
			t.Errorf("the newest, and the first of the list (+):\n%s", diff)
		}
		if !slices.IsSortedFunc(sorted, func(a, b pai.Image) int { return naivelyNewer(&b, &a) }) {
			t.Errorf("not sorted: %s", cmp.Diff(nil, sorted))
		}
	})
}

// TestHighestIsNaive holds the choice by version, and the errors in its place, against a second reading of versions.
func TestHighestIsNaive(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images, framework := catalogue.Draw(t, "images"), frameworks.Draw(t, "framework")
		repositories := naiveRepositories(images, framework)
		highest, err := Highest(images, framework)
		var several *RepositoriesError
		switch {
		case len(repositories) == 0:
			if !errors.Is(err, ErrNoVersion) || highest != nil {
				t.Errorf("%v, error %v, want that there is no version", highest, err)
			}
		case framework == "" && len(repositories) > 1:
			if !errors.As(err, &several) || highest != nil {
				t.Fatalf("%v, error %v, want one about repositories", highest, err)
			}
			if diff := cmp.Diff(repositories, several.Repositories); diff != "" {
				t.Errorf("repositories (-want +got):\n%s", diff)
			}
		case err != nil:
			t.Errorf("error %v, want one of the images of %v", err, repositories)
		default:
			checkHighest(t, images, highest, framework)
		}
	})
}

// checkHighest shows that the chosen image has a version, that none is higher, and that of equal ones none is newer.
func checkHighest(t *rapid.T, images []pai.Image, highest *pai.Image, framework string) {
	checkOneOf(t, images, highest)
	chosen, ok := naively(highest, framework)
	if !ok {
		t.Fatalf("no version in %s", contentOf(highest))
	}
	for i := range images {
		other, ok := naively(&images[i], framework)
		if !ok {
			continue
		}
		order := other.compare(chosen)
		if order > 0 || order == 0 && naivelyNewer(&images[i], highest) > 0 {
			t.Errorf("chosen: %s\nbetter: %s", contentOf(highest), contentOf(&images[i]))
		}
	}
}

// checkOneOf fails where a chosen image is not in the very slice that was given.
func checkOneOf(t *rapid.T, images []pai.Image, chosen *pai.Image) {
	for i := range images {
		if &images[i] == chosen {
			return
		}
	}
	t.Fatalf("%v is none of the images given", chosen)
}

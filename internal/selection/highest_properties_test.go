package selection

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// frameworks generates the empty framework as often as torch.
var frameworks = rapid.SampledFrom([]string{"", torch})

// TestNewestMatchesReference checks that no image is newer than the result of Newest. It also checks that NewestFirst
// returns the same images, sorted.
func TestNewestMatchesReference(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images := catalogue.Draw(t, "images")
		newest, sorted := Newest(images), NewestFirst(images)
		if diff := cmp.Diff(occurrences(images), occurrences(sorted)); diff != "" {
			t.Errorf("images (-given +sorted):\n%s", diff)
		}
		if len(images) == 0 {
			if newest != nil {
				t.Errorf("newest of none: got %s, want nil", encodeIndented(newest))
			}
			return
		}
		checkElement(t, images, newest)
		if diff := cmp.Diff(*newest, sorted[0]); diff != "" {
			t.Errorf("newest and first of the list (-newest +first):\n%s", diff)
		}
		if !slices.IsSortedFunc(sorted, func(a, b pai.Image) int { return referenceCompareCreated(&b, &a) }) {
			t.Errorf("not sorted: %s", cmp.Diff(nil, sorted))
		}
	})
}

// TestHighestMatchesReference compares the image or the error that Highest returns with the reference implementation.
func TestHighestMatchesReference(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images, framework := catalogue.Draw(t, "images"), frameworks.Draw(t, "framework")
		repositories := referenceRepositories(images, framework)
		highest, err := Highest(images, framework)
		var several *RepositoriesError
		switch {
		case len(repositories) == 0:
			if !errors.Is(err, ErrNoVersion) || highest != nil {
				t.Errorf("got %v, error %v, want ErrNoVersion", highest, err)
			}
		case framework == "" && len(repositories) > 1:
			if !errors.As(err, &several) || highest != nil {
				t.Fatalf("got %v, error %v, want a RepositoriesError", highest, err)
			}
			if diff := cmp.Diff(repositories, several.Repositories); diff != "" {
				t.Errorf("repositories (-want +got):\n%s", diff)
			}
		case err != nil:
			t.Errorf("got error %v, want an image of %v", err, repositories)
		default:
			checkHighest(t, images, highest, framework)
		}
	})
}

// checkHighest checks that the selected image has a version, that no image has a higher version, and that no image with
// an equal version is newer.
func checkHighest(t *rapid.T, images []pai.Image, highest *pai.Image, framework string) {
	checkElement(t, images, highest)
	selected, ok := referenceVersionOf(highest, framework)
	if !ok {
		t.Fatalf("selected an image without a version: %s", encodeIndented(highest))
	}
	for i := range images {
		other, ok := referenceVersionOf(&images[i], framework)
		if !ok {
			continue
		}
		order := other.compare(selected)
		if order > 0 || order == 0 && referenceCompareCreated(&images[i], highest) > 0 {
			t.Errorf("selected %s\nwant     %s", encodeIndented(highest), encodeIndented(&images[i]))
		}
	}
}

// checkElement checks that selected points to an element of the slice, not to a copy.
func checkElement(t *rapid.T, images []pai.Image, selected *pai.Image) {
	for i := range images {
		if &images[i] == selected {
			return
		}
	}
	t.Fatalf("%v is no element of the images", selected)
}

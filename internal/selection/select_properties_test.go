package selection

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestSelectionIgnoresOrder checks that the order of the images has no effect (design rule 3).
func TestSelectionIgnoresOrder(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images, framework := catalogue.Draw(t, "images"), frameworks.Draw(t, "framework")
		shuffled := rapid.Permutation(images).Draw(t, "shuffled")
		before := deepCopy(shuffled)
		if diff := cmp.Diff(Newest(images), Newest(shuffled)); diff != "" {
			t.Errorf("newest (-ordered +shuffled):\n%s", diff)
		}
		if diff := cmp.Diff(NewestFirst(images), NewestFirst(shuffled)); diff != "" {
			t.Errorf("newest first (-ordered +shuffled):\n%s", diff)
		}
		highest, err := Highest(images, framework)
		highestShuffled, errShuffled := Highest(shuffled, framework)
		if diff := cmp.Diff(highest, highestShuffled); diff != "" {
			t.Errorf("highest (-ordered +shuffled):\n%s", diff)
		}
		if diff := cmp.Diff(messageOf(err), messageOf(errShuffled)); diff != "" {
			t.Errorf("error (-ordered +shuffled):\n%s", diff)
		}
		if diff := cmp.Diff(before, shuffled); diff != "" {
			t.Errorf("the argument changed (-before +after):\n%s", diff)
		}
	})
}

// TestSelectionIgnoresOtherImages checks that adding images that don't match has no effect on the selection, and that
// the selected image matches.
func TestSelectionIgnoresOtherImages(t *testing.T) {
	t.Parallel()
	drawn, others := queries(t), imagesAt(allURIs(t))
	rapid.Check(t, func(t *rapid.T) {
		q, other := drawn.Draw(t, "query"), others.Draw(t, "other")
		if referenceAllows(q, &other) {
			t.Skip("the other image matches")
		}
		at := rapid.IntRange(0, len(q.images)).Draw(t, "at")
		matching := Filter(q.images, q.match)
		matchingOfMore := Filter(slices.Insert(slices.Clone(q.images), at, other), q.match)
		newest := Newest(matching)
		highest, err := Highest(matching, q.framework)
		highestOfMore, errOfMore := Highest(matchingOfMore, q.framework)
		for name, diff := range map[string]string{
			"newest":  cmp.Diff(newest, Newest(matchingOfMore)),
			"highest": cmp.Diff(highest, highestOfMore),
			"error":   cmp.Diff(messageOf(err), messageOf(errOfMore)),
		} {
			if diff != "" {
				t.Errorf("%s, with another image (+):\n%s", name, diff)
			}
		}
		for _, selected := range []*pai.Image{newest, highest} {
			if selected != nil && !referenceAllows(q, selected) {
				t.Errorf("selected an image that doesn't match: %s", encodeIndented(selected))
			}
		}
	})
}

package selection

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestChoiceOfShuffledImages shows that the order in which images come has no say.
func TestChoiceOfShuffledImages(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images, framework := catalogue.Draw(t, "images"), frameworks.Draw(t, "framework")
		shuffled := rapid.Permutation(images).Draw(t, "shuffled")
		before := copyOf(shuffled)
		if diff := cmp.Diff(Newest(images), Newest(shuffled)); diff != "" {
			t.Errorf("newest, of the shuffled ones with +:\n%s", diff)
		}
		if diff := cmp.Diff(NewestFirst(images), NewestFirst(shuffled)); diff != "" {
			t.Errorf("newest first, of the shuffled ones with +:\n%s", diff)
		}
		highest, err := Highest(images, framework)
		again, errAgain := Highest(shuffled, framework)
		if diff := cmp.Diff(highest, again); diff != "" {
			t.Errorf("highest, of the shuffled ones with +:\n%s", diff)
		}
		if diff := cmp.Diff(messageOf(err), messageOf(errAgain)); diff != "" {
			t.Errorf("error, of the shuffled ones with +:\n%s", diff)
		}
		if diff := cmp.Diff(before, shuffled); diff != "" {
			t.Errorf("the images given were changed (-before +after):\n%s", diff)
		}
	})
}

// TestChoiceAmongMatches shows that what doesn't meet the criteria has no say, and that what is chosen does meet them.
func TestChoiceAmongMatches(t *testing.T) {
	t.Parallel()
	asking, strangers := questions(t), imagesAt(allURIs(t))
	rapid.Check(t, func(t *rapid.T) {
		q := asking.Draw(t, "question")
		images, asked := q.images, q.Criteria
		stranger := strangers.Draw(t, "stranger")
		if naivelyMet(asked, &stranger) {
			t.Skip("no stranger")
		}
		at := rapid.IntRange(0, len(images)).Draw(t, "at")
		more := slices.Insert(slices.Clone(images), at, stranger)
		matches, matchesOfMore := Filter(images, asked), Filter(more, asked)
		newest := Newest(matches)
		highest, err := Highest(matches, asked.Framework)
		highestOfMore, errOfMore := Highest(matchesOfMore, asked.Framework)
		for name, diff := range map[string]string{
			"newest":  cmp.Diff(newest, Newest(matchesOfMore)),
			"highest": cmp.Diff(highest, highestOfMore),
			"error":   cmp.Diff(messageOf(err), messageOf(errOfMore)),
		} {
			if diff != "" {
				t.Errorf("%s, with a stranger (+):\n%s", name, diff)
			}
		}
		for _, chosen := range []*pai.Image{newest, highest} {
			if chosen != nil && !naivelyMet(asked, chosen) {
				t.Errorf("%s doesn't meet the criteria", contentOf(chosen))
			}
		}
	})
}

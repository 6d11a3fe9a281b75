package selection

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestFilterIsNaive holds the filter against criteria that are stated a second time.
func TestFilterIsNaive(t *testing.T) {
	t.Parallel()
	asking := questions(t)
	rapid.Check(t, func(t *rapid.T) {
		q := asking.Draw(t, "question")
		images, asked := q.images, q.Criteria
		before := copyOf(images)
		want := []pai.Image{}
		for i := range images {
			if met := naivelyMet(asked, &images[i]); met {
				want = append(want, images[i])
			}
		}
		if diff := cmp.Diff(want, Filter(images, asked)); diff != "" {
			t.Errorf("images (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before, images); diff != "" {
			t.Errorf("the images given were changed (-before +after):\n%s", diff)
		}
	})
}

// TestFilterOfShuffledImages shows that whether an image is taken hangs on nothing but itself.
func TestFilterOfShuffledImages(t *testing.T) {
	t.Parallel()
	asking := questions(t)
	rapid.Check(t, func(t *rapid.T) {
		q := asking.Draw(t, "question")
		images, asked := q.images, q.Criteria
		shuffled := rapid.Permutation(images).Draw(t, "shuffled")
		if diff := cmp.Diff(counted(Filter(images, asked)), counted(Filter(shuffled, asked))); diff != "" {
			t.Errorf("images, of the shuffled ones with +:\n%s", diff)
		}
	})
}

// TestOfficialPartsTheCatalogue shows that what is asked of the API with official = true, and here with official = false,
// is all there is, and nothing twice.
func TestOfficialPartsTheCatalogue(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images := catalogue.Draw(t, "images")
		official := Filter(images, Criteria{Labels: map[string]string{pai.LabelOfficial: "true"}})
		others := Filter(images, Criteria{NotOfficial: true})
		if diff := cmp.Diff(counted(images), counted(append(official, others...))); diff != "" {
			t.Errorf("all images (-) and both parts (+):\n%s", diff)
		}
	})
}

// TestCriteriaAddUp shows that a criterion more never lets an image in, and that all hold just where each does.
func TestCriteriaAddUp(t *testing.T) {
	t.Parallel()
	asking := questions(t)
	rapid.Check(t, func(t *rapid.T) {
		q := asking.Draw(t, "question")
		images, asked := q.images, q.Criteria
		left := images
		for _, alone := range []Criteria{
			{Name: asked.Name},
			{ImageURI: asked.ImageURI},
			{WorkspaceID: asked.WorkspaceID},
			{Accessibility: asked.Accessibility},
			{Labels: asked.Labels},
			{NotOfficial: asked.NotOfficial},
			{NameRegex: asked.NameRegex},
			{Version: asked.Version, Framework: asked.Framework},
		} {
			left = Filter(left, alone)
		}
		if diff := cmp.Diff(left, Filter(images, asked)); diff != "" {
			t.Errorf("images by one criterion after the other (-), and by all at once (+):\n%s", diff)
		}
	})
}

package selection_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// smallSelections is how many selections the tests below check. They copy and compare whole images, which is slow.
const smallSelections = 2_000

// TestNewestMatchesNaiveImplementation compares the newest image and the order of all images.
func TestNewestMatchesNaiveImplementation(t *testing.T) {
	t.Parallel()
	g, c := newGenerator(300), theCatalogue()
	for range smallSelections {
		images := c.copyImages(g.selectionCase(c))
		newest, sorted := selection.Newest(images), selection.NewestFirst(images)
		want := slices.SortedFunc(slices.Values(images), func(a, b pai.Image) int { return naiveCompareCreated(&b, &a) })
		if diff := cmp.Diff(want, sorted); diff != "" {
			t.Errorf("newest first (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(&want[0], newest); diff != "" {
			t.Errorf("newest (-want +got):\n%s", diff)
		}
	}
	if newest := selection.Newest(nil); newest != nil {
		t.Errorf("newest of none: got %s, want nil", encode(newest))
	}
}

// TestSortByVersionMatchesNaiveImplementation compares the order of lists.
func TestSortByVersionMatchesNaiveImplementation(t *testing.T) {
	t.Parallel()
	g, c := newGenerator(500), theCatalogue()
	for range smallSelections {
		var got []selection.ParsedImage
		var want []naiveImage
		for range 20 {
			i := g.IntN(len(c.images))
			got, want = append(got, selection.ParseImage(&c.images[i], "")), append(want, c.read[""][i])
		}
		selection.SortByVersion(got)
		slices.SortFunc(want, naiveCompareInList)
		for i := range want {
			if got[i].Image != want[i].image {
				t.Fatalf("position %d: got %s, want %s", i, encode(got[i].Image), encode(want[i].image))
			}
		}
	}
}

// TestSelectionIgnoresOrder checks that the order of the images has no effect, even on images with equal IDs and
// creation times (design rule 3).
func TestSelectionIgnoresOrder(t *testing.T) {
	t.Parallel()
	g, c := newGenerator(400), theCatalogue()
	for range smallSelections {
		s := g.selectionCase(c)
		options := selection.HighestOptions{Framework: s.framework, PreReleases: g.isOneOf(2), AnyVariant: s.anyVariant}
		images := c.copyImages(s)
		for i := range images {
			images[i].ImageID, images[i].GmtCreateTime = new(g.oneOf("1", "2")), new(g.oneOf("2024-01-01T00:00:00Z", ""))
		}
		before := encode(images)
		shuffled := slices.Clone(images)
		g.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		highest, err := selection.Highest(images, options)
		highestShuffled, errShuffled := selection.Highest(shuffled, options)
		for name, diff := range map[string]string{
			"newest":       cmp.Diff(selection.Newest(images), selection.Newest(shuffled)),
			"newest first": cmp.Diff(selection.NewestFirst(images), selection.NewestFirst(shuffled)),
			"highest":      cmp.Diff(highest, highestShuffled),
			"error":        cmp.Diff(messageOf(err), messageOf(errShuffled)),
			"argument":     cmp.Diff(before, encode(images)),
		} {
			if diff != "" {
				t.Errorf("%s of %s (-ordered +shuffled):\n%s", name, before, diff)
			}
		}
	}
}

// copyImages returns copies of the selection's images that share no memory with the catalogue.
func (c *readCatalogue) copyImages(s selectionCase) []pai.Image {
	var images []pai.Image
	for _, i := range s.images {
		images = append(images, c.images[i])
	}
	var copied []pai.Image
	_ = json.Unmarshal([]byte(encode(images)), &copied) // never fails
	return copied
}

func encode(value any) string {
	encoded, _ := json.Marshal(value) // never fails for images
	return string(encoded)
}

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

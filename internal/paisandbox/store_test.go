package paisandbox

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChangingTheCatalogue(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Catalogue: small()})
	renamed := small()[1].With(func(i *Image) { i.Name = Value("renamed") })
	nameless := Image{Name: Value("no id")}
	s.Put(renamed, nameless, nameless, Official("registry/pai/new:1"))
	s.Remove("torch", "mine", "never there")
	want := []string{"xgb", "twice", "shared", "", "", Official("registry/pai/new:1").ImageID.Or("")}
	if diff := cmp.Diff(want, ids(s.Images())); diff != "" {
		t.Error(diff)
	}
	if got := s.Images()[0].Name.Or(""); got != "renamed" {
		t.Errorf("the image of the same id is still %q", got)
	}
	s.SetImages([]Image{})
	if got := s.Images(); len(got) != 0 {
		t.Errorf("%d images left", len(got))
	}
}

func TestImagesAreCopies(t *testing.T) {
	t.Parallel()
	mine := small()
	s := start(t, Options{Catalogue: mine})
	mine[0].Labels.Or(nil)[0].Value = "changed from outside"
	s.Images()[0].Labels.Or(nil)[0].Value = "changed from outside"
	s.Images()[1] = Image{}
	if diff := cmp.Diff(small(), s.Images()); diff != "" {
		t.Error(diff)
	}
}

func TestUpdateIsSeenAsAWhole(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Catalogue: Numbered(10)})
	c := newCaller(s)
	var changes sync.WaitGroup
	for range 4 {
		changes.Go(func() {
			for range 50 {
				s.Update(func(all []Image) []Image { return append(all[1:], all[0]) })
			}
		})
	}
	for range 20 {
		if page := c.list(t, ""); page.TotalCount != 10 {
			t.Errorf("%d images in the middle of a change", page.TotalCount)
		}
	}
	changes.Wait()
}

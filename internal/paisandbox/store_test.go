package paisandbox

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPutAndRemove(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue()})
	renamed := smallCatalogue()[1].With(func(i *Image) { i.Name = Value("renamed") })
	withoutID := Image{Name: Value("no id")}
	s.Put(renamed, withoutID, withoutID, Official("registry/pai/new:1"))
	s.Remove("torch", "mine", "never there")
	want := []string{"xgb", "twice", "shared", "", "", Official("registry/pai/new:1").ImageID.Or("")}
	if diff := cmp.Diff(want, imageIDs(s.Images())); diff != "" {
		t.Error(diff)
	}
	if got := s.Images()[0].Name.Or(""); got != "renamed" {
		t.Errorf("got name %q after Put with the same id, want renamed", got)
	}
	s.SetImages([]Image{})
	if got := s.Images(); len(got) != 0 {
		t.Errorf("got %d images after SetImages with none", len(got))
	}
}

func TestImagesReturnsCopies(t *testing.T) {
	t.Parallel()
	images := smallCatalogue()
	s := startSandbox(t, Options{Catalogue: images})
	images[0].Labels.Or(nil)[0].Value = "changed from outside"
	s.Images()[0].Labels.Or(nil)[0].Value = "changed from outside"
	s.Images()[1] = Image{}
	if diff := cmp.Diff(smallCatalogue(), s.Images()); diff != "" {
		t.Error(diff)
	}
}

func TestUpdateIsAtomic(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(10)})
	c := newCaller(s)
	var updates sync.WaitGroup
	for range 4 {
		updates.Go(func() {
			for range 50 {
				s.Update(func(images []Image) []Image { return append(images[1:], images[0]) })
			}
		})
	}
	for range 20 {
		if page := c.list(t, ""); page.TotalCount != 10 {
			t.Errorf("got %d images during an update, want 10", page.TotalCount)
		}
	}
	updates.Wait()
}

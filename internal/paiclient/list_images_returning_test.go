package paiclient_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestListImagesRenamedToAndFro: two images take turns in meeting the filter, in the same way in both passes. Every count is 4, and
// both passes find the same four images, but not the one that was there all along. Only that they were modified in between tells.
func TestListImagesRenamedToAndFro(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	image := func(k int) paisandbox.Image {
		return paisandbox.Official(fmt.Sprintf("example.com/pai/x:%d", k)).CreatedAt(at.AddDate(0, 0, k)).With(func(i *paisandbox.Image) {
			i.Name = paisandbox.Value("red")
		})
	}
	first, second, stays, fourth, last := image(1), image(2), image(3), image(4), image(5)
	renamed := 0
	rename := func(i paisandbox.Image, name string) paisandbox.Image {
		renamed++
		return i.With(func(i *paisandbox.Image) {
			i.Name = paisandbox.Value(name)
			i.GmtModifiedTime = paisandbox.Value(at.AddDate(1, 0, renamed).Format(time.RFC3339))
		})
	}
	sandbox := start(t, paisandbox.Options{Catalogue: []paisandbox.Image{first, second, stays, fourth, rename(last, "blue")}})
	turn := func(page int, out, in paisandbox.Image) {
		sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(page), Do: paisandbox.Call(func(s *paisandbox.Sandbox) {
			s.Put(rename(out, "blue"), rename(in, "red"))
		})})
	}
	turn(1, last, first)
	turn(2, first, last) // page 2 then begins behind the one that stays
	listing, err := connect(t, sandbox, oneAtATime).ListImages(t.Context(), paiclient.ListImagesInput{Name: "red", PageSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	if listing.Incomplete == nil && !slices.Contains(idsOf(listing), stays.ImageID.Or("")) {
		t.Errorf("%v lacks %s without a warning, after %d requests", idsOf(listing), stays.ImageID.Or(""), pagesAsked(sandbox))
	}
}

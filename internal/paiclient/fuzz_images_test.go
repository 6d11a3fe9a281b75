package paiclient_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// onePage reads just what is answered: no second pass, no other sizes.
var onePage = paiclient.ListImagesInput{PageNumber: 1, PageSize: 100, Verbose: true}

// FuzzImages: whatever is answered as a success is images or an error, and images that are written as JSON and read again are
// the same.
func FuzzImages(f *testing.F) {
	catalogue := paisandbox.Catalogue()
	for i := 0; i < len(catalogue); i += 40 {
		f.Add(marshal(f, map[string]any{"RequestId": "R", "TotalCount": 2, "Images": catalogue[i : i+2]}))
		f.Add(marshal(f, catalogue[i]))
	}
	for _, odd := range []string{
		`{"TotalCount":4,"Images":[{},{"ImageId":null,"Labels":null},{"ImageId":"a","Description":"","Labels":[],"GmtCreateTime":"2021-01-21T17:12:35Z\n"}]}`,
		`{"totalcount":-1,"images":[{"imageid":"\ud800\u0000","Size":9223372036854775807,"Labels":[{},null,{"Key":"k"},{"Key":"k","Value":""}]}],"images":[]}`,
		`{"Code":"Forbidden.RAM","Message":"no","TotalCount":0,"Images":[]}`, `{"Images":null,"TotalCount":null}`, `[{}]`, `"`, "\xff",
	} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		listing, err := answered(t, &canned{status: http.StatusOK, body: body}).ListImages(t.Context(), onePage)
		if err != nil {
			checkReadError(t, err)
		} else {
			checkListing(t, listing)
			again := marshal(t, map[string]any{"Images": listing.Images, "TotalCount": listing.TotalCount})
			second, err := answered(t, &canned{status: http.StatusOK, body: again}).ListImages(t.Context(), onePage)
			if err != nil {
				t.Fatalf("%s, read again: %v", again, err)
			}
			second.ShortPage = listing.ShortPage // which counts the copies of an image, too
			if diff := cmp.Diff(listing, second); diff != "" {
				t.Errorf("%s, read again:\n%s", again, diff)
			}
		}

		image, err := answered(t, &canned{status: http.StatusOK, body: body}).GetImage(t.Context(), "image-1", true)
		if err != nil {
			checkReadError(t, err)
			return
		}
		again := marshal(t, image)
		second, err := answered(t, &canned{status: http.StatusOK, body: again}).GetImage(t.Context(), "image-1", true)
		if diff := cmp.Diff(image, second); err != nil || diff != "" {
			t.Errorf("%s, read again: %v\n%s", again, err, diff)
		}
	})
}

// checkReadError: HTTP 200 that is no answer is an error of the answer, or the service's own.
func checkReadError(t *testing.T, err error) {
	t.Helper()
	checkShown(t, err)
	var (
		api      *paiclient.APIError
		response *paiclient.ResponseError
	)
	if !errors.As(err, &api) && !errors.As(err, &response) {
		t.Errorf("got %#v", err)
	}
}

// checkListing: in order, each image once, and times without white space.
func checkListing(t *testing.T, listing *paiclient.ImageList) {
	t.Helper()
	seen := make(map[string]bool)
	for i := range listing.Images {
		image := &listing.Images[i]
		if i > 0 && pai.CompareCreated(&listing.Images[i-1], image) > 0 {
			t.Errorf("image %d is out of order", i)
		}
		if id := image.ImageID; id != nil && *id != "" {
			if seen[*id] {
				t.Errorf("%q is there twice", *id)
			}
			seen[*id] = true
		}
		for _, at := range []*string{image.GmtCreateTime, image.GmtModifiedTime} {
			if at != nil && strings.TrimSpace(*at) != *at {
				t.Errorf("a time is %q", *at)
			}
		}
	}
}

func marshal(tb testing.TB, value any) []byte {
	tb.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

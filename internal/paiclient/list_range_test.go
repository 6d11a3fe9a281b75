package paiclient_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestListImagesSinglePage checks that page N of size P has the images (N-1)*P to N*P-1 of the list, although the
// service returns other page sizes than requested, or wrong counts. If the counts are right, or missing, the field
// PageMismatch must be nil.
func TestListImagesSinglePage(t *testing.T) {
	t.Parallel()
	catalogue := paisandbox.Numbered(237)
	for k := range catalogue { // the order of images with equal times is arbitrary
		catalogue[k] = catalogue[k].CreatedAt(time.Date(2025, 1, 1, k, 0, 0, 0, time.UTC))
	}
	clamp, refuse, raise := paisandbox.ClampPageSize, paisandbox.RefusePageSizeAbove, paisandbox.RaisePageSize
	noCount := paisandbox.SetMember(nil, "TotalCount")
	for name, test := range map[string]struct {
		effects    []paisandbox.Effect
		isMismatch bool // whether a count contradicts any of the pages
	}{
		"no fault":                   {[]paisandbox.Effect{}, false},
		"limited to 50":              {[]paisandbox.Effect{clamp(50)}, false},
		"limited to 7":               {[]paisandbox.Effect{clamp(7)}, false},
		"at least 40":                {[]paisandbox.Effect{raise(40)}, false},
		"all images on page 1":       {[]paisandbox.Effect{raise(1000)}, false},
		"refused above 50":           {[]paisandbox.Effect{refuse(50)}, false},
		"refused above 50, limited":  {[]paisandbox.Effect{refuse(50), clamp(30)}, false},
		"no count":                   {[]paisandbox.Effect{noCount}, false},
		"no count, limited":          {[]paisandbox.Effect{noCount, clamp(50)}, false},
		"count too low":              {[]paisandbox.Effect{paisandbox.TotalCount(1)}, true},
		"count too high":             {[]paisandbox.Effect{paisandbox.TotalCount(1000)}, true},
		"count of the page":          {[]paisandbox.Effect{paisandbox.CountPage()}, true},
		"count of the page, limited": {[]paisandbox.Effect{clamp(50), paisandbox.CountPage()}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			isMismatch := false
			for _, size := range []int{0, 13} {
				for _, number := range []int{1, 2, 3, 4, 18, 19, 20, 1 << 30} {
					sandbox := startSandbox(t, paisandbox.Options{Catalogue: catalogue})
					for _, effect := range test.effects {
						sandbox.AddFault(paisandbox.Fault{Do: effect})
					}
					list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{PageSize: size, PageNumber: number})
					want := imagesOfPage(sandbox, number, size)
					if diff := cmp.Diff(want, imageIDs(list)); diff != "" {
						t.Errorf("page %d, size %d, %d requests: %s", number, size, listRequests(sandbox), diff)
					}
					if got := list.PageMismatch; got != nil {
						isMismatch = true
						if got.Listed != len(want) || got.Want == len(want) || got.TotalCount != *list.TotalCount {
							t.Errorf("page %d, size %d: got %+v, want another number than %d", number, size, got, len(want))
						}
					}
				}
			}
			if isMismatch != test.isMismatch {
				t.Errorf("any page mismatch: got %t, want %t", isMismatch, test.isMismatch)
			}
		})
	}
}

// imagesOfPage returns the IDs of a page of the sandbox's images. A size of zero is the default size.
func imagesOfPage(sandbox *paisandbox.Sandbox, number, size int) []string {
	ids := ascendingIDs(sandbox.Images())
	if size == 0 {
		size = paiclient.MaxPageSize
	}
	start := min((number-1)*size, len(ids))
	return ids[start:min(start+size, len(ids))]
}

// TestListImagesSinglePageRequests checks the number of requests for a page.
func TestListImagesSinglePageRequests(t *testing.T) {
	t.Parallel()
	limited := []paisandbox.Fault{{Do: paisandbox.ClampPageSize(50)}}
	for _, test := range []struct {
		images, number, requests int
		faults                   []paisandbox.Fault
	}{
		{imageCount, 1, 1, nil}, // full
		{imageCount, 4, 1, nil}, // full
		{imageCount, 5, 2, nil}, // the length of page 1 shows whether the service limits the page size
		{imageCount, 6, 1, nil}, // empty
		{37, 1, 1, nil},         // the whole list
		{40, 1, 2, nil},         // 40 could be a limit, so the client requests page 2
		{150, 1, 2, limited},    // pages 1 and 2 of 50 images
		{150, 2, 4, limited},    // page 2 is short and page 1, too, so the client requests pages 3 and 4 of 50 images
		{150, 3, 4, limited},    // pages 5 and 6 are empty
	} {
		sandbox := numberedSandbox(t, test.images, test.faults...)
		client := newClient(t, sandbox)
		list := listImages(t, client, paiclient.ListImagesInput{PageNumber: test.number})
		if got := listRequests(sandbox); got != test.requests || list.PageMismatch != nil {
			t.Errorf("page %d of %d images: got %d requests, want %d, mismatch: %+v", test.number, test.images, got,
				test.requests, list.PageMismatch)
		}
	}
}

// TestListImagesSinglePageAfterLongerPage checks that the client doesn't request page 1 if the service has already
// shown that it returns pages of the requested size.
func TestListImagesSinglePageAfterLongerPage(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount)
	client := newClient(t, sandbox)
	for _, number := range []int{1, 5} {
		listImages(t, client, paiclient.ListImagesInput{PageNumber: number})
	}
	if got := listRequests(sandbox); got != 2 {
		t.Errorf("got %d requests, want 2", got)
	}
}

// TestListImagesSinglePageWithEmptyFirstPage checks that an empty page 1 doesn't hide that the service limits the page
// size.
func TestListImagesSinglePageWithEmptyFirstPage(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, 130, paisandbox.Fault{Do: paisandbox.ClampPageSize(50)},
		paisandbox.Fault{Match: paisandbox.OnPage(1), Do: paisandbox.EmptyPage()})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{PageNumber: 2})
	if len(list.Images) != 30 || list.PageMismatch != nil {
		t.Errorf("got %d images, want 30, mismatch: %+v", len(list.Images), list.PageMismatch)
	}
}

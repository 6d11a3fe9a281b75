package paiclient_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestListImagesSurvives what a service may do to pages for a while: the list is whole in the end.
func TestListImagesSurvives(t *testing.T) {
	t.Parallel()
	cases := map[string]paisandbox.Fault{
		"a short first page":      {Match: paisandbox.OnPage(1), Times: 1, Do: paisandbox.ShortPage(3)},
		"a first page of one":     {Match: paisandbox.OnPage(1), Times: 1, Do: paisandbox.ShortPage(99)},
		"a short middle page":     {Match: paisandbox.OnPage(3), Times: 1, Do: paisandbox.ShortPage(3)},
		"an empty middle page":    {Match: paisandbox.OnPage(3), Times: 1, Do: paisandbox.EmptyPage()},
		"an empty first page":     {Match: paisandbox.OnPage(1), Times: 1, Do: paisandbox.EmptyPage()},
		"a repeated page":         {Match: paisandbox.OnPage(4), Times: 1, Do: paisandbox.RepeatPage()},
		"a total too high once":   {Match: paisandbox.OnPage(2), Times: 1, Do: paisandbox.TotalCount(900)},
		"a total too low once":    {Match: paisandbox.OnPage(2), Times: 1, Do: paisandbox.TotalCount(3)},
		"a low total on page one": {Match: paisandbox.OnPage(1), Times: 1, Do: paisandbox.TotalCount(150)},
		// The service gives 50 and still counts pages by the 100 that were asked for: only asking for 50 finds the rest.
		"half of every page": {Match: paisandbox.OnQuery("PageSize", "100"), Do: paisandbox.ShortPage(50)},
		"ties in any order":  {Times: 2, Do: paisandbox.ShuffleTies()},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
			sandbox.AddFault(fault)
			listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(oldestFirst(sandbox.Images()), idsOf(listing)); diff != "" {
				t.Error(diff)
			}
			if listing.Incomplete != nil {
				t.Errorf("unsettled: %+v", listing.Incomplete)
			}
			if slices.ContainsFunc(listing.Images, func(i pai.Image) bool { return len(i.Labels) == 0 }) {
				t.Error("images without labels")
			}
		})
	}
}

// TestListImagesTellsWhatNeverSettles: what is wrong for good ends after four passes, in a list and a warning.
func TestListImagesTellsWhatNeverSettles(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fault    paisandbox.Fault
		listed   int
		counted  int64
		requests int // at most
	}{
		"one image too many counted": {paisandbox.Fault{Do: paisandbox.TotalCount(numbered + 1)}, numbered, numbered + 1, 24}, // four passes of six
		"too few counted":            {paisandbox.Fault{Do: paisandbox.TotalCount(430)}, numbered, 430, 24},
		"a count beyond all sense":   {paisandbox.Fault{Do: paisandbox.TotalCount(1 << 50)}, numbered, 1 << 50, 100}, // ten pages, and eight under way, beyond the last
		"a page always empty":        {paisandbox.Fault{Match: paisandbox.OnPage(3), Do: paisandbox.EmptyPage()}, numbered - 100, numbered, 40},
		"a page always repeated":     {paisandbox.Fault{Match: paisandbox.OnPage(3), Do: paisandbox.RepeatPage()}, numbered - 100, numbered, 40},
		"only empty pages":           {paisandbox.Fault{Do: paisandbox.EmptyPage()}, 0, numbered, 80},
		"three empty pages in a row": {paisandbox.Fault{Match: pages(3, 4, 5), Do: paisandbox.EmptyPage()}, numbered - 237, numbered, 40},
		"no count":                   {paisandbox.Fault{Do: paisandbox.TotalCount(0)}, numbered, 0, 24},
		"the count of the page":      {paisandbox.Fault{Match: pages(1, 2, 3, 4), Do: paisandbox.TotalCount(100)}, numbered, numbered, 24},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
			sandbox.AddFault(test.fault)
			listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
			if err != nil {
				t.Fatal(err)
			}
			if listing.Incomplete == nil || listing.Incomplete.Listed != test.listed || *listing.Incomplete.Counted != test.counted {
				t.Errorf("unsettled: %+v", listing.Incomplete)
			}
			if len(listing.Images) != test.listed {
				t.Errorf("%d listed instead of %d", len(listing.Images), test.listed)
			}
			if slices.ContainsFunc(listing.Images, func(i pai.Image) bool { return len(i.Labels) == 0 }) {
				t.Error("images without labels")
			}
			if asked := pagesAsked(sandbox); asked > test.requests {
				t.Errorf("%d requests, more than %d", asked, test.requests)
			}
		})
	}
}

func pages(numbers ...int) func(paisandbox.Request) bool {
	return func(r paisandbox.Request) bool {
		return slices.ContainsFunc(numbers, func(n int) bool { return r.Query.Get("PageNumber") == strconv.Itoa(n) })
	}
}

// TestListImagesNeedsBothPassesWhole: the same images twice are not enough, where a page of the second pass counts more.
func TestListImagesNeedsBothPassesWhole(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(2), Skip: 1, Times: 1, Do: paisandbox.TotalCount(numbered + 1)})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if listing.Incomplete != nil || len(listing.Images) != numbered || pagesAsked(sandbox) < 20 {
		t.Errorf("%d images with %d requests, unsettled %v", len(listing.Images), pagesAsked(sandbox), listing.Incomplete)
	}
}

// TestListImagesBehindAHole: pages without images in the middle don't hide those behind them.
func TestListImagesBehindAHole(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	sandbox.AddFault(paisandbox.Fault{Match: pages(3, 4, 5, 6, 7), Do: paisandbox.EmptyPage()})
	listing, err := connect(t, sandbox, oneAtATime).ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 7})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Images) != numbered-5*7 || listing.Incomplete == nil {
		t.Errorf("%d images, unsettled %v", len(listing.Images), listing.Incomplete)
	}
}

// TestListImagesOfOnePageForEver: a service that gives the same page whatever it is asked for ends in a warning.
func TestListImagesOfOnePageForEver(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{})
	one := `{"TotalCount":1000000000,"Images":[{"ImageId":"a"}` + strings.Repeat(`,{"ImageId":"b"}`, 99) + `]}`
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, one)})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
	if err != nil {
		t.Fatal(err)
	}
	// In each of four passes: up to 8 pages at once, any of which may come first and count as the fruitful one, ten barren ones
	// beyond it, and what is under way by then.
	const most = 4 * (8 + 10 + 8 + 1)
	if len(listing.Images) != 2 || listing.Incomplete == nil || pagesAsked(sandbox) > most {
		t.Errorf("%d images with %d requests, unsettled %v", len(listing.Images), pagesAsked(sandbox), listing.Incomplete)
	}
}

// TestListImagesTakesASmallerPage where the service refuses a size that the user didn't choose.
func TestListImagesTakesASmallerPage(t *testing.T) {
	t.Parallel()
	for limit, sizes := range map[int][]string{50: {"100", "50"}, 20: {"100", "50", "20"}, 10: {"100", "50", "20"}} {
		sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.RefusePageSizeAbove(limit)})
		listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})

		var asked []string
		for _, request := range sandbox.Requests()[:len(sizes)] {
			asked = append(asked, request.Query.Get("PageSize"))
		}
		if diff := cmp.Diff(sizes, asked); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
		if limit < 20 {
			var refused *paiclient.APIError
			if !errors.As(err, &refused) || refused.Kind != paiclient.KindParameter {
				t.Errorf("limit %d: %v", limit, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(listing.Images) != numbered || listing.Incomplete != nil {
			t.Errorf("limit %d: %d images, unsettled %v", limit, len(listing.Images), listing.Incomplete)
		}
	}
}

func TestListImagesKeepsTheUsersPageSize(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.RefusePageSizeAbove(50)})
	_, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 60})
	var refused *paiclient.APIError
	if !errors.As(err, &refused) || refused.Kind != paiclient.KindParameter || refused.Code != "InvalidParameter" {
		t.Errorf("got %v", err)
	}
	if asked := pagesAsked(sandbox); asked != 1 {
		t.Errorf("%d requests instead of 1", asked)
	}
}

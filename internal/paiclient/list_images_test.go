package paiclient_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const numbered = 437 // images: four full pages of 100 and a part of one

// TestListImagesIsCompleteAndOrdered lists the same images in every way that pages can come.
func TestListImagesIsCompleteAndOrdered(t *testing.T) {
	t.Parallel()
	faults := map[string]func(*paisandbox.Sandbox){
		"as it is": func(*paisandbox.Sandbox) {},
		"clamped at 50": func(s *paisandbox.Sandbox) {
			s.AddFault(paisandbox.Fault{Do: paisandbox.ClampPageSize(50)})
		},
		"clamped at 10": func(s *paisandbox.Sandbox) {
			s.AddFault(paisandbox.Fault{Do: paisandbox.ClampPageSize(10)})
		},
		"pages in any order": func(s *paisandbox.Sandbox) {
			for range 4 {
				s.AddFault(paisandbox.Fault{
					Match: func(paisandbox.Request) bool { return rand.N(2) == 0 },
					Do:    paisandbox.Delay(time.Duration(rand.N(20)) * time.Millisecond),
				})
			}
		},
		"sorted the other way": func(s *paisandbox.Sandbox) {
			s.AddFault(paisandbox.Fault{Do: paisandbox.ReverseOrder()})
		},
	}
	for fault, turnOn := range faults {
		for _, size := range []int{0, 7, 50, 100} {
			for _, order := range []string{paiclient.Ascending, paiclient.Descending} {
				t.Run(fmt.Sprintf("%s, size %d, %s", fault, size, order), func(t *testing.T) {
					t.Parallel()
					sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
					turnOn(sandbox)
					client := connect(t, sandbox)
					want := oldestFirst(sandbox.Images())
					if order == paiclient.Descending {
						slices.Reverse(want)
					}
					var before *paiclient.ImageList
					for range 2 {
						listing, err := client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: size, Order: order, Verbose: true})
						if err != nil {
							t.Fatal(err)
						}
						if diff := cmp.Diff(want, idsOf(listing)); diff != "" {
							t.Fatal(diff)
						}
						if listing.Incomplete != nil || listing.TotalCount == nil || *listing.TotalCount != numbered {
							t.Errorf("unsettled %v, total %v", listing.Incomplete, listing.TotalCount)
						}
						if before != nil && !cmp.Equal(before, listing) {
							t.Error("the second listing differs from the first")
						}
						before = listing
					}
				})
			}
		}
	}
}

// TestListImagesWhileImagesMove deletes an image and adds another between any two requests, so that the counts agree
// throughout and only the ids tell that a page was missed.
func TestListImagesWhileImagesMove(t *testing.T) {
	t.Parallel()
	for _, size := range []int{7, 50, 100} {
		requests := 2 * ((numbered + size - 1) / size)
		for n := 1; n <= requests+1; n += max(1, requests/20) {
			for name, deleted := range map[string]int{"first": 0, "last": numbered - 1} {
				t.Run(fmt.Sprintf("size %d, before request %d, %s image", size, n, name), func(t *testing.T) {
					t.Parallel()
					sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
					stays := oldestFirst(sandbox.Images())
					gone := stays[deleted]
					sandbox.BeforeRequest(n, func(s *paisandbox.Sandbox) {
						s.Remove(gone)
						s.Put(paisandbox.Official("registry.cn-hangzhou.aliyuncs.com/pai-dlc/new:1").CreatedAt(time.Now()))
					})
					listing, err := connect(t, sandbox, oneAtATime).ListImages(t.Context(), paiclient.ListImagesInput{PageSize: size})
					if err != nil {
						t.Fatal(err)
					}
					if listing.Incomplete != nil {
						t.Fatalf("unsettled: %+v", listing.Incomplete)
					}
					got := idsOf(listing)
					for i, id := range stays {
						if i != deleted && !slices.Contains(got, id) {
							t.Fatalf("%s was there all along and is missing", id)
						}
					}
					if len(got) != numbered {
						t.Errorf("%d images instead of %d", len(got), numbered)
					}
				})
			}
		}
	}
}

func TestListImagesReadsOnePageOnce(t *testing.T) {
	t.Parallel()
	for count, requests := range map[int]int{
		0: 1, 1: 1, 99: 1,
		100: 2, // a full page may be all that the count is about, so the next is looked at
	} {
		sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(count)[:count:count]})
		listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
		if err != nil {
			t.Fatal(err)
		}
		if len(listing.Images) != count || listing.Incomplete != nil || pagesAsked(sandbox) != requests {
			t.Errorf("%d images: %d listed with %d requests, unsettled %v", count, len(listing.Images), pagesAsked(sandbox), listing.Incomplete)
		}
	}
}

// TestListImagesCostsTwoPasses expects one request per page and pass, no labels in the second pass, and no request of it
// before the last response of the first: passes that overlap could agree although images moved.
func TestListImagesCostsTwoPasses(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	sandbox.AddFault(paisandbox.Fault{
		Match: paisandbox.OnAll(paisandbox.OnPage(4), paisandbox.OnQuery("Verbose", "true")),
		Do: paisandbox.Call(func(s *paisandbox.Sandbox) {
			time.Sleep(50 * time.Millisecond)
			if slices.ContainsFunc(s.Requests(), paisandbox.OnQuery("Verbose", "false")) {
				t.Error("the second pass began before the first had all its responses")
			}
		}),
	})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := pagesAsked(sandbox); got != 10 {
		t.Errorf("%d requests instead of twice five", got)
	}
	for _, image := range listing.Images {
		if len(image.Labels) == 0 {
			t.Fatalf("%s came without its labels", *image.ImageID)
		}
	}
	for i, request := range sandbox.Requests() {
		if want := fmt.Sprint(i < 5); request.Query.Get("Verbose") != want {
			t.Errorf("request %d: Verbose = %s", i+1, request.Query.Get("Verbose"))
		}
	}
}

func TestListImagesOnePageOnly(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{PageNumber: 5, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Images) != 37 || *listing.TotalCount != numbered || pagesAsked(sandbox) != 1 || listing.Incomplete != nil || listing.ShortPage != nil {
		t.Errorf("%d images of %d with %d requests", len(listing.Images), *listing.TotalCount, pagesAsked(sandbox))
	}
}

// TestListImagesTellsOfAShortPage: under a limit of the service's own, page numbers mean other images.
func TestListImagesTellsOfAShortPage(t *testing.T) {
	t.Parallel()
	for _, fault := range []paisandbox.Effect{paisandbox.ClampPageSize(50), paisandbox.RefusePageSizeAbove(50)} {
		sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
		sandbox.AddFault(paisandbox.Fault{Do: fault})
		listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{PageNumber: 2})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&paiclient.ShortPage{Requested: 100, Returned: 50}, listing.ShortPage); diff != "" || len(listing.Images) != 50 {
			t.Errorf("%d images: %s", len(listing.Images), diff)
		}
	}
}

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

const imageCount = 437 // four full pages of 100 images, and a page of 37

// TestListImagesIsCompleteAndOrdered checks two lists of the same images. Both must be complete and in order, and they
// must be equal. In each case, the service returns all images but behaves differently. It tests rules 1 and 3 of
// DESIGN.md.
func TestListImagesIsCompleteAndOrdered(t *testing.T) {
	t.Parallel()
	behaviours := map[string]func(*paisandbox.Sandbox){
		"no fault": func(*paisandbox.Sandbox) {},
		"page size limited to 50": func(s *paisandbox.Sandbox) {
			s.AddFault(paisandbox.Fault{Do: paisandbox.ClampPageSize(50)})
		},
		"page size limited to 15": func(s *paisandbox.Sandbox) {
			s.AddFault(paisandbox.Fault{Do: paisandbox.ClampPageSize(15)})
		},
		"random delays": func(s *paisandbox.Sandbox) {
			for range 4 {
				s.AddFault(paisandbox.Fault{
					Match: func(paisandbox.Request) bool { return rand.N(2) == 0 },
					Do:    paisandbox.Delay(time.Duration(rand.N(10)) * time.Millisecond),
				})
			}
		},
		"reverse order": func(s *paisandbox.Sandbox) {
			s.AddFault(paisandbox.Fault{Do: paisandbox.ReverseOrder()})
		},
	}
	for name, addFaults := range behaviours {
		for _, size := range []int{0, 17, 100} {
			for _, order := range []string{paiclient.Ascending, paiclient.Descending} {
				t.Run(fmt.Sprintf("%s, size %d, %s", name, size, order), func(t *testing.T) {
					t.Parallel()
					sandbox := numberedSandbox(t, imageCount)
					addFaults(sandbox)
					client := newClient(t, sandbox)
					want := ascendingIDs(sandbox.Images())
					if order == paiclient.Descending {
						slices.Reverse(want)
					}
					var previous *paiclient.ImageList
					for range 2 {
						list := listImages(t, client, paiclient.ListImagesInput{PageSize: size, Order: order, Verbose: true})
						if diff := cmp.Diff(want, imageIDs(list)); diff != "" {
							t.Fatal(diff)
						}
						if list.Incomplete != nil || list.TotalCount == nil || *list.TotalCount != imageCount {
							t.Errorf("incomplete: %+v, total: %v", list.Incomplete, list.TotalCount)
						}
						if previous != nil && !cmp.Equal(previous, list) {
							t.Error("the second list differs from the first")
						}
						previous = list
					}
				})
			}
		}
	}
}

// TestListImagesWhileImagesMove deletes an image and adds another one before one of the requests. The counts still
// agree, so only the IDs show that images moved to other pages. The list must contain all images that existed the whole
// time. Rule 1 of DESIGN.md.
func TestListImagesWhileImagesMove(t *testing.T) {
	t.Parallel()
	const images = 110
	for _, size := range []int{8, 25} {
		requests := 2 * ((images + size - 1) / size)
		for n := 1; n <= requests+1; n++ {
			for name, deleted := range map[string]int{"first": 0, "last": images - 1} {
				t.Run(fmt.Sprintf("size %d, before request %d, %s image", size, n, name), func(t *testing.T) {
					t.Parallel()
					sandbox := numberedSandbox(t, images)
					before := ascendingIDs(sandbox.Images())
					sandbox.BeforeRequest(n, func(s *paisandbox.Sandbox) {
						s.Remove(before[deleted])
						s.Put(paisandbox.Official("registry.cn-hangzhou.aliyuncs.com/pai-dlc/new:1").CreatedAt(time.Now()))
					})
					list := listImages(t, newClient(t, sandbox, sequential), paiclient.ListImagesInput{PageSize: size})
					if list.Incomplete != nil {
						t.Fatalf("incomplete: %+v", list.Incomplete)
					}
					got := imageIDs(list)
					for i, id := range before {
						if i != deleted && !slices.Contains(got, id) {
							t.Fatalf("%s existed all the time and is missing", id)
						}
					}
					if len(got) != images {
						t.Errorf("got %d images, want %d", len(got), images)
					}
				})
			}
		}
	}
}

// TestListImagesRenamedBackAndForth renames two images so that they match the filter alternately, in the same way in
// both passes. Every count is 4, and both passes return the same four images. However, they miss an image that matched
// the whole time. Only the modification times differ between the passes.
func TestListImagesRenamedBackAndForth(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	image := func(k int) paisandbox.Image {
		official := paisandbox.Official(fmt.Sprintf("example.com/pai/x:%d", k)).CreatedAt(epoch.AddDate(0, 0, k))
		return official.With(func(i *paisandbox.Image) { i.Name = paisandbox.Value("red") })
	}
	renames := 0
	rename := func(i paisandbox.Image, name string) paisandbox.Image {
		renames++
		return i.With(func(i *paisandbox.Image) {
			i.Name = paisandbox.Value(name)
			i.GmtModifiedTime = paisandbox.Value(epoch.AddDate(1, 0, renames).Format(time.RFC3339))
		})
	}
	first, second, constant, fourth, last := image(1), image(2), image(3), image(4), image(5)
	sandbox := startSandbox(t, paisandbox.Options{
		Catalogue: []paisandbox.Image{first, second, constant, fourth, rename(last, "blue")},
	})
	swapAtPage := func(page int, removed, added paisandbox.Image) {
		sandbox.AddFault(paisandbox.Fault{
			Match: paisandbox.OnPage(page),
			Do:    paisandbox.Call(func(s *paisandbox.Sandbox) { s.Put(rename(removed, "blue"), rename(added, "red")) }),
		})
	}
	swapAtPage(1, last, first)
	swapAtPage(2, first, last) // page 2 now starts after the constant image
	list := listImages(t, newClient(t, sandbox, sequential), paiclient.ListImagesInput{Name: "red", PageSize: 2})
	if id := constant.ImageID.Or(""); list.Incomplete == nil && !slices.Contains(imageIDs(list), id) {
		t.Errorf("%v lacks %s without a warning, after %d requests", imageIDs(list), id, listRequests(sandbox))
	}
}

func TestListImagesReadsOnePageOnce(t *testing.T) {
	t.Parallel()
	for count, requests := range map[int]int{
		0: 1, 1: 1, 99: 1,
		100: 2, // the page is full, and the count could be the number of images on the page
	} {
		sandbox := numberedSandbox(t, count)
		list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{})
		if len(list.Images) != count || list.Incomplete != nil || listRequests(sandbox) != requests {
			t.Errorf("%d images: got %d with %d requests, incomplete: %+v",
				count, len(list.Images), listRequests(sandbox), list.Incomplete)
		}
	}
}

// TestListImagesReadsTwoPasses checks that each pass sends one request per page, and that the second pass requests no
// labels. The second pass must not start before the last response of the first: overlapping passes could agree although
// images moved to other pages.
func TestListImagesReadsTwoPasses(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{
		Match: paisandbox.OnAll(paisandbox.OnPage(4), paisandbox.OnQuery("Verbose", "true")),
		Do: paisandbox.Call(func(s *paisandbox.Sandbox) {
			time.Sleep(50 * time.Millisecond)
			if slices.ContainsFunc(s.Requests(), paisandbox.OnQuery("Verbose", "false")) {
				t.Error("the second pass began before the first had all its responses")
			}
		}),
	})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{Verbose: true})
	if got := listRequests(sandbox); got != 10 {
		t.Errorf("got %d requests, want 10", got)
	}
	checkLabels(t, list)
	for i, request := range sandbox.Requests() {
		if got, want := request.Query.Get("Verbose"), fmt.Sprint(i < 5); got != want {
			t.Errorf("request %d: got Verbose %s, want %s", i+1, got, want)
		}
	}
}

// checkLabels checks that every image has labels.
func checkLabels(t *testing.T, list *paiclient.ImageList) {
	t.Helper()
	for _, image := range list.Images {
		if len(image.Labels) == 0 {
			t.Fatalf("%s has no labels", *image.ImageID)
		}
	}
}

// TestListImagesLabels checks that the request contains the labels sorted by key. If the API can't filter by a label,
// the result must be an error without a request.
func TestListImagesLabels(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	client := newClient(t, sandbox)
	for _, test := range []struct {
		labels map[string]string
		want   string // empty if an error is expected
	}{
		{map[string]string{"b": "2", "a": "1", "c": "*"}, "a=1,b=2,c=*"},
		{map[string]string{"system.framework": "XGBoost 1.6.0"}, "system.framework=XGBoost 1.6.0"},
		{map[string]string{"a": "x=y"}, "a=x=y"},
		{map[string]string{"a": "ü&+%"}, "a=ü&+%"},
		{map[string]string{"": "1"}, ""},
		{map[string]string{" ": "1"}, ""},
		{map[string]string{"a=b": "1"}, ""},
		{map[string]string{"a,b": "1"}, ""},
		{map[string]string{"a": ""}, ""},
		{map[string]string{"a": "1,2"}, ""},
	} {
		before := len(sandbox.Requests())
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{Labels: test.labels})
		requests := sandbox.Requests()[before:]
		if test.want == "" {
			if err == nil || len(requests) != 0 {
				t.Errorf("%v: got %v after %d requests, want an error and none", test.labels, err, len(requests))
			}
			continue
		}
		if err != nil || requests[0].Query.Get("Labels") != test.want {
			t.Errorf("%v: got %v, %v, want %s", test.labels, err, requests, test.want)
		}
	}
}

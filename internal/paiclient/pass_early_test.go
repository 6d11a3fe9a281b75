package paiclient_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestPassesDoNotOverlap: passes that agree only tell something if all of the first was answered before any of the second was
// asked for, however long a page takes.
func TestPassesDoNotOverlap(t *testing.T) {
	t.Parallel()
	for _, options := range [][]func(*paiclient.Options){nil, {oneAtATime}} {
		sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
		var overlapped atomic.Int64
		sandbox.AddFault(paisandbox.Fault{
			Match: paisandbox.OnAll(paisandbox.OnPage(4), paisandbox.OnQuery("Verbose", "true")),
			Do: paisandbox.Call(func(s *paisandbox.Sandbox) {
				time.Sleep(50 * time.Millisecond)
				for _, request := range s.Requests() {
					if request.Query.Get("Verbose") == "false" {
						overlapped.Add(1)
					}
				}
			}),
		})
		listing, err := connect(t, sandbox, options...).ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
		if err != nil || len(listing.Images) != numbered || listing.Unsettled != nil {
			t.Errorf("%v, %v", listing, err)
		}
		if overlapped.Load() > 0 || pagesAsked(sandbox) != 10 {
			t.Errorf("%d of %d requests were for the second pass while the first was unanswered", overlapped.Load(), pagesAsked(sandbox))
		}
	}
}

// TestSecondPassBegunTooEarly: the second pass has begun when the answers that are in turn out not to be all of the first. Then
// all of it is asked for again after those.
func TestSecondPassBegunTooEarly(t *testing.T) {
	t.Parallel()
	broken := paisandbox.Body(200, `{"TotalCount":437,"Images":[{"ImageId":"image-broken`)
	cases := map[string]struct {
		faults []paisandbox.Fault
		page   string // that is asked for late
		times  int    // when it is asked for so often
	}{
		"a page is broken": {[]paisandbox.Fault{
			{Match: paisandbox.OnPage(3), Times: 1, Do: paisandbox.Delay(100 * time.Millisecond)}, // the last answer to come
			{Match: paisandbox.OnPage(3), Times: 1, Do: broken},
		}, "3", 2},
		"a page more":          {[]paisandbox.Fault{{Times: 5, Do: paisandbox.TotalCount(numbered + 1)}}, "6", 1},
		"a count that was low": {[]paisandbox.Fault{{Match: paisandbox.OnPage(1), Times: 1, Do: paisandbox.TotalCount(150)}}, "5", 1},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
			for _, fault := range test.faults {
				sandbox.AddFault(fault)
			}
			client := connect(t, sandbox)
			client.WaitBetween(50*time.Millisecond, 50*time.Millisecond) // time to begin too early
			listing, err := client.ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(oldestFirst(sandbox.Images()), idsOf(listing)); diff != "" || listing.Unsettled != nil {
				t.Error(diff, listing.Unsettled)
			}
			// Of the second pass, those that came after the late page of the first.
			var second []string
			asked := 0
			for _, request := range sandbox.Requests() {
				switch page := request.Query.Get("PageNumber"); {
				case request.Query.Get("Verbose") == "false":
					second = append(second, page)
				case page == test.page:
					if asked++; asked == test.times {
						second = nil
					}
				}
			}
			if len(second) >= 5 {
				return
			}
			t.Errorf("after page %s of the first pass only the pages %v of the second were asked for", test.page, second)
		})
	}
}

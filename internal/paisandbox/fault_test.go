package paisandbox

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFaultConditions(t *testing.T) {
	t.Parallel()
	teapot := Status(http.StatusTeapot, "text/plain", "")
	targets := []string{"?PageNumber=1", "?PageNumber=2", "?PageNumber=2&Verbose=true", "/torch?Verbose=true", ""}
	for name, tt := range map[string]struct {
		fault Fault
		want  []int // status for each target
	}{
		"always":         {Fault{Do: teapot}, []int{418, 418, 418, 418, 418}},
		"Times":          {Fault{Do: teapot, Times: 2}, []int{418, 418, 200, 200, 200}},
		"Skip":           {Fault{Do: teapot, Skip: 2}, []int{200, 200, 418, 418, 418}},
		"Skip and Times": {Fault{Do: teapot, Skip: 1, Times: 1}, []int{200, 418, 200, 200, 200}},
		"page 1":         {Fault{Do: teapot, Match: OnPage(1)}, []int{418, 200, 200, 200, 418}},
		"page 2, Times":  {Fault{Do: teapot, Match: OnPage(2), Times: 1}, []int{200, 418, 200, 200, 200}},
		"page 2, Skip":   {Fault{Do: teapot, Match: OnPage(2), Skip: 1}, []int{200, 200, 418, 200, 200}},
		"action":         {Fault{Do: teapot, Match: OnAction("GetImage")}, []int{200, 200, 200, 418, 200}},
		"query":          {Fault{Do: teapot, Match: OnQuery("Verbose", "true")}, []int{200, 200, 418, 418, 200}},
		"page 2 and query": {
			Fault{Do: teapot, Match: OnAll(OnPage(2), OnQuery("Verbose", "true"))}, []int{200, 200, 418, 200, 200},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{Catalogue: smallCatalogue()})
			s.AddFault(tt.fault)
			c := newCaller(s)
			var got []int
			for _, target := range targets {
				got = append(got, c.get(t, imagesPath+target).StatusCode)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			s.ClearFaults()
			c.list(t, "")
		})
	}
}

func TestSeveralFaultsApply(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(30)})
	calls := 0
	s.AddFault(Fault{Do: Call(func(*Sandbox) { calls++ })})
	s.AddFault(Fault{Do: ClampPageSize(7)})
	s.AddFault(Fault{Do: TotalCount(5)})
	page := newCaller(s).list(t, "PageSize=20")
	if calls != 1 || len(page.Images) != 7 || page.TotalCount != 5 {
		t.Errorf("got %d calls, %d images, TotalCount %d; want 1, 7, 5", calls, len(page.Images), page.TotalCount)
	}
}

func TestFaultsSkipUnsignedRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Times: 1, Do: ServerError(http.StatusBadGateway)})
	c := newCaller(s)
	c.afterSigning = func(r *http.Request) { r.Header.Del("Authorization") }
	if e := c.get(t, imagesPath).apiError(t); e.Code != "IncompleteSignature" {
		t.Errorf("got %s for an unsigned request", e.Code)
	}
	c.afterSigning = nil
	if r := c.get(t, imagesPath); r.StatusCode != http.StatusBadGateway {
		t.Errorf("got %s: the unsigned request was counted", r.Status)
	}
}

func TestMatchMayCallTheSandbox(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Match: func(Request) bool {
		s.AddFault(Fault{Match: func(Request) bool { return false }, Do: Hang()})
		return len(s.Requests()) == 2
	}, Do: EmptyPage()})
	c := newCaller(s)
	if first, second := c.list(t, ""), c.list(t, ""); len(first.Images) != 20 || len(second.Images) != 0 {
		t.Errorf("got %d and %d images, want 20 and 0", len(first.Images), len(second.Images))
	}
}

func TestBeforeRequest(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue()})
	c := newCaller(s)
	c.list(t, "")
	s.BeforeRequest(2, func(s *Sandbox) { s.Remove("torch") })
	s.BeforeRequest(3, func(s *Sandbox) { s.Remove("xgb", "mine") })
	for k, want := range []int{5, 4, 2, 2} {
		if page := c.list(t, ""); page.TotalCount != want {
			t.Errorf("request %d: got %d images, want %d", k+1, page.TotalCount, want)
		}
	}
}

func TestLimitRate(t *testing.T) {
	t.Parallel()
	var elapsed atomic.Int64 // milliseconds
	s := startSandbox(t, Options{Catalogue: smallCatalogue(), Now: func() time.Time {
		return testEpoch.Add(time.Duration(elapsed.Load()) * time.Millisecond)
	}})
	s.AddFault(Fault{Do: LimitRate(3, Throttle(http.StatusTooManyRequests, 400*time.Millisecond))})
	c := newCaller(s)
	times := []int64{0, 100, 200, 300, 999, 1000, 1001, 1100, 1150, 1200, 1999, 2000, 9000, 9000, 9000, 9000}
	want := []int{200, 200, 200, 429, 429, 200, 429, 200, 429, 200, 429, 200, 200, 200, 200, 429}
	var got []int
	for _, at := range times {
		elapsed.Store(at)
		r := c.get(t, imagesPath)
		got = append(got, r.StatusCode)
		if r.StatusCode != http.StatusOK &&
			(r.apiError(t).Code != "Throttling.User" || r.Header.Get("X-Acs-Retry-After") != "400") {
			t.Errorf("at %d ms: got %s", at, r.body)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLimitRateCounts checks that requests that don't match don't count towards the rate. It also checks that requests
// below the rate don't count towards Times.
func TestLimitRateCounts(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue(), Now: newClock().now})
	s.AddFault(Fault{Match: OnAction("GetImage"), Times: 1, Do: LimitRate(2, Throttle(http.StatusBadRequest, -1))})
	c := newCaller(s)
	var got []int
	for _, path := range []string{"", "", "", "/torch", "/torch", "/torch", "/torch", ""} {
		got = append(got, c.get(t, imagesPath+path).StatusCode)
	}
	if diff := cmp.Diff([]int{200, 200, 200, 200, 200, 400, 200, 200}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLimitRateOfConcurrentRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue(), Now: newClock().now})
	s.AddFault(Fault{Do: LimitRate(20, Throttle(http.StatusBadRequest, -1))})
	c := newCaller(s)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if r, err := c.do(t.Context(), t, imagesPath); err != nil {
				t.Errorf("%s: %v", r.body, err)
			}
		})
	}
	group.Wait()
	allowed := 0
	for _, request := range s.Requests() {
		if request.Status == http.StatusOK {
			allowed++
		}
	}
	if allowed != 20 {
		t.Errorf("got %d successful requests, want 20", allowed)
	}
}

func TestPageFaults(t *testing.T) {
	t.Parallel()
	images := Numbered(30)
	const page2 = "PageSize=10&PageNumber=2&SortBy=GmtCreateTime"
	c := newCaller(startSandbox(t, Options{Catalogue: images}))
	list := func(query string) []string { return imageIDs(c.list(t, query).Images) }
	first, second := list("PageSize=10&SortBy=GmtCreateTime"), list(page2)
	for name, tt := range map[string]struct {
		do    Effect
		want  []string
		total int
	}{
		"ClampPageSize to less":         {ClampPageSize(4), list("PageSize=4&PageNumber=2&SortBy=GmtCreateTime"), 30},
		"ClampPageSize to more":         {ClampPageSize(40), second, 30},
		"RaisePageSize to more":         {RaisePageSize(16), list("PageSize=16&PageNumber=2&SortBy=GmtCreateTime"), 30},
		"RaisePageSize to less":         {RaisePageSize(4), second, 30},
		"RefusePageSizeAbove this size": {RefusePageSizeAbove(10), second, 30},
		"EmptyPage":                     {EmptyPage(), nil, 30},
		"ShortPage":                     {ShortPage(3), second[:7], 30},
		"ShortPage by more than a page": {ShortPage(11), nil, 30},
		"RepeatPage":                    {RepeatPage(), first, 30},
		"TotalCount":                    {TotalCount(12), second, 12},
		"CountPage":                     {CountPage(), second, 10},
		"ReverseOrder":                  {ReverseOrder(), list(page2 + "&Order=DESC"), 30},
	} {
		s := startSandbox(t, Options{Catalogue: images})
		s.AddFault(Fault{Do: tt.do})
		page := newCaller(s).list(t, page2)
		if diff := cmp.Diff(tt.want, imageIDs(page.Images)); diff != "" || page.TotalCount != tt.total {
			t.Errorf("%s: got TotalCount %d, want %d; %s", name, page.TotalCount, tt.total, diff)
		}
	}
}

func TestEndlessPages(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(1)})
	s.AddFault(Fault{Do: EndlessPages(3)})
	seen := make(map[string]bool)
	for number := 1; number <= 4; number++ {
		page := newCaller(s).list(t, fmt.Sprint("PageSize=10&PageNumber=", number))
		for _, id := range imageIDs(page.Images) {
			seen[id] = true
		}
		if len(seen) != 3*number || page.TotalCount <= len(seen) {
			t.Errorf("page %d: got %d images and TotalCount %d, want %d images", number, len(seen), page.TotalCount, 3*number)
		}
	}
}

// TestRefusePageSizeAbove checks that the effect uses the requested page size, not the page size that is limited by
// Options.MaxPageSize.
func TestRefusePageSizeAbove(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{MaxPageSize: 20})
	s.AddFault(Fault{Do: RefusePageSizeAbove(50)})
	c := newCaller(s)
	if e := c.get(t, imagesPath+"?PageSize=51").apiError(t); e.Code != "InvalidParameter" {
		t.Errorf("got %s", e.Code)
	}
	if page := c.list(t, "PageSize=50"); len(page.Images) != 20 {
		t.Errorf("got %d images, want 20", len(page.Images))
	}
}

func TestIgnoreLabels(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue()})
	s.AddFault(Fault{Do: IgnoreLabels()})
	c := newCaller(s)
	for filters, want := range map[string]int{"Labels=k=first": 5, "Labels=k=none&Name=pytorch": 2} {
		if page := c.list(t, encodeFilters(filters)); page.TotalCount != want || len(page.Images) != want {
			t.Errorf("%s: got %d images and TotalCount %d, want %d", filters, len(page.Images), page.TotalCount, want)
		}
	}
	if e := c.get(t, imagesPath+"?Labels=k").apiError(t); e.Code != "InvalidParameter.Labels" {
		t.Errorf("got %s for an invalid label", e.Code)
	}
}

func TestShuffleTies(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(10)}) // all have the same creation time
	s.AddFault(Fault{Do: ShuffleTies()})
	c := newCaller(s)
	const query = "SortBy=GmtCreateTime"
	if slices.Equal(imageIDs(c.list(t, query).Images), imageIDs(c.list(t, query).Images)) {
		t.Error("two requests returned images of equal creation time in the same order")
	}
}

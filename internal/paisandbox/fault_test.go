package paisandbox

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFaultsHitWhatTheyMatch(t *testing.T) {
	t.Parallel()
	broken := Status(http.StatusTeapot, "text/plain", "")
	for name, tt := range map[string]struct {
		fault Fault
		want  []int // status of five requests: page 1, page 2, page 2, an image, without a page
	}{
		"every":           {Fault{Do: broken}, []int{418, 418, 418, 418, 418}},
		"twice":           {Fault{Do: broken, Times: 2}, []int{418, 418, 200, 200, 200}},
		"after two":       {Fault{Do: broken, Skip: 2}, []int{200, 200, 418, 418, 418}},
		"once, after one": {Fault{Do: broken, Skip: 1, Times: 1}, []int{200, 418, 200, 200, 200}},
		"page 1":          {Fault{Do: broken, Match: OnPage(1)}, []int{418, 200, 200, 200, 418}},
		"page 2, once":    {Fault{Do: broken, Match: OnPage(2), Times: 1}, []int{200, 418, 200, 200, 200}},
		"page 2, second":  {Fault{Do: broken, Match: OnPage(2), Skip: 1}, []int{200, 200, 418, 200, 200}},
		"action":          {Fault{Do: broken, Match: OnAction("GetImage")}, []int{200, 200, 200, 418, 200}},
		"query":           {Fault{Do: broken, Match: OnQuery("Verbose", "true")}, []int{200, 200, 418, 418, 200}},
		"two conditions":  {Fault{Do: broken, Match: OnAll(OnPage(2), OnQuery("Verbose", "true"))}, []int{200, 200, 418, 200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{Catalogue: smallCatalogue()})
			s.AddFault(tt.fault)
			c := newCaller(s)
			var got []int
			for _, target := range []string{"?PageNumber=1", "?PageNumber=2", "?PageNumber=2&Verbose=true", "/torch?Verbose=true", ""} {
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

func TestFaultsAddUp(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(30)})
	called := 0
	s.AddFault(Fault{Do: Call(func(*Sandbox) { called++ })})
	s.AddFault(Fault{Do: ClampPageSize(7)})
	s.AddFault(Fault{Do: TotalCount(5)})
	if page := newCaller(s).list(t, "PageSize=20"); called != 1 || len(page.Images) != 7 || page.TotalCount != 5 {
		t.Errorf("%d calls, %d of %d images", called, len(page.Images), page.TotalCount)
	}
}

func TestFaultsAreForSignedRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Times: 1, Do: ServerError(http.StatusBadGateway)})
	c := newCaller(s)
	c.afterSigning = func(r *http.Request) { r.Header.Del("Authorization") }
	if e := c.get(t, imagesPath).apiError(t); e.Code != "IncompleteSignature" {
		t.Errorf("got %s", e.Code)
	}
	c.afterSigning = nil
	if a := c.get(t, imagesPath); a.StatusCode != http.StatusBadGateway {
		t.Errorf("got %s: the unsigned request has used up the fault", a.Status)
	}
}

func TestMatcherMayAskTheSandbox(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Match: func(Request) bool {
		s.AddFault(Fault{Match: func(Request) bool { return false }, Do: Hang()})
		return len(s.Requests()) == 2
	}, Do: EmptyPage()})
	c := newCaller(s)
	if first, second := c.list(t, ""), c.list(t, ""); len(first.Images) != 20 || len(second.Images) != 0 {
		t.Errorf("%d and %d images", len(first.Images), len(second.Images))
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue()})
	c := newCaller(s)
	c.list(t, "")
	s.BeforeRequest(2, func(s *Sandbox) { s.Remove("torch") })
	s.BeforeRequest(3, func(s *Sandbox) { s.Remove("xgb", "mine") })
	for k, want := range []int{5, 4, 2, 2} {
		if page := c.list(t, ""); page.TotalCount != want {
			t.Errorf("request %d: %d images, want %d", k+1, page.TotalCount, want)
		}
	}
}

func TestFaultsOfPages(t *testing.T) {
	t.Parallel()
	images := Numbered(30)
	const second = "PageSize=10&PageNumber=2&SortBy=GmtCreateTime"
	plain := newCaller(startSandbox(t, Options{Catalogue: images}))
	first, wanted := imageIDs(plain.list(t, "PageSize=10&SortBy=GmtCreateTime").Images), imageIDs(plain.list(t, second).Images)
	for name, tt := range map[string]struct {
		do    Effect
		want  []string
		total int
	}{
		"clamp":          {ClampPageSize(4), imageIDs(plain.list(t, "PageSize=4&PageNumber=2&SortBy=GmtCreateTime").Images), 30},
		"clamp above":    {ClampPageSize(40), wanted, 30},
		"allowed size":   {RefusePageSizeAbove(10), wanted, 30},
		"empty":          {EmptyPage(), nil, 30},
		"short":          {ShortPage(3), wanted[:7], 30},
		"shorter":        {ShortPage(11), nil, 30},
		"repeated":       {RepeatPage(), first, 30},
		"other count":    {TotalCount(12), wanted, 12},
		"reversed order": {ReverseOrder(), imageIDs(plain.list(t, second+"&Order=DESC").Images), 30},
	} {
		s := startSandbox(t, Options{Catalogue: images})
		s.AddFault(Fault{Do: tt.do})
		page := newCaller(s).list(t, second)
		if diff := cmp.Diff(tt.want, imageIDs(page.Images)); diff != "" || page.TotalCount != tt.total {
			t.Errorf("%s: TotalCount %d, %s", name, page.TotalCount, diff)
		}
	}
}

func TestRefusePageSizeAbove(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{MaxPageSize: 20})
	s.AddFault(Fault{Do: RefusePageSizeAbove(50)})
	c := newCaller(s)
	if e := c.get(t, imagesPath+"?PageSize=51").apiError(t); e.Code != "InvalidParameter" {
		t.Errorf("got %s", e.Code)
	}
	if page := c.list(t, "PageSize=50"); len(page.Images) != 20 {
		t.Errorf("%d images", len(page.Images))
	}
}

func TestShuffleTies(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(10)})
	s.AddFault(Fault{Do: ShuffleTies()})
	c := newCaller(s)
	const query = "SortBy=GmtCreateTime"
	if slices.Equal(imageIDs(c.list(t, query).Images), imageIDs(c.list(t, query).Images)) {
		t.Error("ten equal creation times came in the same order twice")
	}
}

func TestDelayEndsWithTheClient(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Times: 1, Do: Delay(300 * time.Millisecond)})
	c := newCaller(s)
	began := time.Now()
	c.list(t, "")
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("delayed by %v only", took)
	}
}

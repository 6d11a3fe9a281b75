package paisandbox

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		"RefusePageSizeAbove this size": {RefusePageSizeAbove(10), second, 30},
		"EmptyPage":                     {EmptyPage(), nil, 30},
		"ShortPage":                     {ShortPage(3), second[:7], 30},
		"ShortPage by more than a page": {ShortPage(11), nil, 30},
		"RepeatPage":                    {RepeatPage(), first, 30},
		"TotalCount":                    {TotalCount(12), second, 12},
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

// TestRefusePageSizeAbove checks that the fault sees the requested page size, not the size after Options.MaxPageSize.
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

func TestShuffleTies(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(10)}) // all of one creation time
	s.AddFault(Fault{Do: ShuffleTies()})
	c := newCaller(s)
	const query = "SortBy=GmtCreateTime"
	if slices.Equal(imageIDs(c.list(t, query).Images), imageIDs(c.list(t, query).Images)) {
		t.Error("two requests returned images of equal creation time in the same order")
	}
}

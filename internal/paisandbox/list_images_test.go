package paisandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// smallCatalogue returns images of which every filter matches only some.
func smallCatalogue() []Image {
	onDay := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	withID := func(id string, i Image) Image { return i.With(func(i *Image) { i.ImageID = Value(id) }) }
	gpu := L("system.chipType", "GPU")
	return []Image{
		withID("torch", Official("dsw-registry/pai/PyTorch:2.1", gpu, L("system.framework.PyTorch", "2.1"))).
			CreatedAt(onDay(3)),
		withID("xgb", Official("registry/pai-dlc/xgboost:1.6.0", L("system.framework", "XGBoost 1.6.0"),
			L("system.chipType", "CPU"))).CreatedAt(onDay(1)),
		withID("twice", Official("registry/pai-dlc/tf:2.3", L("k", "first"), L("k", "second"))).CreatedAt(onDay(2)),
		withID("mine", Custom("20455", "registry/team/trainer:9", gpu)).CreatedAt(onDay(4)).
			With(func(i *Image) { i.Description = Value("by the Fraud team") }),
		withID("shared", Custom("31977", "registry/other/pytorch-x:1")).CreatedAt(onDay(5)).
			With(func(i *Image) { i.Accessibility = Value("PUBLIC") }),
	}
}

func TestListImagesFilters(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for _, tt := range []struct{ filters, want string }{
		{"", "xgb twice torch mine shared"},
		{"Name=pytorch", "torch shared"},
		{"Name=PYTORCH:", "torch"},
		{"Name=team", ""},
		{"Query=fraud", "mine"},
		{"Query=tf:", "twice"},
		{"ImageUri=pai-dlc/", "xgb twice"},
		{"ImageUri=registry/pai-dlc/tf:2.3", "twice"},
		{"WorkspaceId=20455", "mine"},
		{"WorkspaceId=1", ""},
		{"Accessibility=PRIVATE", "mine"},
		{"Accessibility=PUBLIC&WorkspaceId=31977", "shared"},
		{"Labels=system.chipType=GPU", "torch mine"},
		{"Labels=system.chipType=gpu", ""},
		{"Labels=system.chipType=GPU,system.official=true", "torch"},
		{"Labels=system.chipType=*", "xgb torch mine"},
		{"Labels=system.chipType=G*", ""},
		{"Labels=system.framework=XGBoost 1.6.0,system.official=true", "xgb"},
		{"Labels=k=first", "twice"},
		{"Labels=k=second,k=first", "twice"},
		{"Name=pytorch&Labels=system.chipType=*", "torch"},
	} {
		want := strings.Fields(tt.want)
		query := encodeFilters(tt.filters)
		page := c.list(t, query+"&SortBy=GmtCreateTime")
		if diff := cmp.Diff(want, imageIDs(page.Images), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", tt.filters, diff)
		}
		if page.TotalCount != len(want) {
			t.Errorf("%s: got TotalCount %d, want %d", tt.filters, page.TotalCount, len(want))
		}
		page = c.list(t, query+"&SortBy=GmtCreateTime&Order=DESC")
		slices.Reverse(page.Images)
		if diff := cmp.Diff(want, imageIDs(page.Images), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s, DESC: %s", tt.filters, diff)
		}
	}
}

// encodeFilters encodes filters such as "Name=a&Labels=k=v" as a query.
func encodeFilters(filters string) string {
	query := url.Values{}
	for filter := range strings.SplitSeq(filters, "&") {
		if name, value, ok := strings.Cut(filter, "="); ok {
			query.Set(name, value)
		}
	}
	return query.Encode()
}

func TestListImagesPages(t *testing.T) {
	t.Parallel()
	images := Numbered(437)
	c := newCaller(startSandbox(t, Options{Catalogue: images}))
	if page := c.list(t, ""); len(page.Images) != 20 || page.TotalCount != 437 {
		t.Errorf("default page: got %d of %d images, want 20 of 437", len(page.Images), page.TotalCount)
	}
	if page := c.list(t, "PageSize=1000"); len(page.Images) != 100 {
		t.Errorf("PageSize=1000: got %d images, want 100", len(page.Images))
	}
	for _, number := range []string{"6", "9223372036854775807"} {
		page := c.list(t, "PageSize=100&PageNumber="+number)
		if len(page.Images) != 0 || page.Images == nil || page.TotalCount != 437 {
			t.Errorf("page %s: got images %v of %d, want an empty list", number, page.Images, page.TotalCount)
		}
	}
	for _, size := range []int{7, 50, 100} {
		for _, order := range []string{"", "&SortBy=GmtCreateTime", "&SortBy=GmtCreateTime&Order=DESC"} {
			got := slices.Sorted(slices.Values(imageIDs(c.listAllPages(t, size, order))))
			if diff := cmp.Diff(slices.Sorted(slices.Values(imageIDs(images))), got); diff != "" {
				t.Errorf("PageSize=%d%s: %s", size, order, diff)
			}
		}
	}
}

// listAllPages returns the images of every page.
func (c *caller) listAllPages(t *testing.T, size int, query string) []Image {
	t.Helper()
	var images []Image
	for number := 1; ; number++ {
		page := c.list(t, fmt.Sprintf("PageSize=%d&PageNumber=%d%s", size, number, query))
		if len(page.Images) == 0 {
			return images
		}
		images = append(images, page.Images...)
	}
}

// TestListImagesOrder checks that the order is arbitrary where the API doesn't document it, so that clients that rely
// on an order fail.
func TestListImagesOrder(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: Numbered(60)}))
	const asc, desc = "&SortBy=GmtCreateTime&Order=ASC", "&SortBy=GmtCreateTime&Order=DESC"
	ascending, descending := c.listAllPages(t, 7, asc), c.listAllPages(t, 7, desc)
	times := func(images []Image) (times []string) {
		for _, i := range images {
			times = append(times, i.GmtCreateTime.Or(""))
		}
		return times
	}
	if !slices.IsSorted(times(ascending)) {
		t.Error("ASC is not sorted by creation time")
	}
	slices.Reverse(descending)
	if !slices.IsSorted(times(descending)) {
		t.Error("DESC is not sorted by creation time")
	}
	if slices.Equal(imageIDs(ascending), imageIDs(descending)) {
		t.Error("DESC is the exact reverse of ASC")
	}
	if !slices.Equal(imageIDs(ascending), imageIDs(c.listAllPages(t, 50, asc))) {
		t.Error("the order of equal times depends on the page size")
	}
	if slices.IsSorted(times(c.listAllPages(t, 100, ""))) {
		t.Error("the list is sorted by creation time without SortBy")
	}
}

func TestListImagesOrderOfEqualTimes(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: Numbered(10)})) // all have the same creation time
	ascending := imageIDs(c.list(t, "SortBy=GmtCreateTime").Images)
	descending := imageIDs(c.list(t, "SortBy=GmtCreateTime&Order=DESC").Images)
	reversed := slices.Clone(descending)
	slices.Reverse(reversed)
	if slices.Equal(ascending, descending) || slices.Equal(ascending, reversed) {
		t.Error("the orders of equal times under ASC and DESC are related")
	}
}

func TestListImagesSortsInvalidTimesFirst(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: Catalogue()}))
	page := c.list(t, "SortBy=GmtCreateTime&PageSize=5")
	for k, i := range page.Images {
		if valid := !parseTime(i.GmtCreateTime).IsZero(); valid != (k == 4) {
			t.Errorf("image %d has the creation time %q", k, i.GmtCreateTime.Or("none"))
		}
	}
	if got := page.Images[4].GmtCreateTime.Or(""); got != "2021-01-21T17:12:35.232Z\n" {
		t.Errorf("got %q as the oldest valid time, want the one with a trailing newline", got)
	}
}

func TestListImagesVerbose(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for query, want := range map[string]bool{"": false, "Verbose=false": false, "Verbose=true": true} {
		for _, i := range c.list(t, query).Images {
			if got := !i.Labels.IsZero(); got != want {
				t.Errorf("%q: got labels %+v, want any: %t", query, i.Labels, want)
			}
		}
	}
	if page := c.list(t, "Labels=k%3Dfirst"); page.TotalCount != 1 {
		t.Errorf("got TotalCount %d of a label filter without Verbose, want 1", page.TotalCount)
	}
}

func TestInvalidParameters(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for name, queries := range map[string][]string{
		"PageNumber": {
			"PageNumber=0", "PageNumber=-1", "PageNumber=one", "PageNumber=01", "PageNumber=1.0",
			"PageNumber=9223372036854775808",
		},
		"PageSize":      {"PageSize=0", "PageSize=", "PageSize=%2B20"},
		"Order":         {"Order=asc", "Order="},
		"SortBy":        {"SortBy=Name", "SortBy="},
		"Verbose":       {"Verbose=1", "Verbose=True", "Verbose="},
		"Accessibility": {"Accessibility=public", "Accessibility="},
		"Name":          {"Name=", "Name=a&Name=b"},
		"Query":         {"Query="},
		"ImageUri":      {"ImageUri="},
		"WorkspaceId":   {"WorkspaceId="},
		"Labels":        {"Labels=", "Labels=k", "Labels=%3Dv", "Labels=k%3D", "Labels=k%3Dv,"},
		"name":          {"name=a"},
		"Official":      {"Official=true"},
		"ImageId":       {"ImageId=x"},
	} {
		for _, query := range queries {
			r := c.get(t, imagesPath+"?"+query)
			if e := r.apiError(t); e.Code != "InvalidParameter."+name || r.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: got %s %s, want 400 InvalidParameter.%s", query, r.Status, e.Code, name)
			}
		}
	}
	for _, query := range []string{"Verbose=yes", "Verbose=", "PageSize=1"} {
		if r := c.get(t, imagesPath+"/torch?"+query); r.StatusCode != http.StatusBadRequest {
			t.Errorf("GetImage %s: got %s, want 400", query, r.Status)
		}
	}
}

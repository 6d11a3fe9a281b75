package paisandbox

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// smallCatalogue is a catalogue in which each filter tells images apart.
func smallCatalogue() []Image {
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	named := func(id string, i Image) Image { return i.With(func(i *Image) { i.ImageID = Value(id) }) }
	return []Image{
		named("torch", Official("dsw-registry/pai/PyTorch:2.1", L("system.chipType", "GPU"), L("system.framework.PyTorch", "2.1")).CreatedAt(at(3))),
		named("xgb", Official("registry/pai-dlc/xgboost:1.6.0", L("system.framework", "XGBoost 1.6.0"), L("system.chipType", "CPU")).CreatedAt(at(1))),
		named("twice", Official("registry/pai-dlc/tf:2.3", L("k", "first"), L("k", "second")).CreatedAt(at(2))),
		named("mine", Custom("20455", "registry/team/trainer:9", L("system.chipType", "GPU")).CreatedAt(at(4))).
			With(func(i *Image) { i.Description = Value("by the Fraud team") }),
		named("shared", Custom("31977", "registry/other/pytorch-x:1").CreatedAt(at(5))).
			With(func(i *Image) { i.Accessibility = Value("PUBLIC") }),
	}
}

func TestListImagesFilters(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for query, want := range map[string][]string{
		"":                                                                           {"xgb", "twice", "torch", "mine", "shared"},
		encodeQuery("Name", "pytorch"):                                               {"torch", "shared"},
		encodeQuery("Name", "PYTORCH:"):                                              {"torch"},
		encodeQuery("Name", "team"):                                                  nil,
		encodeQuery("Query", "fraud"):                                                {"mine"},
		encodeQuery("Query", "tf:"):                                                  {"twice"},
		encodeQuery("ImageUri", "pai-dlc/"):                                          {"xgb", "twice"},
		encodeQuery("ImageUri", "registry/pai-dlc/tf:2.3"):                           {"twice"},
		encodeQuery("WorkspaceId", "20455"):                                          {"mine"},
		encodeQuery("WorkspaceId", "1"):                                              nil,
		encodeQuery("Accessibility", "PRIVATE"):                                      {"mine"},
		encodeQuery("Accessibility", "PUBLIC", "WorkspaceId", "31977"):               {"shared"},
		encodeQuery("Labels", "system.chipType=GPU"):                                 {"torch", "mine"},
		encodeQuery("Labels", "system.chipType=gpu"):                                 nil,
		encodeQuery("Labels", "system.chipType=GPU,system.official=true"):            {"torch"},
		encodeQuery("Labels", "system.chipType=*"):                                   {"xgb", "torch", "mine"},
		encodeQuery("Labels", "system.chipType=G*"):                                  nil,
		encodeQuery("Labels", "system.framework=XGBoost 1.6.0,system.official=true"): {"xgb"},
		encodeQuery("Labels", "k=first"):                                             {"twice"},
		encodeQuery("Labels", "k=second,k=first"):                                    {"twice"},
		encodeQuery("Name", "pytorch", "Labels", "system.chipType=*"):                {"torch"},
	} {
		if query != "" {
			query += "&"
		}
		page := c.list(t, query+"SortBy=GmtCreateTime")
		if diff := cmp.Diff(want, imageIDs(page.Images)); diff != "" || page.TotalCount != len(want) {
			t.Errorf("%s: TotalCount %d, %s", query, page.TotalCount, diff)
		}
		page = c.list(t, query+"SortBy=GmtCreateTime&Order=DESC")
		slices.Reverse(page.Images)
		if diff := cmp.Diff(want, imageIDs(page.Images)); diff != "" {
			t.Errorf("%s DESC: %s", query, diff)
		}
	}
}

func TestListImagesPages(t *testing.T) {
	t.Parallel()
	images := Numbered(437)
	c := newCaller(startSandbox(t, Options{Catalogue: images}))
	if page := c.list(t, ""); len(page.Images) != 20 || page.TotalCount != 437 {
		t.Errorf("default: %d of %d images", len(page.Images), page.TotalCount)
	}
	if page := c.list(t, "PageSize=1000"); len(page.Images) != 100 {
		t.Errorf("%d images on a page that is clamped at 100", len(page.Images))
	}
	for _, number := range []string{"6", "9223372036854775807"} {
		if page := c.list(t, "PageSize=100&PageNumber="+number); len(page.Images) != 0 || page.Images == nil || page.TotalCount != 437 {
			t.Errorf("page %s: %d of %d images", number, len(page.Images), page.TotalCount)
		}
	}
	for _, size := range []int{7, 50, 100} {
		for _, order := range []string{"", "&SortBy=GmtCreateTime", "&SortBy=GmtCreateTime&Order=DESC"} {
			got := c.everything(t, size, order)
			if diff := cmp.Diff(slices.Sorted(slices.Values(imageIDs(images))), slices.Sorted(slices.Values(imageIDs(got)))); diff != "" {
				t.Errorf("PageSize=%d%s: %s", size, order, diff)
			}
		}
	}
}

func (c *caller) everything(t *testing.T, size int, rest string) []Image {
	t.Helper()
	var all []Image
	for number := 1; ; number++ {
		page := c.list(t, fmt.Sprintf("PageSize=%d&PageNumber=%d%s", size, number, rest))
		if len(page.Images) == 0 {
			return all
		}
		all = append(all, page.Images...)
	}
}

func TestListImagesOrder(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: Numbered(60)}))
	const asc, desc = "&SortBy=GmtCreateTime&Order=ASC", "&SortBy=GmtCreateTime&Order=DESC"
	up, down := c.everything(t, 7, asc), c.everything(t, 7, desc)
	times := func(images []Image) (all []string) {
		for _, i := range images {
			all = append(all, i.GmtCreateTime.Or(""))
		}
		return all
	}
	if !slices.IsSorted(times(up)) {
		t.Error("ASC is not sorted by creation time")
	}
	slices.Reverse(down)
	if !slices.IsSorted(times(down)) {
		t.Error("DESC is not sorted by creation time")
	}
	if slices.Equal(imageIDs(up), imageIDs(down)) {
		t.Error("DESC is the exact reverse of ASC: a client could come to rely on it")
	}
	if !slices.Equal(imageIDs(up), imageIDs(c.everything(t, 50, asc))) {
		t.Error("the order changes from request to request")
	}
	if slices.IsSorted(times(c.everything(t, 100, ""))) {
		t.Error("sorted by creation time without being asked: a client could come to rely on it")
	}
}

func TestEqualTimesHaveNoOrder(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: Numbered(10)})) // all of one time
	up, down := imageIDs(c.list(t, "SortBy=GmtCreateTime").Images), imageIDs(c.list(t, "SortBy=GmtCreateTime&Order=DESC").Images)
	reversed := slices.Clone(down)
	slices.Reverse(reversed)
	if slices.Equal(up, down) || slices.Equal(up, reversed) {
		t.Error("the order of ties in one direction can be told from that in the other")
	}
}

func TestUnreadableTimesComeFirst(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: Catalogue()}))
	page := c.list(t, "SortBy=GmtCreateTime&PageSize=5")
	for k, i := range page.Images {
		if readable := !createdAt(&i).IsZero(); readable != (k == 4) {
			t.Errorf("image %d is of %q", k, i.GmtCreateTime.Or("no time"))
		}
	}
	if first := page.Images[4].GmtCreateTime.Or(""); first != "2021-01-21T17:12:35.232Z\n" {
		t.Errorf("the time with a trailing newline is not the oldest but %q", first)
	}
}

func TestListImagesVerbose(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for query, want := range map[string]bool{"": false, "Verbose=false": false, "Verbose=true": true} {
		for _, i := range c.list(t, query).Images {
			if i.Labels.IsZero() == want {
				t.Errorf("%q: labels are %+v", query, i.Labels)
			}
		}
	}
	if page := c.list(t, "Labels=k%3Dfirst"); page.TotalCount != 1 {
		t.Error("filtering by labels must not need Verbose")
	}
}

func TestParametersThatAreRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for query, name := range map[string]string{
		"PageNumber=0": "PageNumber", "PageNumber=-1": "PageNumber", "PageNumber=one": "PageNumber", "PageNumber=01": "PageNumber",
		"PageNumber=1.0": "PageNumber", "PageNumber=9223372036854775808": "PageNumber",
		"PageSize=0": "PageSize", "PageSize=": "PageSize", "PageSize=%2B20": "PageSize",
		"Order=asc": "Order", "Order=": "Order", "SortBy=Name": "SortBy", "SortBy=": "SortBy",
		"Verbose=1": "Verbose", "Verbose=True": "Verbose", "Verbose=": "Verbose",
		"Accessibility=public": "Accessibility", "Accessibility=": "Accessibility",
		"Name=": "Name", "Query=": "Query", "ImageUri=": "ImageUri", "WorkspaceId=": "WorkspaceId",
		"Labels=": "Labels", "Labels=k": "Labels", "Labels=%3Dv": "Labels", "Labels=k%3D": "Labels", "Labels=k%3Dv,": "Labels",
		"Name=a&Name=b": "Name", "name=a": "name", "Official=true": "Official", "ImageId=x": "ImageId",
	} {
		a := c.get(t, imagesPath+"?"+query)
		if e := a.apiError(t); e.Code != "InvalidParameter."+name || a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: got %s %s", query, a.Status, e.Code)
		}
	}
	for _, query := range []string{"Verbose=yes", "Verbose=", "PageSize=1"} {
		if a := c.get(t, imagesPath+"/torch?"+query); a.StatusCode != http.StatusBadRequest {
			t.Errorf("GetImage %s: got %s", query, a.Status)
		}
	}
}

func TestGetImage(t *testing.T) {
	t.Parallel()
	odd := Official("registry/pai/odd:1").With(func(i *Image) { i.ImageID = Value("image-a/b c*+~像") })
	c := newCaller(startSandbox(t, Options{Catalogue: append(smallCatalogue(), odd)}))
	for target, want := range map[string]Image{
		"/torch?Verbose=true": smallCatalogue()[0],
		"/torch":              smallCatalogue()[0].With(func(i *Image) { i.Labels = Omitted[[]Label]() }),
		"/image-a%2Fb%20c*%2B~%E5%83%8F?Verbose=true":     odd,
		"/image-a%2Fb%20c%2A%2B%7E%E5%83%8F?Verbose=true": odd,
	} {
		a := c.get(t, imagesPath+target)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s", target, a.Status, a.body)
			continue
		}
		var got getImageResponse
		decodeStrictly(t, a.body, &got)
		want.ImageID = Omitted[string]()
		if diff := cmp.Diff(want, got.Image); diff != "" || got.RequestID != a.Header.Get("X-Acs-Request-Id") {
			t.Errorf("%s: %s", target, diff)
		}
	}
	a := c.get(t, imagesPath+"/none")
	if e := a.apiError(t); a.StatusCode != http.StatusNotFound || len(e.Code) != 9 || e.Code == "100700008" {
		t.Errorf("got %s %s", a.Status, e.Code)
	}
}

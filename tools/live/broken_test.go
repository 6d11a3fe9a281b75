package main

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// brokenCase is a fault of the sandbox that breaks assumptions.
type brokenCase struct {
	name    string
	fault   paisandbox.Fault
	differs []string // facts
}

// TestBrokenAssumptions breaks each assumption, and checks that exactly its facts are reported as differing.
func TestBrokenAssumptions(t *testing.T) {
	t.Parallel()
	covered := make(map[string]bool)
	for _, c := range slices.Concat(brokenPages(), brokenFilters(), brokenLabels(), brokenResponses(), brokenErrors()) {
		for _, fact := range c.differs {
			covered[fact] = true
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows := runSandbox(t, paisandbox.Options{}, c.fault)
			got := slices.DeleteFunc(factsWith(""), func(fact string) bool { return rows[fact].verdict != differs })
			if !slices.Equal(got, c.differs) {
				t.Errorf("got %q as differing, want %q", got, c.differs)
			}
		})
	}
	for _, fact := range factsWith("") {
		if !covered[fact] {
			t.Errorf("no fault breaks the assumption about %q", fact)
		}
	}
}

func brokenPages() []brokenCase {
	labelled := paisandbox.OnQuery("Verbose", "true")
	isUnset := func(r paisandbox.Request) bool { return !r.Query.Has("Verbose") }
	isLarge := func(r paisandbox.Request) bool {
		size, _ := strconv.Atoi(r.Query.Get("PageSize"))
		return size > 100
	}
	isAfterLast := func(r paisandbox.Request) bool {
		number, _ := strconv.Atoi(r.Query.Get("PageNumber"))
		return number > maxPages
	}
	oneImage := paisandbox.SetMember([]map[string]string{{"ImageId": "image-1"}}, "Images")
	return []brokenCase{
		{"smaller pages", paisandbox.Fault{Do: paisandbox.ClampPageSize(50)}, []string{"PageSize=100"}},
		{
			"page size refused", onAction("ListImages", paisandbox.RefusePageSizeAbove(50)), []string{"PageSize=100"},
		},
		{
			"larger pages",
			paisandbox.Fault{Match: isLarge, Do: paisandbox.RaisePageSize(150)},
			[]string{"PageSize=200", "PageSize=1000"},
		},
		{"default of PageSize", paisandbox.Fault{Do: paisandbox.RaisePageSize(30)}, []string{"default of PageSize"}},
		{"count of a page", paisandbox.Fault{Match: labelled, Do: paisandbox.CountPage()}, []string{"TotalCount"}},
		{"page after the last", paisandbox.Fault{Match: isAfterLast, Do: oneImage}, []string{"page after the last one"}},
		{"order", paisandbox.Fault{Match: hasParameter("SortBy"), Do: paisandbox.ReverseOrder()}, factsWith("SortBy=")},
		{"ties", paisandbox.Fault{Do: paisandbox.ShuffleTies()}, []string{"images with equal creation times"}},
		{
			"Verbose",
			paisandbox.Fault{Match: isUnset, Do: setInImages("Labels", oneLabel)},
			[]string{"default of Verbose in ListImages"},
		},
		{
			"Labels need Verbose",
			paisandbox.Fault{Match: paisandbox.OnQuery("Verbose", "false"), Do: paisandbox.TotalCount(0)},
			[]string{"Labels without Verbose"},
		},
	}
}

// brokenFilters returns three cases for each filter that ignores case and matches a part of a text.
func brokenFilters() []brokenCase {
	var cases []brokenCase
	for _, f := range []struct{ parameter, list, member string }{
		{"Name", "Images", "Name"},
		{"Query", "Images", "Description"},
		{"ImageUri", "Images", "ImageUri"},
		{"WorkspaceName", "Workspaces", "WorkspaceName"},
	} {
		facts := f.parameter + ":"
		cases = append(
			cases,
			brokenCase{
				"exact " + f.parameter, keepItems(f.parameter, f.list, f.member, strings.EqualFold), factsWith(facts, "part"),
			},
			brokenCase{
				f.parameter + " with case", keepItems(f.parameter, f.list, f.member, strings.Contains),
				factsWith(facts, "another case"),
			},
			brokenCase{
				"no " + f.parameter,
				paisandbox.Fault{Match: hasParameter(f.parameter), Do: paisandbox.EmptyPage()},
				factsWith(facts),
			},
		)
	}
	return cases
}

func brokenLabels() []brokenCase {
	labels := func(part string, do paisandbox.Effect) paisandbox.Fault {
		return paisandbox.Fault{Do: do, Match: func(r paisandbox.Request) bool {
			return r.Action == "ListImages" && strings.Contains(r.Query.Get("Labels"), part)
		}}
	}
	refuse := paisandbox.APIError(http.StatusBadRequest, "InvalidParameter", "Labels is invalid.")
	onlyOfficial := paisandbox.OnQuery("Labels", "system.official=true")
	return []brokenCase{
		{
			"ignored label",
			paisandbox.Fault{Match: onlyOfficial, Do: paisandbox.IgnoreLabels()},
			[]string{"Labels: one label"},
		},
		{"one label", labels(",system.chipType=GPU", paisandbox.IgnoreLabels()), []string{"Labels: two labels"}},
		{"no *", labels("=*", paisandbox.TotalCount(0)), []string{"Labels: key=*"}},
		{"patterns", labels("=G*", paisandbox.TotalCount(9)), []string{"Labels: * after a part of the value"}},
		{"labels in any case", labels("=gpu", paisandbox.TotalCount(9)), []string{"Labels: value in another case"}},
		{"no spaces in labels", labels(" ", refuse), []string{"Labels: value with a space"}},
	}
}

func brokenResponses() []brokenCase {
	anyWorkspace := paisandbox.OnAll(hasParameter("WorkspaceId"), hasParameter("Labels"))
	return []brokenCase{
		{
			"official images in workspaces",
			paisandbox.Fault{Match: anyWorkspace, Do: paisandbox.TotalCount(7)},
			[]string{"WorkspaceId: official images"},
		},
		{
			"workspace of official images",
			paisandbox.Fault{Do: setInImages("WorkspaceId", "1")},
			[]string{"WorkspaceId of official images"},
		},
		{"ImageId", onAction("GetImage", paisandbox.SetMember("image-1", "ImageId")), []string{"ImageId in GetImage"}},
		{
			"labels in GetImage", onAction("GetImage", paisandbox.SetMember(oneLabel, "Labels")),
			[]string{"default of Verbose in GetImage"},
		},
		{"some labels", onAction("ListImageLabels", paisandbox.SetMember(oneLabel, "Labels")), []string{"ListImageLabels"}},
	}
}

func brokenErrors() []brokenCase {
	on := func(path string, do paisandbox.Effect) paisandbox.Fault {
		return paisandbox.Fault{Do: do, Match: func(r paisandbox.Request) bool { return strings.HasSuffix(r.Path, path) }}
	}
	denied := paisandbox.APIError(http.StatusNotFound, "100700008", "Denied.")
	empty := paisandbox.Body(http.StatusOK, "{}")
	wrongWorkspace := paisandbox.OnQuery("WorkspaceId", missingWorkspace)
	tooMany := paisandbox.APIError(http.StatusTooManyRequests, "TooMany", "Slow down.").
		WithHeader("X-Acs-Retry-After", "1")
	return []brokenCase{
		{"image is denied", on("/"+missingImage, denied), []string{"GetImage with a wrong ID"}},
		{"image without an error", on("/"+missingImage, empty), []string{"GetImage with a wrong ID"}},
		{"workspace is denied", on("/"+missingWorkspace, denied), []string{"GetWorkspace with a wrong ID"}},
		{
			"images of no workspace",
			paisandbox.Fault{Match: wrongWorkspace, Do: denied},
			[]string{"ListImages with a wrong WorkspaceId"},
		},
		{
			"missing right", onAction("ListWorkspaces", paisandbox.APIError(http.StatusBadRequest, "NoPermission", "")),
			[]string{"error of a missing right"},
		},
		{
			"throttling", paisandbox.Fault{Match: wrongWorkspace, Times: 1, Do: tooMany}, []string{"error of throttling"},
		},
		{
			"unknown code", onAction("ListImageLabels", paisandbox.APIError(http.StatusConflict, "Conflict.Labels", "")),
			[]string{"error codes that the provider doesn't know"},
		},
	}
}

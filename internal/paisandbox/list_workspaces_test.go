package paisandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// smallWorkspaces returns workspaces of which every filter matches only some.
func smallWorkspaces() []Workspace {
	onDay := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	return []Workspace{
		NewWorkspace("3", "Vision_Lab").CreatedAt(onDay(2)),
		NewWorkspace("1", "vision_lab_old").CreatedAt(onDay(3)).With(func(w *Workspace) {
			w.Status, w.ResourceGroupID = Value("DISABLED"), Value("rg-other")
		}),
		NewWorkspace("2", "speech").CreatedAt(onDay(1)).With(func(w *Workspace) {
			w.IsDefault, w.GmtModifiedTime = Value(true), Value("2026-02-01T00:00:00.000Z")
		}),
	}
}

// listWorkspaces sends a ListWorkspaces request and returns the page.
func (c *caller) listWorkspaces(t *testing.T, query string) listWorkspacesResponse {
	t.Helper()
	return getPage[listWorkspacesResponse](t, c, workspacesPath+"?"+query)
}

func workspaceIDs(workspaces []Workspace) []string {
	var ids []string
	for _, w := range workspaces {
		ids = append(ids, w.WorkspaceID.Or(""))
	}
	return ids
}

func TestListWorkspacesFilters(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Workspaces: smallWorkspaces()}))
	for filters, want := range map[string]string{
		"":                                "2 3 1",
		"Order=DESC":                      "1 3 2",
		"SortBy=GmtModifiedTime":          "3 1 2",
		"WorkspaceName=vision_lab":        "3 1",
		"WorkspaceName=VISION_LAB_O":      "1",
		"WorkspaceName=lab-":              "",
		"WorkspaceIds=2":                  "2",
		"WorkspaceIds=1,2,none":           "2 1",
		"Status=DISABLED":                 "1",
		"Status=FROZEN":                   "",
		"ResourceGroupId=rg-other":        "1",
		"ResourceGroupId=rg":              "",
		"Status=ENABLED&WorkspaceIds=1,3": "3",
	} {
		page := c.listWorkspaces(t, encodeFilters(filters))
		ids := strings.Fields(want)
		if diff := cmp.Diff(ids, workspaceIDs(page.Workspaces), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", filters, diff)
		}
		if page.TotalCount != len(ids) || page.Workspaces == nil || page.ResourceLimits == nil {
			t.Errorf("%s: got %+v, want %d workspaces and resource limits", filters, page, len(ids))
		}
	}
	for name, queries := range map[string][]string{
		"Status": {"Status=enabled", "Status="}, "WorkspaceIds": {"WorkspaceIds=", "WorkspaceIds=1,,2", "WorkspaceIds=1,"},
		"SortBy": {"SortBy=WorkspaceName"}, "PageSize": {"PageSize=0"}, "Option": {"Option=GetResourceLimits"},
		"WorkspaceName": {"WorkspaceName="}, "ResourceGroupId": {"ResourceGroupId="},
	} {
		for _, query := range queries {
			r := c.get(t, workspacesPath+"?"+query)
			if e := r.apiError(t); e.Code != "InvalidParameter."+name || r.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: got %s %s, want 400 InvalidParameter.%s", query, r.Status, e.Code, name)
			}
		}
	}
}

// TestListWorkspacesFields checks the JSON of a workspace, in which the case of resourceGroupId matters.
func TestListWorkspacesFields(t *testing.T) {
	t.Parallel()
	want := smallWorkspaces()[0]
	c := newCaller(startSandbox(t, Options{Workspaces: []Workspace{want}}))
	page := c.listWorkspaces(t, "Verbose=true")
	if diff := cmp.Diff([]Workspace{want}, page.Workspaces); diff != "" {
		t.Error(diff)
	}
	for query, names := range map[string][]string{
		"":             {`"EnvTypes"`, `"AdminNames"`, `"ExtraInfos"`, `"ResourceGroupId"`},
		"Verbose=true": {`"ResourceGroupId"`},
	} {
		body := string(c.get(t, workspacesPath+"?"+query).body)
		for _, name := range names {
			if strings.Contains(body, name) {
				t.Errorf("%q: the response has the field %s: %s", query, name, body)
			}
		}
		if !strings.Contains(body, `"resourceGroupId":"rg-`) {
			t.Errorf("%q: the response has no field resourceGroupId: %s", query, body)
		}
	}
}

// TestListWorkspacesPages checks that pages, orders and the faults of pages are those of ListImages.
func TestListWorkspacesPages(t *testing.T) {
	t.Parallel()
	workspaces := NumberedWorkspaces(137)
	s := startSandbox(t, Options{Workspaces: workspaces})
	c := newCaller(s)
	if page := c.listWorkspaces(t, ""); len(page.Workspaces) != 20 || page.TotalCount != 137 {
		t.Errorf("default page: got %d of %d workspaces, want 20 of 137", len(page.Workspaces), page.TotalCount)
	}
	listAll := func(order string) (ids []string) {
		for number := range 7 {
			page := c.listWorkspaces(t, fmt.Sprintf("PageSize=20&PageNumber=%d&Order=%s", number+1, order))
			ids = append(ids, workspaceIDs(page.Workspaces)...)
		}
		return ids
	}
	want := slices.Sorted(slices.Values(workspaceIDs(workspaces)))
	ascending, descending := listAll("ASC"), listAll("DESC")
	for _, got := range [][]string{ascending, descending} {
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" || len(slices.Compact(want)) != 137 {
			t.Error(diff)
		}
	}
	slices.Reverse(descending)
	if slices.Equal(ascending, descending) {
		t.Error("DESC is the exact reverse of ASC")
	}
	s.AddFault(Fault{Do: ShuffleTies()})
	if slices.Equal(ascending, listAll("ASC")) {
		t.Error("ShuffleTies doesn't change the order")
	}
	s.ClearFaults()
	s.AddFault(Fault{Match: OnPage(2), Do: ClampPageSize(10)})
	s.AddFault(Fault{Match: OnPage(2), Do: TotalCount(5)})
	s.AddFault(Fault{Match: OnPage(2), Do: ShortPage(3)})
	if page := c.listWorkspaces(t, "PageSize=20&PageNumber=2"); len(page.Workspaces) != 7 || page.TotalCount != 5 ||
		page.Workspaces[0].WorkspaceID.Or("") != ascending[10] {
		t.Errorf("got %d of %d workspaces, want 7 of 5", len(page.Workspaces), page.TotalCount)
	}
	s.AddFault(Fault{Match: OnPage(2), Do: EmptyPage()})
	if page := c.listWorkspaces(t, "PageNumber=2"); len(page.Workspaces) != 0 {
		t.Errorf("EmptyPage: got %d workspaces, want 0", len(page.Workspaces))
	}
}

// members returns the members of a JSON object.
func members(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var object map[string]any
	decodeStrictly(t, data, &object)
	return object
}

func TestGetWorkspace(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Workspaces: smallWorkspaces()})
	c := newCaller(s)
	const missing = "IsDefault AdminNames ExtraInfos ResourceGroupId"
	for target, tt := range map[string]struct {
		workspace Workspace
		omitted   string // members that GetWorkspace with Verbose=true has
	}{
		workspacesPath + "/1":                  {smallWorkspaces()[1], "Owner"},
		workspacesPath + "/1?Verbose=true":     {smallWorkspaces()[1], ""},
		defaultWorkspacePath:                   {smallWorkspaces()[2], missing + " Owner"},
		defaultWorkspacePath + "?Verbose=true": {smallWorkspaces()[2], missing},
	} {
		r := c.get(t, target)
		got, want := members(t, r.body), members(t, marshal(tt.workspace))
		if r.StatusCode != http.StatusOK || got["RequestId"] != r.Header.Get("X-Acs-Request-Id") {
			t.Errorf("%s: got %s %s", target, r.Status, r.body)
		}
		delete(got, "RequestId")
		want["ResourceGroupId"] = want["resourceGroupId"]
		delete(want, "resourceGroupId")
		want["Owner"] = map[string]any{"UserId": workspaceUser, "UserKp": workspaceUser, "UserName": "admin"}
		for name := range strings.FieldsSeq(tt.omitted) {
			delete(want, name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", target, diff)
		}
	}
	s.SetWorkspaces(smallWorkspaces()[:2])
	for target, want := range map[string]string{
		workspacesPath + "/4":              workspaceNotFoundCode,
		defaultWorkspacePath:               defaultWorkspaceNotFoundCode,
		workspacesPath + "/1?Fields=Id":    "InvalidParameter.Fields",
		defaultWorkspacePath + "?Verbose=": "InvalidParameter.Verbose",
	} {
		status := http.StatusNotFound
		if strings.Contains(target, "?") {
			status = http.StatusBadRequest
		}
		if r := c.get(t, target); r.StatusCode != status || r.apiError(t).Code != want {
			t.Errorf("%s: got %s %s, want %d %s", target, r.Status, r.body, status, want)
		}
	}
}

package paisandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

const (
	workspaceNotFoundCode        = "100400008"
	defaultWorkspaceNotFoundCode = "100400027"
)

// listWorkspacesResponse is the response of ListWorkspaces: a page of workspaces.
type listWorkspacesResponse struct {
	RequestID      string         `json:"RequestId"`
	TotalCount     int            `json:"TotalCount"`
	ResourceLimits map[string]any `json:"ResourceLimits"`
	Workspaces     []Workspace    `json:"Workspaces"`
}

// listWorkspaces returns a page of workspaces. The API doesn't document which fields Verbose adds, so the sandbox omits
// several without it.
func listWorkspaces(x *exchange, effects []Effect) (*Response, *ErrorResponse) {
	q, errResp := parseWorkspaceQuery(x.query, x.sandbox.maxPageSize)
	if errResp != nil {
		return nil, errResp
	}
	matches, total, errResp := readPage(x, effects, &q.listQuery, func() []*Workspace {
		return x.sandbox.workspaces.find(q.key(), q.find)
	})
	if errResp != nil {
		return nil, errResp
	}
	page := listWorkspacesResponse{
		RequestID: x.requestID, TotalCount: total, ResourceLimits: map[string]any{}, Workspaces: []Workspace{},
	}
	for _, match := range matches {
		workspace := *match
		if !q.verbose {
			workspace.EnvTypes, workspace.AdminNames = Omitted[[]string](), Omitted[[]string]()
			workspace.ExtraInfos = Omitted[map[string]string]()
		}
		page.Workspaces = append(page.Workspaces, workspace)
	}
	return x.jsonResponse(page), nil
}

// workspaceQuery holds the parameters of a ListWorkspaces request. The sandbox refuses Option, Fields, ModuleList and
// UserId, which change what the API returns.
type workspaceQuery struct {
	listQuery

	name, status, resourceGroup string
	ids                         []string
}

func parseWorkspaceQuery(query url.Values, maxPageSize int) (workspaceQuery, *ErrorResponse) {
	p := NewParameters(query)
	q := workspaceQuery{
		listQuery: p.listQuery(maxPageSize, "GmtCreateTime", "GmtCreateTime", "GmtModifiedTime"),
		name:      p.Optional("WorkspaceName"),
		status: p.OneOf("Status", "", "ENABLED", "INITIALIZING", "FAILURE", "DISABLED", "FROZEN",
			"UPDATING"),
		resourceGroup: p.Optional("ResourceGroupId"),
		ids:           p.list("WorkspaceIds"),
	}
	return q, p.Err()
}

// key returns a string that is the same for all pages of a listing.
func (q *workspaceQuery) key() string {
	shared := *q
	shared.listQuery = q.withoutPage()
	return fmt.Sprintf("%#v", shared)
}

// find returns the matching workspaces in the order of the query.
func (q *workspaceQuery) find(workspaces []Workspace) []*Workspace {
	return findItems(&q.listQuery, workspaces, q.match,
		func(w *Workspace) Field[string] {
			if q.sortBy == "GmtModifiedTime" {
				return w.GmtModifiedTime
			}
			return w.GmtCreateTime
		},
		func(w *Workspace) string { return w.WorkspaceID.Or(w.WorkspaceName.Or("")) })
}

// match reports whether the workspace matches every filter. The API doesn't document whether WorkspaceName is an exact
// filter. The sandbox ignores case and matches substrings, because the result is larger and clients must handle it.
func (q *workspaceQuery) match(w *Workspace) bool {
	return containsFold(w.WorkspaceName.Or(""), q.name) &&
		(q.status == "" || w.Status.Or("") == q.status) &&
		(q.resourceGroup == "" || w.ResourceGroupID.Or("") == q.resourceGroup) &&
		(q.ids == nil || slices.Contains(q.ids, w.WorkspaceID.Or("")))
}

// getWorkspaceResponse is the response of GetWorkspace. Its JSON object contains the fields of the workspace itself.
type getWorkspaceResponse struct {
	RequestID string `json:"RequestId"`
	Workspace
	UpperResourceGroupID Field[string]         `json:"ResourceGroupId,omitzero"`
	Owner                Field[workspaceOwner] `json:"Owner,omitzero"`
}

// workspaceOwner is the creator of a workspace, which the API sends only if Verbose is true.
type workspaceOwner struct {
	UserID   string `json:"UserId"`
	UserKP   string `json:"UserKp"`
	UserName string `json:"UserName"`
}

func getWorkspace(x *exchange, id string) (*Response, *ErrorResponse) {
	matchID := func(w Workspace) bool {
		other, ok := w.WorkspaceID.Get()
		return ok && other == id
	}
	w, owner, errResp := findWorkspace(x, matchID, workspaceNotFoundCode, "Workspace "+id+" does not exist.")
	if errResp != nil {
		return nil, errResp
	}
	response := getWorkspaceResponse{
		RequestID: x.requestID, Workspace: w, UpperResourceGroupID: w.ResourceGroupID, Owner: owner,
	}
	response.ResourceGroupID = Omitted[string]()
	return x.jsonResponse(response), nil
}

// getDefaultWorkspace returns the default workspace. The documented response has fewer fields than that of
// GetWorkspace: it lacks IsDefault, AdminNames, ExtraInfos and ResourceGroupId.
func getDefaultWorkspace(x *exchange, _ []Effect) (*Response, *ErrorResponse) {
	isDefault := func(w Workspace) bool { return w.IsDefault.Or(false) }
	w, owner, errResp := findWorkspace(x, isDefault, defaultWorkspaceNotFoundCode, "No default workspace exists.")
	if errResp != nil {
		return nil, errResp
	}
	w.IsDefault, w.AdminNames = Omitted[bool](), Omitted[[]string]()
	w.ExtraInfos, w.ResourceGroupID = Omitted[map[string]string](), Omitted[string]()
	return x.jsonResponse(getWorkspaceResponse{RequestID: x.requestID, Workspace: w, Owner: owner}), nil
}

// findWorkspace returns the first workspace that matches and, if Verbose is true, its owner.
func findWorkspace(x *exchange, match func(Workspace) bool, code, message string) (
	Workspace, Field[workspaceOwner], *ErrorResponse,
) {
	p := NewParameters(x.query)
	verbose := p.Bool("Verbose", false)
	if errResp := p.Err(); errResp != nil {
		return Workspace{}, Omitted[workspaceOwner](), errResp
	}
	workspaces := x.sandbox.workspaces.snapshot()
	at := slices.IndexFunc(workspaces, match)
	if at < 0 {
		errResp := &ErrorResponse{Status: http.StatusNotFound, Code: code, Message: message}
		return Workspace{}, Omitted[workspaceOwner](), errResp
	}
	w, owner := workspaces[at], Omitted[workspaceOwner]()
	if creator := w.Creator.Or(""); verbose {
		owner = Value(workspaceOwner{UserID: creator, UserKP: creator, UserName: "admin"})
	}
	return w, owner, nil
}

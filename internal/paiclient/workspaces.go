package paiclient

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

const (
	workspacesPath       = "/api/v1/workspaces"
	listWorkspacesAction = "ListWorkspaces"
)

// ListWorkspacesInput contains the parameters of ListWorkspaces. The client doesn't send empty parameters.
type ListWorkspacesInput struct {
	Name            string   // the API's reference doesn't state whether a part of the name matches
	IDs             []string // may not contain ","
	Status          string
	ResourceGroupID string
}

// WorkspaceList is the result of ListWorkspaces.
type WorkspaceList struct {
	Workspaces []pai.Workspace // distinct, sorted by creation time and then by ID
	TotalCount *int64          // reported by the API; nil if the API reported none
	Pages      int             // number of pages in the last pass
	Passes     int             // number of passes over all pages
	Incomplete *Incomplete     // not nil if the list may lack workspaces
}

// ListWorkspaces returns all workspaces that match the input. It reads the pages as ListImages does.
//
// If an ID can't be expressed in the API's syntax, ListWorkspaces returns an error and sends no request. Other errors
// have the same types as those of ListImages.
func (c *Client) ListWorkspaces(ctx context.Context, in ListWorkspacesInput) (*WorkspaceList, error) {
	for _, id := range in.IDs {
		if err := CheckWorkspaceID(id); err != nil {
			return nil, err
		}
	}
	decoder, release := c.memory.DecoderOf(ctx)
	defer release()
	l := lister[pai.Workspace]{
		client: c, action: listWorkspacesAction, history: &c.workspacePages,
		request: func(ctx context.Context, query pageQuery) (itemPage[pai.Workspace], error) {
			return c.requestWorkspaces(ctx, in, query, decoder)
		},
		keys: itemKeys[pai.Workspace]{
			identity: (*pai.Workspace).Identity,
			modified: func(workspace *pai.Workspace) *string { return workspace.GmtModifiedTime },
		},
	}
	result, err := l.list(ctx)
	if err != nil {
		return nil, err
	}
	pai.SortWorkspaces(result.items)
	return &WorkspaceList{
		Workspaces: result.items, TotalCount: result.total, Pages: result.pages, Passes: result.passes,
		Incomplete: result.incomplete,
	}, nil
}

// requestWorkspaces requests one page of ListWorkspaces.
func (c *Client) requestWorkspaces(
	ctx context.Context, in ListWorkspacesInput, query pageQuery, decoder *paijson.Decoder,
) (itemPage[pai.Workspace], error) {
	parameters := url.Values{
		"SortBy": {SortByCreated}, "Order": {Ascending}, "Verbose": {"true"},
		"PageNumber": {strconv.Itoa(query.number)}, "PageSize": {strconv.Itoa(query.size)},
	}
	setNonEmpty(parameters, map[string]string{
		"WorkspaceName": in.Name, "Status": in.Status, "ResourceGroupId": in.ResourceGroupID,
		"WorkspaceIds": joinSorted(in.IDs),
	})
	var page itemPage[pai.Workspace]
	err := c.get(ctx, decoder, listWorkspacesAction, workspacesPath, parameters, func(response *apiResponse) error {
		var body struct {
			Workspaces *[]pai.Workspace `json:"Workspaces"`
			TotalCount *int64           `json:"TotalCount"`
			errorCode
		}
		if err := c.decode(ctx, response, &body); err != nil {
			return err
		}
		var err error
		if page, err = newItemPage(c, response, body.Workspaces, body.TotalCount); err != nil {
			return err
		}
		for i := range page.items {
			trimTimes(&page.items[i].GmtCreateTime, &page.items[i].GmtModifiedTime)
		}
		response.itemID = itemIDs(page.items, func(workspace *pai.Workspace) *string { return workspace.WorkspaceID })
		return nil
	})
	return page, err
}

// GetWorkspace returns the workspace with the given ID.
//
// If the ID is invalid, GetWorkspace returns the error of CheckWorkspaceID and sends no request. If there is no such
// workspace, the error is an *APIError, of KindNotFound or of KindPermission: the API sends one code for a missing
// workspace and for denied access. Other errors have the same types as those of ListImages.
func (c *Client) GetWorkspace(ctx context.Context, id string) (*pai.Workspace, error) {
	if err := CheckWorkspaceID(id); err != nil {
		return nil, err
	}
	return c.getWorkspace(ctx, "GetWorkspace", workspacesPath+"/"+url.PathEscape(id), id)
}

// GetDefaultWorkspace returns the default workspace of the account. If there is none, the error is an *APIError, as for
// GetWorkspace.
func (c *Client) GetDefaultWorkspace(ctx context.Context) (*pai.Workspace, error) {
	return c.getWorkspace(ctx, "GetDefaultWorkspace", "/api/v1/defaultWorkspaces", "")
}

// getWorkspace requests one workspace. id is its ID, or "" if the response must contain the ID.
func (c *Client) getWorkspace(ctx context.Context, action, path, id string) (*pai.Workspace, error) {
	var workspace pai.Workspace
	decoder, release := c.memory.DecoderOf(ctx)
	defer release()
	err := c.get(ctx, decoder, action, path, url.Values{}, func(response *apiResponse) error {
		var body struct {
			pai.Workspace
			errorCode
		}
		if err := c.decode(ctx, response, &body); err != nil {
			return err
		}
		workspace = body.Workspace
		if reflect.ValueOf(workspace).IsZero() || id == "" && pai.OrEmpty(workspace.WorkspaceID) == "" {
			return c.bodyError(response, errMissingFields)
		}
		if err := checkItemID(workspace.WorkspaceID, id); id != "" && err != nil {
			return c.bodyError(response, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if id != "" {
		workspace.WorkspaceID = &id // the response may omit the ID
	}
	trimTimes(&workspace.GmtCreateTime, &workspace.GmtModifiedTime)
	return &workspace, nil
}

// CheckWorkspaceID returns an error if the ID can't be part of a request's path or of a list of IDs. It accepts all
// other IDs, because the format of IDs is not published.
func CheckWorkspaceID(id string) error {
	switch {
	case strings.TrimSpace(id) == "":
		return errors.New("the workspace ID is empty")
	case id == "." || id == ".." || strings.Contains(id, ","):
		return fmt.Errorf("invalid workspace ID %s: use an ID such as 20455", hcltext.Quote(id))
	case containsSpaceOrControl(id):
		return fmt.Errorf("workspace ID %s contains whitespace or control characters: remove them", hcltext.Quote(id))
	}
	return nil
}

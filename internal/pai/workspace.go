package pai

import (
	"cmp"
	"slices"
	"strings"
)

// Workspace is a workspace with the fields that the API returned. A field is nil if the API omitted it or sent null.
//
// Source of the fields: the reference pages of ListWorkspaces and GetWorkspace.
type Workspace struct {
	WorkspaceID     *string  `json:"WorkspaceId"`
	WorkspaceName   *string  `json:"WorkspaceName"` // unique in a region
	DisplayName     *string  `json:"DisplayName"`
	Description     *string  `json:"Description"`
	Status          *string  `json:"Status"` // such as StatusEnabled
	Creator         *string  `json:"Creator"`
	IsDefault       *bool    `json:"IsDefault"`
	EnvTypes        []string `json:"EnvTypes"`   // in the API's order
	AdminNames      []string `json:"AdminNames"` // in the API's order
	ResourceGroupID *string  `json:"ResourceGroupId"`
	GmtCreateTime   *string  `json:"GmtCreateTime"`   // without surrounding whitespace; see ParseTime
	GmtModifiedTime *string  `json:"GmtModifiedTime"` // without surrounding whitespace; see ParseTime
}

// StatusEnabled is the status of a workspace that can be used.
const StatusEnabled = "ENABLED"

// WorkspaceStatuses are the statuses in the API's reference. The API may return others.
var WorkspaceStatuses = []string{StatusEnabled, "INITIALIZING", "FAILURE", "DISABLED", "FROZEN", "UPDATING"}

// Identity returns the workspace's ID. For a workspace without an ID, Identity returns a string that combines other
// fields and never equals an ID.
func (w *Workspace) Identity() string {
	if w.WorkspaceID != nil && *w.WorkspaceID != "" {
		return *w.WorkspaceID
	}
	return "\x00" + OrEmpty(w.WorkspaceName) + "\x00" + OrEmpty(w.GmtCreateTime)
}

// SortWorkspaces sorts workspaces by creation time, oldest first, and then by ID. A workspace without a valid creation
// time sorts before all workspaces that have one.
func SortWorkspaces(workspaces []Workspace) {
	slices.SortFunc(workspaces, func(a, b Workspace) int {
		return cmp.Or(
			timeOrZero(a.GmtCreateTime).Compare(timeOrZero(b.GmtCreateTime)), strings.Compare(a.Identity(), b.Identity()))
	})
}

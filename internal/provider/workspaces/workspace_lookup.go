package workspaces

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// workspaceLookup is one read of pai_workspace.
type workspaceLookup struct {
	workspaceConfig
	connection *lookup.Connection
	diags      *diag.Diagnostics
	list       *paiclient.WorkspaceList // the last list; nil if no workspaces were listed
}

// run returns the selected workspace. It returns nil and adds an error if there is none.
func (l *workspaceLookup) run(ctx context.Context) *pai.Workspace {
	switch {
	case !l.workspaceID.IsNull():
		workspace, err := l.connection.GetWorkspace(ctx, l.workspaceID.ValueString())
		if err != nil {
			l.addGetError(err, "No workspace with this ID", "The workspace may have been deleted, or belong to another "+
				"region. Check `workspace_id` and `region`.")
			return nil
		}
		return workspace
	case !l.workspaceName.IsNull():
		return l.byName(ctx)
	}
	workspace, err := l.connection.GetDefaultWorkspace(ctx)
	if err != nil {
		l.addGetError(err, "No default workspace", "Set `workspace_id` or `workspace_name`, or check `region`.")
		return nil
	}
	own := *workspace // a copy, because other reads can share the workspace
	if own.IsDefault == nil {
		own.IsDefault = new(true) // GetDefaultWorkspace omits it
	}
	return &own
}

// addGetError adds the error of a request for one workspace. If there is no such workspace, it adds an error with the
// summary and the advice.
func (l *workspaceLookup) addGetError(err error, summary, advice string) {
	apiErr, ok := errors.AsType[*paiclient.APIError](err)
	switch requested := l.requested(); {
	case lookup.IsNotFound(err):
		l.diags.AddAttributeError(l.selector(), summary, fmt.Sprintf("%s.\n\n%s\n\n%s", err, requested, advice))
	case ok && apiErr.Code == paiclient.CodeDenied:
		l.diags.AddAttributeError(l.selector(), "Workspace not found or access denied", fmt.Sprintf(
			"%s.\n\n%s\n\nThe API sends this code if there is no such workspace, and also if access is denied. %s\n\nIf the "+
				"workspace exists, grant access to it. %s",
			err, requested, advice, lookup.PermissionAdvice(apiErr.Action)))
	default:
		l.connection.AddRequestError(l.diags, err, l.arguments().Paragraph(), l.arguments().Path)
	}
}

// requested returns the arguments and the region, if known, as a paragraph of a diagnostic.
func (l *workspaceLookup) requested() string {
	if l.connection.Region.IsNull() {
		return l.arguments().Paragraph()
	}
	return l.arguments().Paragraph() + "\nRegion: " + l.connection.Region.ValueString()
}

// byName returns the workspace with the configured name. It first lists only workspaces that the API's search finds. If
// none of them has the name, it lists all workspaces, for suggestions.
func (l *workspaceLookup) byName(ctx context.Context) *pai.Workspace {
	name := l.workspaceName.ValueString()
	for _, search := range []string{name, ""} {
		list, err := l.connection.ListWorkspaces(ctx, paiclient.ListWorkspacesInput{Name: search})
		if err != nil {
			l.connection.AddRequestError(l.diags, err, l.arguments().Paragraph(), l.arguments().Path)
			return nil
		}
		l.list = list
		var matches []pai.Workspace
		for _, workspace := range list.Workspaces {
			if workspace.WorkspaceName != nil && pai.EqualText(*workspace.WorkspaceName, name) {
				matches = append(matches, workspace)
			}
		}
		switch {
		case len(matches) == 1:
			lookup.AddIncompleteWarning(l.diags, list.Incomplete, "workspaces")
			return l.withID(&matches[0])
		case len(matches) > 1:
			l.addSeveralError(matches)
			return nil
		}
	}
	lookup.AddIncompleteWarning(l.diags, l.list.Incomplete, "workspaces")
	l.addNoNameError(name)
	return nil
}

// withID returns the workspace. If it has no ID, withID returns nil and adds an error, because lookups that use a null
// workspace_id find the images of every workspace.
func (l *workspaceLookup) withID(workspace *pai.Workspace) *pai.Workspace {
	if pai.OrEmpty(workspace.WorkspaceID) != "" {
		return workspace
	}
	l.diags.AddAttributeError(path.Root("workspace_name"), "Workspace without an ID", fmt.Sprintf(
		"The API returned no ID for this workspace. Lookups of its images need the ID.\n\n%s\n\nReplace "+
			"`workspace_name` by `workspace_id`.", l.requested()))
	return nil
}

// addSeveralError adds an error about several workspaces with the same name.
func (l *workspaceLookup) addSeveralError(matches []pai.Workspace) {
	ids := make([]string, len(matches))
	for i := range matches {
		ids[i] = hcltext.Quote(pai.OrEmpty(matches[i].WorkspaceID))
	}
	l.diags.AddAttributeError(path.Root("workspace_name"), "Several workspaces with this name", fmt.Sprintf(
		"%d workspaces have this name. Their IDs: %s.\n\n%s\n\nReplace `workspace_name` by `workspace_id`.",
		len(ids), strings.Join(ids, ", "), l.requested()))
}

// maxNames is the maximum number of names that a diagnostic lists.
const maxNames = 10

// addNoNameError adds an error with the names of workspaces that exist, the nearest first.
func (l *workspaceLookup) addNoNameError(name string) {
	var inCase, displayed, others []string
	for i := range l.list.Workspaces {
		workspace := &l.list.Workspaces[i]
		switch other := pai.OrEmpty(workspace.WorkspaceName); {
		case other == "":
		case strings.EqualFold(other, name):
			inCase = append(inCase, hcltext.Quote(other))
		case strings.EqualFold(pai.OrEmpty(workspace.DisplayName), name):
			displayed = append(displayed, hcltext.Quote(other))
		default:
			others = append(others, hcltext.Quote(other))
		}
	}
	cause := fmt.Sprintf("This account can see %d workspaces in this region, but none with this name.",
		len(l.list.Workspaces))
	if len(l.list.Workspaces) == 0 {
		cause = "This account can see no workspaces in this region."
	}
	if inCase != nil {
		cause += fmt.Sprintf(" `workspace_name = %s` differs only in case.", strings.Join(inCase, ", "))
	}
	if displayed != nil {
		cause += fmt.Sprintf(" `workspace_name = %s` has this text as its display name.", strings.Join(displayed, ", "))
	}
	if others != nil {
		lookup.SortByDistance(others, hcltext.Quote(name))
		if more := len(others) - maxNames; more > 0 {
			others = append(others[:maxNames], fmt.Sprintf("and %d more", more))
		}
		label := "Their names"
		if inCase != nil || displayed != nil {
			label = "Other names"
		}
		cause += fmt.Sprintf(" %s: %s.", label, strings.Join(others, ", "))
	}
	l.diags.AddAttributeError(path.Root("workspace_name"), "No workspace with this name", fmt.Sprintf(
		"%s\n\n%s\n\nCheck `workspace_name`, `region` and the provider's credentials.", cause, l.requested()))
}

// addStatusWarning adds a warning if the workspace has a status other than enabled.
func (c *workspaceConfig) addStatusWarning(workspace *pai.Workspace, diags *diag.Diagnostics) {
	status := pai.OrEmpty(workspace.Status)
	if slices.Contains([]string{"", pai.StatusEnabled}, status) {
		return
	}
	diags.AddAttributeWarning(c.selector(), "Workspace is not enabled", fmt.Sprintf(
		"Workspace %s has the status %s. Jobs and services may not be able to use it. Check the workspace in the PAI "+
			"console, or select another one.", describe(workspace), hcltext.Quote(status)))
}

// describe returns the ID and the name of a workspace.
func describe(workspace *pai.Workspace) string {
	text := pai.OrEmpty(workspace.WorkspaceID)
	if name := pai.OrEmpty(workspace.WorkspaceName); name != "" {
		text += " (" + hcltext.Quote(name) + ")"
	}
	return text
}

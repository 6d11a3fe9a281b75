package paisandbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWorkspaces checks the built-in workspaces: their statuses, the default, and those of the custom images.
func TestWorkspaces(t *testing.T) {
	t.Parallel()
	ids, names, statuses, defaults := map[string]bool{}, map[string]bool{}, map[string]int{}, 0
	for _, w := range Workspaces() {
		ids[w.WorkspaceID.Or("")], names[w.WorkspaceName.Or("")] = true, true
		statuses[w.Status.Or("")]++
		if w.IsDefault.Or(false) {
			defaults++
		}
	}
	if len(ids) != len(Workspaces()) || len(names) != len(ids) || defaults != 1 {
		t.Errorf("got ids %v, names %v and %d defaults, want distinct ones and one default", ids, names, defaults)
	}
	for _, status := range []string{"ENABLED", "DISABLED", "FROZEN", "UPDATING", "INITIALIZING"} {
		if statuses[status] == 0 {
			t.Errorf("no workspace has the status %s", status)
		}
	}
	for _, i := range Catalogue() {
		if id := i.WorkspaceID.Or(""); id != "" && !ids[id] {
			t.Errorf("image %s is of the unknown workspace %s", i.Name.Or(""), id)
		}
	}
}

func TestWorkspacesReturnsCopies(t *testing.T) {
	t.Parallel()
	workspaces := smallWorkspaces()
	s := startSandbox(t, Options{Workspaces: workspaces})
	for _, w := range []Workspace{workspaces[0], s.Workspaces()[0]} {
		w.EnvTypes.Or(nil)[0], w.AdminNames.Or(nil)[0] = "changed from outside", "changed from outside"
		w.ExtraInfos.Or(nil)["changed"] = "from outside"
	}
	if diff := cmp.Diff(smallWorkspaces(), s.Workspaces()); diff != "" {
		t.Error(diff)
	}
}

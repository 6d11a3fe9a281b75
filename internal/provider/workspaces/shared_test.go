package workspaces

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// TestApplyKeepsSharedWorkspaces checks that a read doesn't change a list that it may share with other reads.
func TestApplyKeepsSharedWorkspaces(t *testing.T) {
	t.Parallel()
	newList := func() []pai.Workspace {
		return []pai.Workspace{{Status: new("FROZEN")}, {Status: new("ENABLED")}}
	}
	list := newList()
	config := workspacesConfig{status: types.StringValue("ENABLED")}
	if got := config.apply(list, new(diag.Diagnostics)); len(got) != 1 {
		t.Errorf("got %d workspaces, want 1", len(got))
	}
	if diff := cmp.Diff(newList(), list); diff != "" {
		t.Errorf("the read changed the list (-want +got):\n%s", diff)
	}
}

// fixedClient is a Client that always returns the same default workspace.
type fixedClient struct {
	lookup.Client
	workspace pai.Workspace
}

func (c *fixedClient) GetDefaultWorkspace(context.Context) (*pai.Workspace, error) {
	return &c.workspace, nil
}

// TestRunKeepsSharedWorkspace checks that a read doesn't change the default workspace that it may share.
func TestRunKeepsSharedWorkspace(t *testing.T) {
	t.Parallel()
	client := new(fixedClient)
	read := workspaceLookup{
		workspaceConfig: workspaceConfig{workspaceID: types.StringNull(), workspaceName: types.StringNull()},
		connection:      &lookup.Connection{Client: client},
	}
	if got := read.run(t.Context()); got.IsDefault == nil || client.workspace.IsDefault != nil {
		t.Errorf("IsDefault is %v, and %v in the shared workspace, want true and nil",
			got.IsDefault, client.workspace.IsDefault)
	}
}

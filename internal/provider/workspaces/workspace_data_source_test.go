package workspaces_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestWorkspace checks the selected workspace, the request and the configured values in state for each argument.
func TestWorkspace(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	for name, test := range map[string]struct {
		block    values
		id, name string
		request  string // action, path and query
	}{
		"workspace_id": {
			values{"workspace_id": "20455"}, "20455", "risk_and_ranking", "GetWorkspace /api/v1/workspaces/20455 ",
		},
		"workspace_id with a line end": {
			values{"workspace_id": "20455\n"}, "20455\n", "risk_and_ranking", "GetWorkspace /api/v1/workspaces/20455 ",
		},
		"workspace_name, part of another": {
			values{"workspace_name": "vision_lab"},
			"31977", "vision_lab",
			"ListWorkspaces /api/v1/workspaces Order=ASC&PageNumber=1&PageSize=100&SortBy=GmtCreateTime&Verbose=true" +
				"&WorkspaceName=vision_lab",
		},
		"default": {
			values{"default": true}, "10086", "default_workspace", "GetDefaultWorkspace /api/v1/defaultWorkspaces ",
		},
	} {
		before := len(sandbox.Requests())
		state := newTerraform(t, sandbox, "pai_workspace").State(test.block)
		if state["workspace_id"] != test.id || state["workspace_name"] != test.name {
			t.Errorf("%s: got %q, %q, want %q, %q", name, state["workspace_id"], state["workspace_name"], test.id, test.name)
		}
		if state["default"] != test.block["default"] || state["is_default"] != (test.name == "default_workspace") {
			t.Errorf("%s: got default = %v, is_default = %v", name, state["default"], state["is_default"])
		}
		requests := sandbox.Requests()[before:]
		if len(requests) != 1 {
			t.Fatalf("%s: got %d requests, want 1", name, len(requests))
		}
		r := requests[0]
		if got := strings.Join([]string{r.Action, r.Path, r.Query.Encode()}, " "); got != test.request {
			t.Errorf("%s: got request %s, want %s", name, got, test.request)
		}
	}
}

// TestWorkspaceState checks the state for every field of the API's response.
func TestWorkspaceState(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
		"{"+strings.Replace(fullResponse, "resourceGroupId", "ResourceGroupId", 1)+`,"Owner":{"UserId":"1"}}`)})
	state := newTerraform(t, sandbox, "pai_workspace").State(values{"workspace_id": "1"})
	want := map[string]any{"default": nil, "region": nil, "timeouts": nil}
	for name, value := range fullWorkspace {
		want[name] = value
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Error(diff)
	}
}

// TestWorkspaceNameIsExact checks the comparison of names: case and Unicode forms. If the API's search doesn't find the
// name, the workspace is found among all workspaces.
func TestWorkspaceNameIsExact(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Workspaces: []paisandbox.Workspace{
		paisandbox.NewWorkspace("1", "lab"), paisandbox.NewWorkspace("2", "Lab"), paisandbox.NewWorkspace("3", "a\u0308b"),
	}})
	tf := newTerraform(t, sandbox, "pai_workspace")
	for name, want := range map[string]string{"lab": "1", "Lab": "2", "äb": "3"} {
		if got := tf.State(values{"workspace_name": name})["workspace_id"]; got != want {
			t.Errorf("%s: got %v, want %s", name, got, want)
		}
	}
	// The name in another form needs a second request, for all workspaces.
	if requests := sandbox.Requests(); len(requests) != 4 {
		t.Errorf("got %d requests, want 4", len(requests))
	}
}

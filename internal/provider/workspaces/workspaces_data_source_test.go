package workspaces_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestWorkspaces checks the result for each argument and the parameters of its request. Whitespace at the start and end
// of an argument is ignored.
func TestWorkspaces(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	for name, test := range map[string]struct {
		block values
		want  string // names
		total int64
		query url.Values
	}{
		"all": {
			values{},
			"default_workspace vision_lab risk_and_ranking speech_2023 vision_lab_staging partner_demo new_project",
			7,
			url.Values{},
		},
		"workspace_name": {
			values{"workspace_name": " VISION_LAB\n"},
			"vision_lab vision_lab_staging", 2,
			url.Values{"WorkspaceName": {"VISION_LAB"}},
		},
		"name_regex": {values{"name_regex": "_lab$"}, "vision_lab", 7, url.Values{}},
		"workspace_ids": {
			values{"workspace_ids": []any{"31977", "10086", "1"}},
			"default_workspace vision_lab", 2,
			url.Values{"WorkspaceIds": {"1,10086,31977"}},
		},
		"status":            {values{"status": "FROZEN"}, "partner_demo", 1, url.Values{"Status": {"FROZEN"}}},
		"resource_group_id": {values{"resource_group_id": "rg-none"}, "", 0, url.Values{"ResourceGroupId": {"rg-none"}}},
	} {
		before := len(sandbox.Requests())
		state := newTerraform(t, sandbox, "pai_workspaces").State(test.block)
		if got := strings.Trim(fmt.Sprint(state["names"]), "[]"); got != test.want || state["total_count"] != test.total {
			t.Errorf("%s: got %s of %v, want %s of %d", name, got, state["total_count"], test.want, test.total)
		}
		requests := sandbox.Requests()[before:]
		if len(requests) != 1 || requests[0].Action != "ListWorkspaces" {
			t.Fatalf("%s: got %d requests, want one ListWorkspaces", name, len(requests))
		}
		for parameter, value := range (url.Values{
			"SortBy": {"GmtCreateTime"}, "Order": {"ASC"}, "Verbose": {"true"}, "PageNumber": {"1"}, "PageSize": {"100"},
		}) {
			test.query[parameter] = value
		}
		if diff := cmp.Diff(test.query, requests[0].Query); diff != "" {
			t.Errorf("%s: query: %s", name, diff)
		}
	}
}

// fullWorkspace is the state of the full workspace in fullResponse.
var (
	fullWorkspace = map[string]any{
		"workspace_id": "1", "workspace_name": "n", "display_name": "N", "description": "d", "status": "ENABLED",
		"creator": "1550", "is_default": false, "env_types": []any{"dev", "prod"}, "admin_names": []any{"a"},
		"resource_group_id": "rg-1", "gmt_create_time": "2021-01-21T17:12:35.232Z",
		"gmt_modified_time": "2022-01-21T17:12:35.232Z",
	}
	fullResponse = `"WorkspaceId":"1","WorkspaceName":"n","DisplayName":"N","Description":"d","Status":"ENABLED",
		"Creator":"1550","IsDefault":false,"EnvTypes":["dev","prod"],"AdminNames":["a"],"ExtraInfos":{"k":"v"},
		"resourceGroupId":"rg-1","GmtCreateTime":"2021-01-21T17:12:35.232Z\n",
		"GmtModifiedTime":"2022-01-21T17:12:35.232Z\n"`
)

// TestWorkspaceFields checks the state for every field of the API's response, with a value, empty and omitted (design
// rule 2).
func TestWorkspaceFields(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":3,"Workspaces":[{`+fullResponse+`},
		{"WorkspaceId":"2","WorkspaceName":"","DisplayName":"","Description":"","Status":"","Creator":"","IsDefault":true,
		 "EnvTypes":[],"AdminNames":[],"resourceGroupId":"","GmtCreateTime":"2023-01-01T00:00:00Z","GmtModifiedTime":""},
		{"WorkspaceId":"0","DisplayName":null,"IsDefault":null,"EnvTypes":null}]}`)})
	omitted, empty := map[string]any{"workspace_id": "0"}, map[string]any{
		"workspace_id": "2", "is_default": true, "env_types": []any{}, "admin_names": []any{},
		"gmt_create_time": "2023-01-01T00:00:00Z",
	}
	for name := range fullWorkspace {
		if name != "workspace_id" {
			omitted[name] = nil
		}
		if _, ok := empty[name]; !ok {
			empty[name] = ""
		}
	}
	state := newTerraform(t, sandbox, "pai_workspaces").State(values{})
	for name, want := range map[string]any{
		"workspaces": []any{omitted, fullWorkspace, empty}, "ids": []any{"0", "1", "2"}, "names": []any{nil, "n", ""},
		"total_count": int64(3),
	} {
		if diff := cmp.Diff(want, state[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestManyWorkspaces checks that 137 workspaces on several pages are complete and in order, although the list changes,
// and that the order of the responses doesn't affect the state (design rules 1 and 3).
func TestManyWorkspaces(t *testing.T) {
	t.Parallel()
	const count = 137
	sandbox := providertest.Start(t, paisandbox.Options{Workspaces: paisandbox.NumberedWorkspaces(count)})
	tf := newTerraform(t, sandbox, "pai_workspaces")
	first := tf.State(values{})
	sandbox.AddFault(paisandbox.Fault{Times: 3, Do: paisandbox.ShuffleTies()})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.ReverseOrder()})
	if diff := cmp.Diff(first, tf.State(values{})); diff != "" {
		t.Error(diff)
	}
	sandbox.ClearFaults()
	if ids := first["ids"].([]any); len(ids) != count || first["total_count"] != int64(count) {
		t.Fatalf("got %d workspaces of %v, want %d", len(ids), first["total_count"], count)
	}

	// After page 1 was read, its first workspace is deleted, so the first of page 2 moves to page 1.
	deleted := first["ids"].([]any)[0]
	sandbox.BeforeRequest(2, func(s *paisandbox.Sandbox) {
		s.UpdateWorkspaces(func(workspaces []paisandbox.Workspace) []paisandbox.Workspace {
			workspaces = slices.DeleteFunc(workspaces, func(w paisandbox.Workspace) bool {
				return w.WorkspaceID.Or("") == deleted
			})
			return append(workspaces, paisandbox.NewWorkspace("1", "new"))
		})
	})
	ids := tf.State(values{})["ids"].([]any)
	for _, id := range first["ids"].([]any)[1:] {
		if !slices.Contains(ids, id) {
			t.Errorf("%s existed all the time and is missing", id)
		}
	}
	if len(ids) != count || slices.Contains(ids, deleted) || !slices.Contains(ids, any("1")) {
		t.Errorf("got %d workspaces, want %d with the new one and without the deleted one", len(ids), count)
	}
}

// TestIgnoredFilters checks the filters that the provider also evaluates, if the API ignores them. A workspace without
// a value doesn't contradict a filter of the API. A workspace without a name never matches name_regex. A wildcard
// has no warning if the API returns workspaces.
func TestIgnoredFilters(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":3,"Workspaces":[
		{"WorkspaceId":"1","WorkspaceName":"a\u0308","Status":"ENABLED","resourceGroupId":"rg-1"},
		{"WorkspaceId":"2","WorkspaceName":"b","Status":"FROZEN","resourceGroupId":"rg-2"},
		{"WorkspaceId":"3","Status":"","resourceGroupId":null}]}`)})
	tf := newTerraform(t, sandbox, "pai_workspaces")
	for name, test := range map[string]struct {
		block    values
		want     []any
		warnings int
	}{
		"workspace_ids":     {values{"workspace_ids": []any{"2", "3"}}, []any{"2", "3"}, 1},
		"status":            {values{"status": "ENABLED"}, []any{"1", "3"}, 1},
		"resource_group_id": {values{"resource_group_id": "rg-2"}, []any{"2", "3"}, 1},
		"name_regex":        {values{"name_regex": "^ä$"}, []any{"1"}, 0},
		"any name":          {values{"name_regex": "^.*$"}, []any{"1", "2"}, 0},
		"wildcard":          {values{"workspace_name": "*", "name_regex": "none"}, []any{}, 0},
	} {
		read := tf.Read(t.Context(), test.block)
		if got := tf.Decode(read)["ids"]; !cmp.Equal(got, any(test.want)) || len(read.Diagnostics) != test.warnings {
			t.Errorf("%s: got %v with %d warnings, want %v with %d", name, got, len(read.Diagnostics), test.want,
				test.warnings)
		}
	}
}

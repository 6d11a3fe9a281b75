package provider

import (
	"fmt"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// labelCases returns cases of pai_image_labels.
func labelCases() []diagnosticCase {
	invalid := casesOf("pai_image_labels")
	failing := func(name string, block values, response paisandbox.Effect, want string, facts ...string) diagnosticCase {
		c := invalid(name, block, want, facts...)
		c.faults, c.requests = []paisandbox.Fault{{Do: response}}, 1
		return c
	}
	empty := func(name string, block values, want, fact string) diagnosticCase {
		c := invalid(name, block, want, fact)
		c.requests = 1
		return c
	}
	const framework = "system.framework.PyTorch"
	wildcards := empty("wildcards", values{
		"labels": map[string]any{framework: "2.9*", "a*": "1", "b": "*"}, "label_keys": []any{"system.*"},
	}, `warning label_keys["system.*"]`, `label_keys = ["system.framework.PyTorch"]`)
	wildcards.want = append(wildcards.want, `warning labels["a*"]`, `warning labels["system.framework.PyTorch"]`)
	return []diagnosticCase{
		wildcards,
		empty("key in another case", values{"label_keys": []any{"system.chiptype", "system.chip"}},
			`warning label_keys["system.chiptype"]`, `"system.chipType"`),
		failing("key of a listed label in another case", values{"label_keys": []any{"Team", "system.official"}},
			paisandbox.Body(200, `{"TotalCount":2,"Labels":[{"Value":"b"},{"Key":"team","Value":"a"}]}`),
			`warning label_keys["Team"]`, `"team"`),
		invalid("empty workspace_id", values{"workspace_id": ""}, "error workspace_id"),
		invalid("image_id of a parent folder", values{"image_id": ".."}, "error image_id", `".."`),
		invalid("no label_keys", values{"label_keys": []any{}}, "error label_keys"),
		invalid("null label key", values{"label_keys": []any{nil}}, "error label_keys"),
		invalid("label key with a comma", values{"label_keys": []any{"a,b"}}, `error label_keys["a,b"]`, `","`),
		invalid("empty label value", values{"labels": map[string]any{"a": ""}}, `error labels["a"]`),
		invalid("label with =", values{"labels": map[string]any{"a=b": "c"}}, `error labels["a=b"]`, `"="`),
		invalid("null label value", values{"labels": map[string]any{"a": nil}}, "error labels"),
		invalid("negative timeout", values{"timeouts": map[string]any{"read": "-1s"}}, "error timeouts.read", `"-1s"`),
		failing("permission denied", values{"workspace_id": "20455"}, paisandbox.APIError(403, "Forbidden.RAM", "no"),
			"error", "Missing permission for ListImageLabels", `"paiimage:ListImageLabels"`, `workspace_id = "20455"`),
		failing("rejected parameter", values{"labels": map[string]any{"k": "v"}, "label_keys": []any{"a", "b"}},
			paisandbox.APIError(400, "InvalidParameter.LabelKeys", "too many"), "error label_keys", "too many",
			`label_keys = ["a", "b"]`, `labels = { "k" = "v" }`),
		failing("unknown workspace", values{"workspace_id": "9"}, paisandbox.APIError(404, "100400008", "no"), "error",
			"Check `workspace_id`", "code 100400008"),
		failing("HTML", values{}, paisandbox.Status(200, "text/html", "<html>"), "error", "HTTP 200", "endpoint"),
		failing("fewer labels than counted", values{},
			paisandbox.Body(200, `{"TotalCount":3,"Labels":[{"Key":"a","Value":"1"},{"Key":"a","Value":"1"}]}`), "warning",
			"counts 3 labels, but returned 2"),
	}
}

// workspacesCases returns cases of pai_workspaces.
func workspacesCases() []diagnosticCase {
	invalid := casesOf("pai_workspaces")
	failing := func(name string, block values, response paisandbox.Effect, want string, facts ...string) diagnosticCase {
		c := invalid(name, block, want, facts...)
		c.faults, c.requests = []paisandbox.Fault{{Do: response}}, 1
		c.workspaces = paisandbox.NumberedWorkspaces(120)
		return c
	}
	all := values{
		"workspace_name": "a", "name_regex": "^a", "workspace_ids": []any{"2", "1"}, "status": "ENABLED",
		"resource_group_id": "rg-1",
	}
	other := `{"WorkspaceId":"3","Status":"FROZEN","resourceGroupId":"rg-2"}`
	wildcard := func(name string, block values, fact string) diagnosticCase {
		c := invalid(name, block, "warning workspace_name", fact)
		c.requests = 1
		return c
	}
	return []diagnosticCase{
		wildcard("wildcard", values{"workspace_name": "vision*"}, `name_regex = "^vision"`),
		wildcard("wildcard beside name_regex", values{"workspace_name": "vision*", "name_regex": "x"}, "use `name_regex`"),
		wildcard("only a wildcard", values{"workspace_name": "*"}, "remove it"),
		invalid("empty workspace_name", values{"workspace_name": ""}, "error workspace_name"),
		invalid("name_regex without an end", values{"name_regex": "a("}, "error name_regex", `"a("`),
		invalid("no workspace_ids", values{"workspace_ids": []any{}}, "error workspace_ids"),
		invalid("null workspace ID", values{"workspace_ids": []any{nil}}, "error workspace_ids"),
		invalid("workspace ID with a comma", values{"workspace_ids": []any{"${a},2"}}, `error workspace_ids["${a},2"]`,
			`"$${a},2"`),
		invalid("status in lower case", values{"status": "enabled"}, "error status", `"enabled"`, `"ENABLED"`),
		invalid("empty status", values{"status": ""}, "error status"),
		invalid("empty resource_group_id", values{"resource_group_id": ""}, "error resource_group_id"),
		invalid("negative timeout", values{"timeouts": map[string]any{"read": "-1s"}}, "error timeouts.read", `"-1s"`),
		failing("permission denied", all, paisandbox.APIError(404, "100700008", "denied"), "error",
			"Missing permission for ListWorkspaces", `"paiworkspace:ListWorkspaces"`, `workspace_name = "a"`,
			`name_regex = "^a"`, `workspace_ids = ["1", "2"]`, `status = "ENABLED"`, `resource_group_id = "rg-1"`),
		failing("rejected parameter", all, paisandbox.APIError(400, "InvalidParameter", "Status is unknown"), "error status",
			"Status is unknown"),
		failing("wrong count", values{}, paisandbox.TotalCount(130), "warning", "130", "120", "all pages 4 times"),
		failing("ignored filters", all, paisandbox.Body(200, `{"TotalCount":3,"Workspaces":[
			{"WorkspaceId":"1","WorkspaceName":"a"},{"WorkspaceId":"2","WorkspaceName":"a","Status":"FROZEN"},`+other+`]}`),
			"warning", "dropped 2 of 3 workspaces", "`status`", "`workspace_ids`"),
	}
}

// workspaceCases returns cases of pai_workspace.
func workspaceCases() []diagnosticCase {
	invalid := casesOf("pai_workspace")
	read := func(name string, block values, want string, facts ...string) diagnosticCase {
		c := invalid(name, block, want, facts...)
		c.requests = 1
		return c
	}
	failing := func(name string, block values, response paisandbox.Effect, want string, facts ...string) diagnosticCase {
		c := read(name, block, want, facts...)
		c.faults = []paisandbox.Fault{{Do: response}}
		return c
	}
	byID, byName, byDefault := values{"workspace_id": "9"}, values{"workspace_name": "vision_lab"}, values{"default": true}
	denied := paisandbox.APIError(404, "100700008", "denied by RAM and AIWorkspace Rbac")
	several := failing("several of one name", byName, paisandbox.Body(200, `{"TotalCount":2,"Workspaces":[
		{"WorkspaceId":"1","WorkspaceName":"vision_lab"},{"WorkspaceId":"2","WorkspaceName":"vision_lab"}]}`),
		"error workspace_name", `"1", "2"`)
	noID := func(fields string) paisandbox.Effect {
		return paisandbox.Body(200, `{"TotalCount":1,"Workspaces":[{"WorkspaceName":"vision_lab"`+fields+`}]}`)
	}
	none := read("name, without workspaces", byName, "error workspace_name", "no workspaces")
	none.workspaces = []paisandbox.Workspace{}
	many := read("name of none of many", values{"workspace_name": "numbered_1000"}, "error workspace_name",
		"137 workspaces", `"numbered_100"`, "and 127 more")
	many.workspaces = paisandbox.NumberedWorkspaces(137)
	noDefault := read("no default", byDefault, "error default", "code 100400027")
	noDefault.workspaces = paisandbox.NumberedWorkspaces(2)
	incomplete := failing("wrong count", values{"workspace_name": "numbered_7"}, paisandbox.TotalCount(130), "warning",
		"130", "11")
	incomplete.workspaces = paisandbox.NumberedWorkspaces(120)
	incompleteNone := incomplete
	incompleteNone.name = "pai_workspace: wrong count, no such name"
	incompleteNone.block = values{"workspace_name": "lab"}
	incompleteNone.faults = []paisandbox.Fault{{Do: paisandbox.TotalCount(130)}}
	incompleteNone.want = []string{"warning", "error workspace_name"}
	incompleteNone.facts = []string{"130", "120 workspaces"}
	limited := failing("read timeout", byName, paisandbox.Throttle(400, time.Hour), "error", "code Throttling.User")
	limited.provider = values{"max_retries": 1}
	limited.block = values{"workspace_name": "vision_lab", "timeouts": map[string]any{"read": "1s"}}
	cases := []diagnosticCase{
		invalid("nothing selected", values{}, "error", "workspace_id", "workspace_name", "default = true"),
		invalid("two selections", values{"workspace_id": "1", "default": true}, "error default", "workspace_id"),
		invalid("three selections", values{"workspace_id": "1", "workspace_name": unknown{}, "default": true},
			"error workspace_name", "workspace_id", "default"),
		invalid("default = false", values{"default": false}, "error default", "default = true"),
		invalid("empty workspace_id", values{"workspace_id": ""}, "error workspace_id"),
		invalid("workspace_id of a parent folder", values{"workspace_id": ".."}, "error workspace_id", `".."`),
		invalid("workspace_id with a line end inside", values{"workspace_id": "${a}\n2"}, "error workspace_id", `"$${a}\n2"`),
		invalid("empty workspace_name", values{"workspace_name": " "}, "error workspace_name"),
		invalid("negative timeout", values{"default": true, "timeouts": map[string]any{"read": "-1s"}},
			"error timeouts.read", `"-1s"`),
		read("unknown ID", byID, "error workspace_id", `workspace_id = "9"`, "HTTP 404, code 100400008"),
		failing("ID, not found or denied", byID, denied, "error workspace_id", "code 100700008",
			`"paiworkspace:GetWorkspace"`),
		failing("ID, denied by RAM", byID, paisandbox.APIError(403, "Forbidden.RAM", "no"), "error",
			"Missing permission for GetWorkspace", `"paiworkspace:GetWorkspace"`),
		failing("ID, page of a proxy", byID, paisandbox.Status(404, "text/html", "<html>"), "error", "HTTP 404"),
		failing("ID, response without a workspace", byID, paisandbox.Body(200, `{"RequestId":"R"}`), "error", "endpoint"),
		noDefault,
		failing("default, not found or denied", byDefault, denied, "error default", "code 100700008",
			`"paiworkspace:GetDefaultWorkspace"`),
		read("name in another case", values{"workspace_name": "Vision_Lab"}, "error workspace_name",
			"`workspace_name = \"vision_lab\"` differs only in case"),
		read("display name", values{"workspace_name": "Vision lab"}, "error workspace_name",
			"`workspace_name = \"vision_lab\"` has this text as its display name"),
		read("near name", values{"workspace_name": "visionlab"}, "error workspace_name", "7 workspaces",
			`Their names: "vision_lab",`),
		none, many, several,
		failing("name, response without an ID", byName, noID(""), "error workspace_name", "no ID"),
		failing("name, response with an empty ID", byName, noID(`,"WorkspaceId":""`), "error workspace_name", "no ID"),
		failing("name, denied", byName, denied, "error", "Missing permission for ListWorkspaces",
			`"paiworkspace:ListWorkspaces"`, `workspace_name = "vision_lab"`),
		failing("name, rejected parameter", byName, paisandbox.APIError(400, "InvalidParameter.WorkspaceName", "no"),
			"error workspace_name"),
		incomplete, incompleteNone, limited,
	}
	for _, status := range []string{"DISABLED", "FROZEN", "UPDATING", "INITIALIZING"} {
		for _, workspace := range paisandbox.Workspaces() {
			if workspace.Status.Or("") == status {
				id := workspace.WorkspaceID.Or("")
				cases = append(cases, read("status "+status, values{"workspace_id": id}, "warning workspace_id", id,
					fmt.Sprintf("%q", status)))
			}
		}
	}
	return cases
}

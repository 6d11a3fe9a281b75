package paiclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
)

// newCannedClient returns a client that receives the same response to every request, and the client's transport.
func newCannedClient(t *testing.T, status int, body string) (*paiclient.Client, *fakeTransport) {
	t.Helper()
	transport := &fakeTransport{respond: func(int, *http.Request) *http.Response { return cannedResponse(status, body) }}
	return newFakeClient(t, transport), transport
}

// wantRequest checks the action, the path and the query of the only request.
func (f *fakeTransport) wantRequest(t *testing.T, action, path string, query url.Values) {
	t.Helper()
	if len(f.requests) != 1 {
		t.Fatalf("got %d requests, want 1", len(f.requests))
	}
	request := f.requests[0]
	if got := request.Header.Get("x-acs-action"); got != action || request.URL.Path != path {
		t.Errorf("got action %s at %s, want %s at %s", got, request.URL.Path, action, path)
	}
	if diff := cmp.Diff(query, request.URL.Query()); diff != "" {
		t.Error(diff)
	}
}

// TestListImageLabels checks the request parameters and the labels.
func TestListImageLabels(t *testing.T) {
	t.Parallel()
	client, transport := newCannedClient(t, http.StatusOK, `{"RequestId":"R","TotalCount":6,"Labels":[
		{"Key":"system.chipType","Value":"PPU"},{"Key":"system.chipType","Value":"GPU"},{"Value":"no key"},
		{"Key":"a","Value":"1"},{"Key":"system.chipType","Value":"GPU"},{"Key":"a"}]}`)
	got, err := client.ListImageLabels(t.Context(), paiclient.ListImageLabelsInput{
		ImageID: "image-1", WorkspaceID: "20455", Keys: []string{"system.chipType", "a"},
		Labels: map[string]string{"system.official": "true", "a": "*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	label := func(key, value string) pai.Label { return pai.Label{Key: &key, Value: &value} }
	want := &paiclient.ImageLabels{
		Labels: []pai.Label{
			label("system.chipType", "PPU"), label("system.chipType", "GPU"),
			{Value: new("no key")},
			label("a", "1"), label("system.chipType", "GPU"),
			{Key: new("a")},
		},
		TotalCount: new(int64(6)),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	transport.wantRequest(t, "ListImageLabels", "/api/v1/image/labels", url.Values{
		"ImageId": {"image-1"}, "WorkspaceId": {"20455"}, "LabelKeys": {"a,system.chipType"},
		"LabelFilter": {"a=*,system.official=true"},
	})
}

// TestUnsetDiscoveryParameters checks that no request has an empty parameter.
func TestUnsetDiscoveryParameters(t *testing.T) {
	t.Parallel()
	client, transport := newCannedClient(t, http.StatusOK, `{"TotalCount":0,"Labels":[]}`)
	if _, err := client.ListImageLabels(t.Context(), paiclient.ListImageLabelsInput{}); err != nil {
		t.Fatal(err)
	}
	transport.wantRequest(t, "ListImageLabels", "/api/v1/image/labels", url.Values{})

	client, transport = newCannedClient(t, http.StatusOK, `{"TotalCount":0,"Workspaces":[]}`)
	if _, err := client.ListWorkspaces(t.Context(), paiclient.ListWorkspacesInput{}); err != nil {
		t.Fatal(err)
	}
	transport.wantRequest(t, "ListWorkspaces", "/api/v1/workspaces", url.Values{
		"SortBy": {"GmtCreateTime"}, "Order": {"ASC"}, "Verbose": {"true"}, "PageNumber": {"1"}, "PageSize": {"100"},
	})
}

// fullWorkspace is a response with every field of a workspace. ListWorkspaces and GetWorkspace differ in the name of
// the resource group.
const fullWorkspace = `{"WorkspaceId":"20455","WorkspaceName":"search","DisplayName":"Search","Description":"d",
	"Status":"ENABLED","Creator":"1550","IsDefault":false,"EnvTypes":["prod"],"AdminNames":["a","b"],
	"%sesourceGroupId":"rg-1","ExtraInfos":{"k":"v"},"Owner":{"UserId":"1"},
	"GmtCreateTime":"2021-01-21T17:12:35.232Z\n","GmtModifiedTime":"2021-01-22T17:12:35.232Z\n"}`

var parsedWorkspace = pai.Workspace{
	WorkspaceID: new("20455"), WorkspaceName: new("search"), DisplayName: new("Search"), Description: new("d"),
	Status: new("ENABLED"), Creator: new("1550"), IsDefault: new(false), EnvTypes: []string{"prod"},
	AdminNames: []string{"a", "b"}, ResourceGroupID: new("rg-1"),
	GmtCreateTime: new("2021-01-21T17:12:35.232Z"), GmtModifiedTime: new("2021-01-22T17:12:35.232Z"),
}

// TestListWorkspaces checks the request parameters and the fields.
func TestListWorkspaces(t *testing.T) {
	t.Parallel()
	client, transport := newCannedClient(t, http.StatusOK,
		`{"TotalCount":1,"ResourceLimits":{"x":1},"Workspaces":[`+fmt.Sprintf(fullWorkspace, "r")+`]}`)
	got, err := client.ListWorkspaces(t.Context(), paiclient.ListWorkspacesInput{
		Name: "search", IDs: []string{"31977", "20455"}, Status: "ENABLED", ResourceGroupID: "rg-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &paiclient.WorkspaceList{
		Workspaces: []pai.Workspace{parsedWorkspace}, TotalCount: new(int64(1)), Pages: 1, Passes: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	transport.wantRequest(t, "ListWorkspaces", "/api/v1/workspaces", url.Values{
		"WorkspaceName": {"search"}, "WorkspaceIds": {"20455,31977"}, "Status": {"ENABLED"}, "ResourceGroupId": {"rg-1"},
		"SortBy": {"GmtCreateTime"}, "Order": {"ASC"}, "Verbose": {"true"}, "PageNumber": {"1"}, "PageSize": {"100"},
	})
}

// TestListWorkspacesUnderChurn lists 137 workspaces, on more pages than requested, while they change between requests.
// A list that counts as complete must contain every workspace that existed all the time (design rule 1).
func TestListWorkspacesUnderChurn(t *testing.T) {
	t.Parallel()
	complete, changed := 0, 0
	for seed := range uint64(40) {
		sandbox := startSandbox(t, paisandbox.Options{})
		options := churn.Options{Seed: seed, Items: 137, Likelihood: float64(seed%4) / 10}
		watch := churn.StartWorkspaces(sandbox, options).Watch()
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.ClampPageSize(20)})
		list, err := newClient(t, sandbox).ListWorkspaces(t.Context(), paiclient.ListWorkspacesInput{})
		if err != nil {
			t.Fatal(err)
		}
		history := watch.End()
		changed += min(1, len(history.Changes))
		if list.Incomplete != nil {
			continue
		}
		complete++
		var ids []string
		for i := range list.Workspaces {
			ids = append(ids, *list.Workspaces[i].WorkspaceID)
			if i > 0 && *list.Workspaces[i-1].GmtCreateTime > *list.Workspaces[i].GmtCreateTime {
				t.Errorf("seed %d: %s is after a newer workspace", seed, ids[i])
			}
		}
		for _, id := range history.AlwaysMatched(func(*paisandbox.Workspace) bool { return true }) {
			if !slices.Contains(ids, id) {
				t.Errorf("seed %d: %s is missing", seed, id)
			}
		}
	}
	if complete < 10 || changed < 10 {
		t.Errorf("%d lists were complete and %d changed, want at least 10 of each", complete, changed)
	}
}

// TestListChangingWorkspaces checks that passes with the same workspaces, but other modification times, don't agree.
func TestListChangingWorkspaces(t *testing.T) {
	t.Parallel()
	transport := &fakeTransport{respond: func(number int, request *http.Request) *http.Response {
		if request.URL.Query().Get("PageNumber") != "1" {
			return cannedResponse(http.StatusOK, `{"TotalCount":101,"Workspaces":[{"WorkspaceId":"101"}]}`)
		}
		workspaces := make([]string, 100)
		for n := range workspaces {
			workspaces[n] = fmt.Sprintf(`{"WorkspaceId":"%d","GmtModifiedTime":"%d-01-01T00:00:00Z"}`, n, 2000+number)
		}
		return cannedResponse(http.StatusOK, `{"TotalCount":101,"Workspaces":[`+strings.Join(workspaces, ",")+`]}`)
	}}
	list, err := newFakeClient(t, transport, sequential).ListWorkspaces(t.Context(), paiclient.ListWorkspacesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if list.Incomplete == nil || len(list.Workspaces) != 101 {
		t.Errorf("got %d workspaces, incomplete %v, want 101 that may be incomplete", len(list.Workspaces), list.Incomplete)
	}
}

// TestGetWorkspace checks the requests and the fields of GetWorkspace and GetDefaultWorkspace. The response may omit
// the ID that the request contains.
func TestGetWorkspace(t *testing.T) {
	t.Parallel()
	body := fmt.Sprintf(fullWorkspace, "R")
	client, transport := newCannedClient(t, http.StatusOK, body)
	got, err := client.GetWorkspace(t.Context(), "20455")
	if diff := cmp.Diff(&parsedWorkspace, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	transport.wantRequest(t, "GetWorkspace", "/api/v1/workspaces/20455", url.Values{})

	client, transport = newCannedClient(t, http.StatusOK, body)
	got, err = client.GetDefaultWorkspace(t.Context())
	if diff := cmp.Diff(&parsedWorkspace, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	transport.wantRequest(t, "GetDefaultWorkspace", "/api/v1/defaultWorkspaces", url.Values{})

	client, _ = newCannedClient(t, http.StatusOK, `{"WorkspaceName":"search"}`)
	if got, err = client.GetWorkspace(t.Context(), "7"); err != nil || *got.WorkspaceID != "7" {
		t.Errorf("got %v, %v, want ID 7", got, err)
	}
}

// TestDiscoveryErrors checks the kind of the error for each code of a missing workspace, and for responses without the
// expected fields. The kind 0 means a *paiclient.ResponseError.
func TestDiscoveryErrors(t *testing.T) {
	t.Parallel()
	get := func(client *paiclient.Client) error {
		_, err := client.GetWorkspace(t.Context(), "1")
		return err
	}
	getDefault := func(client *paiclient.Client) error {
		_, err := client.GetDefaultWorkspace(t.Context())
		return err
	}
	list := func(client *paiclient.Client) error {
		_, err := client.ListWorkspaces(t.Context(), paiclient.ListWorkspacesInput{})
		return err
	}
	labels := func(client *paiclient.Client) error {
		_, err := client.ListImageLabels(t.Context(), paiclient.ListImageLabelsInput{})
		return err
	}
	for name, test := range map[string]struct {
		call   func(*paiclient.Client) error
		status int
		body   string
		want   paiclient.Kind
	}{
		"not found":                    {get, 404, `{"Code":"100400008"}`, paiclient.KindNotFound},
		"not found, 400":               {get, 400, `{"Code":100400027}`, paiclient.KindNotFound},
		"not found or denied":          {get, 404, `{"Code":"100700008"}`, paiclient.KindPermission},
		"no default workspace":         {getDefault, 400, `{"Code":"100400027"}`, paiclient.KindNotFound},
		"workspace without fields":     {get, 200, `{"RequestId":"R"}`, 0},
		"default workspace without ID": {getDefault, 200, `{"WorkspaceName":"search"}`, 0},
		"list without fields":          {list, 200, `{"RequestId":"R"}`, 0},
		"labels without fields":        {labels, 200, `{"RequestId":"R"}`, 0},
		"error with HTTP 200":          {labels, 200, `{"Code":"100700008","TotalCount":0}`, paiclient.KindPermission},
	} {
		client, _ := newCannedClient(t, test.status, test.body)
		err := test.call(client)
		apiErr, isAPI := errors.AsType[*paiclient.APIError](err)
		_, isResponse := errors.AsType[*paiclient.ResponseError](err)
		if isAPI != (test.want != 0) || isAPI && apiErr.Kind != test.want || !isAPI && !isResponse {
			t.Errorf("%s: got %v, want kind %d", name, err, test.want)
		}
	}
}

// TestInvalidDiscoveryInput checks that an input that can't be part of a request causes an error without a request.
func TestInvalidDiscoveryInput(t *testing.T) {
	t.Parallel()
	client, transport := newCannedClient(t, http.StatusOK, `{}`)
	for _, id := range []string{"", " ", ".", "..", "1,2", "1 2", "1\n"} {
		if _, err := client.GetWorkspace(t.Context(), id); err == nil {
			t.Errorf("GetWorkspace accepts %q", id)
		}
		if _, err := client.ListWorkspaces(t.Context(), paiclient.ListWorkspacesInput{IDs: []string{id}}); err == nil {
			t.Errorf("ListWorkspaces accepts %q", id)
		}
	}
	for _, in := range []paiclient.ListImageLabelsInput{
		{Keys: []string{"a,b"}},
		{Keys: []string{""}},
		{Labels: map[string]string{"a": "1,2"}},
		{Labels: map[string]string{"a=b": "1"}},
	} {
		if _, err := client.ListImageLabels(t.Context(), in); err == nil {
			t.Errorf("ListImageLabels accepts %+v", in)
		}
	}
	if len(transport.requests) > 0 {
		t.Errorf("%d requests, want none", len(transport.requests))
	}
}

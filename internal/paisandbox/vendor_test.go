package paisandbox_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// The tests in this file check the sandbox with Alibaba Cloud's generic client, which implements signatures
// independently.

// callAPI sends a request and decodes the body of the response into out.
func callAPI(s *paisandbox.Sandbox, token, action, path string, query map[string]string, out any) error {
	config := &openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(s.Host()),
		Protocol:        dara.String("http"),
	}
	if token != "" {
		config.SecurityToken = dara.String(token)
	}
	client, err := openapi.NewClient(config)
	if err != nil {
		return err
	}
	request := &openapi.OpenApiRequest{Query: map[string]*string{}}
	for name, value := range query {
		request.Query[name] = dara.String(value)
	}
	result, err := client.CallApi(&openapi.Params{
		Action: dara.String(action), Version: dara.String("2021-02-04"), Pathname: dara.String(path),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
		Protocol: config.Protocol, ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}, request, &dara.RuntimeOptions{})
	if err != nil {
		return err
	}
	data, err := json.Marshal(result["body"])
	if err != nil {
		return err
	}
	return json.Unmarshal(data, out)
}

func startSandboxWithToken(t *testing.T, token string) *paisandbox.Sandbox {
	t.Helper()
	s, err := paisandbox.Start(t.Context(), paisandbox.Options{
		AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret, SecurityToken: token,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestVendorClientListsAllPages(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "a session's token +/="} {
		s := startSandboxWithToken(t, token)
		want := map[string]paisandbox.Image{}
		for _, i := range s.Images() {
			want[i.ImageID.Or("")] = i
		}
		got := map[string]paisandbox.Image{}
		for page := 1; len(got) < len(want) && page <= len(want); page++ {
			var response struct {
				TotalCount int
				Images     []paisandbox.Image
			}
			if err := callAPI(s, token, "ListImages", "/api/v1/images", map[string]string{
				"PageNumber": strconv.Itoa(page), "PageSize": "50", "Verbose": "true",
				"SortBy": "GmtCreateTime", "Order": "DESC",
			}, &response); err != nil {
				t.Fatal(err)
			}
			if response.TotalCount != len(want) {
				t.Errorf("got TotalCount %d, want %d", response.TotalCount, len(want))
			}
			for _, i := range response.Images {
				got[i.ImageID.Or("")] = i
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestVendorClientFiltersAndGets(t *testing.T) {
	t.Parallel()
	s := startSandboxWithToken(t, "")
	var list struct{ Images []paisandbox.Image }
	if err := callAPI(s, "", "ListImages", "/api/v1/images", map[string]string{
		"Labels": "system.framework=XGBoost 1.6.0,system.official=*", "Name": "xgboost-training:", "PageSize": "1",
	}, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Images) != 1 || !strings.HasPrefix(list.Images[0].Name.Or(""), "xgboost-training:1.6.0") {
		t.Fatalf("got %+v, want one image of xgboost-training:1.6.0", list.Images)
	}

	want := list.Images[0]
	var got paisandbox.Image
	if err := callAPI(s, "", "GetImage", "/api/v1/images/"+want.ImageID.Or(""), nil, &got); err != nil {
		t.Fatal(err)
	}
	want.ImageID = paisandbox.Omitted[string]()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestVendorClientDiscovers reads labels and workspaces.
func TestVendorClientDiscovers(t *testing.T) {
	t.Parallel()
	s := startSandboxWithToken(t, "")
	var labels struct {
		TotalCount int
		Labels     []paisandbox.Label
	}
	if err := callAPI(s, "", "ListImageLabels", "/api/v1/image/labels", map[string]string{
		"LabelKeys": "system.chipType,system.origin", "LabelFilter": "system.supported.eas=true",
	}, &labels); err != nil {
		t.Fatal(err)
	}
	if labels.TotalCount != len(labels.Labels) || !slices.Contains(labels.Labels, paisandbox.L("system.origin", "PAI")) {
		t.Errorf("got %+v, want the label system.origin=PAI among all", labels)
	}

	var list struct{ Workspaces []paisandbox.Workspace }
	if err := callAPI(s, "", "ListWorkspaces", "/api/v1/workspaces", map[string]string{
		"WorkspaceName": "vision", "WorkspaceIds": "31977,20455", "Verbose": "true", "PageSize": "1",
	}, &list); err != nil {
		t.Fatal(err)
	}
	byID := map[string]paisandbox.Workspace{}
	for _, w := range s.Workspaces() {
		byID[w.WorkspaceID.Or("")] = w
	}
	if diff := cmp.Diff([]paisandbox.Workspace{byID["31977"]}, list.Workspaces); diff != "" {
		t.Error(diff)
	}
	var got, byDefault paisandbox.Workspace
	if err := callAPI(s, "", "GetWorkspace", "/api/v1/workspaces/31977", nil, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(byID["31977"], got); diff != "" {
		t.Error(diff)
	}
	if err := callAPI(s, "", "GetDefaultWorkspace", "/api/v1/defaultWorkspaces", nil, &byDefault); err != nil {
		t.Fatal(err)
	}
	if want := byID["10086"]; byDefault.WorkspaceName != want.WorkspaceName || byDefault.WorkspaceID != want.WorkspaceID {
		t.Errorf("got %+v, want the default workspace %+v", byDefault, want)
	}
}

func TestVendorClientReadsErrors(t *testing.T) {
	t.Parallel()
	for code, do := range map[string]paisandbox.Effect{
		"InvalidParameter": paisandbox.RefusePageSizeAbove(20),
		"Forbidden.RAM":    paisandbox.APIError(403, "Forbidden.RAM", "no"),
		"FromXML":          paisandbox.XMLError(400, "FromXML", "no"),
	} {
		s := startSandboxWithToken(t, "")
		s.AddFault(paisandbox.Fault{Do: do})
		var list struct{}
		err := callAPI(s, "", "ListImages", "/api/v1/images", map[string]string{"PageSize": "50"}, &list)
		if err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

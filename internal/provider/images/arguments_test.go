package images_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestRequestParameters checks the request parameters that every argument of pai_images sets. An argument that
// pai_image also has must set the same parameters in its request.
func TestRequestParameters(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		block values
		want  map[string]string // parameters in addition to those of every request
	}{
		"no arguments":  {values{}, nil},
		"name":          {values{"name": "pytorch:"}, map[string]string{"Name": "pytorch:"}},
		"query":         {values{"query": "a b&c=d+e/ü"}, map[string]string{"Query": "a b&c=d+e/ü"}},
		"labels":        {values{"labels": map[string]any{"z": "1 2", "a": "*"}}, map[string]string{"Labels": "a=*,z=1 2"}},
		"no labels":     {values{"labels": map[string]any{}}, nil},
		"image_uri":     {values{"image_uri": "host/pai/pytorch:2"}, map[string]string{"ImageUri": "host/pai/pytorch:2"}},
		"workspace_id":  {values{"workspace_id": "20455"}, map[string]string{"WorkspaceId": "20455"}},
		"accessibility": {values{"accessibility": "PRIVATE"}, map[string]string{"Accessibility": "PRIVATE"}},
		"sort_by":       {values{"sort_by": "GmtCreateTime"}, nil},
		"sort_by, version": {
			values{"sort_by": "image_version", "order": "DESC"}, map[string]string{"Order": "DESC"},
		},
		"order":         {values{"order": "DESC"}, map[string]string{"Order": "DESC"}},
		"verbose":       {values{"verbose": false}, map[string]string{"Verbose": "false"}},
		"verbose, true": {values{"verbose": true}, nil},
		"page_size":     {values{"page_size": 7}, map[string]string{"PageSize": "7"}},
		"page_number":   {values{"page_number": 3}, map[string]string{"PageNumber": "3"}},
		"official":      {values{"official": true}, map[string]string{"Labels": "system.official=true"}},
		"not official":  {values{"official": false}, nil},
		"supported_by": {
			values{"supported_by": []any{"eas", "dlc", "dsw"}},
			map[string]string{"Labels": "system.supported.dlc=true,system.supported.dsw=true,system.supported.eas=true"},
		},
		"empty supported_by": {values{"supported_by": []any{}}, nil},
		"chip_type":          {values{"chip_type": "GPU"}, map[string]string{"Labels": "system.chipType=GPU"}},
		"framework":          {values{"framework": "PyTorch"}, map[string]string{"Labels": "system.framework.PyTorch=*"}},
		"version":            {values{"version": "~> 2.3"}, nil},
		"name_regex":         {values{"name_regex": "^x$"}, nil},
		"exclude_name_regex": {values{"exclude_name_regex": "^x$"}, nil},
		"repository":         {values{"repository": "pai/pytorch"}, nil},
		"timeouts":           {values{"timeouts": map[string]any{"read": "1m"}}, nil},
		"region":             {values{"region": "cn-shanghai"}, nil},
		"several": {
			values{
				"name": "n", "official": true, "chip_type": "GPU", "labels": map[string]any{"system.origin": "PAI"},
				"order": "ASC",
			},
			map[string]string{"Name": "n", "Labels": "system.chipType=GPU,system.official=true,system.origin=PAI"},
		},
	}
	arguments := make(map[string]bool)
	for _, test := range cases {
		for argument := range test.block {
			arguments[argument] = true
		}
	}
	for _, attribute := range newTerraform(t).Schemas.DataSourceSchemas["pai_images"].Block.Attributes {
		if attribute.Optional && !arguments[attribute.Name] {
			t.Errorf("%s has no case", attribute.Name)
		}
	}
	for name, test := range cases {
		dataSources := []string{"pai_images"}
		if imageHasArguments(t, test.block) {
			dataSources = append(dataSources, "pai_image")
		}
		for _, dataSource := range dataSources {
			t.Run(dataSource+" "+name, func(t *testing.T) {
				t.Parallel()
				sandbox := providertest.Start(t, paisandbox.Options{})
				tf := newConfiguredTerraform(t, sandbox)
				tf.DataSource = dataSource
				tf.Read(t.Context(), test.block)

				want := url.Values{
					"SortBy": {"GmtCreateTime"}, "Order": {"ASC"}, "Verbose": {"true"}, "PageSize": {"100"}, "PageNumber": {"1"},
				}
				for parameter, value := range test.want {
					want.Set(parameter, value)
				}
				first := sandbox.Requests()[0]
				if diff := cmp.Diff(want, first.Query); diff != "" {
					t.Errorf("parameters (-want +got):\n%s", diff)
				}
				if first.Method != http.MethodGet || first.Path != "/api/v1/images" || first.Status != 200 {
					t.Errorf("got %s %s with status %d, want a list of images", first.Method, first.Path, first.Status)
				}
			})
		}
	}
}

// TestNoMatchRequests checks the requests that pai_image sends if no image matches. If a label doesn't exist, one
// request is enough. Otherwise, or if this request fails or lacks labels, pai_image sends one request for each filter
// that the API evaluates. If the removal of one filter is not enough, it also lists all images.
func TestNoMatchRequests(t *testing.T) {
	t.Parallel()
	ppu, cpu := values{"chip_type": "PPU"}, values{"chip_type": "CPU", "workspace_id": "20455"}
	failing := paisandbox.Fault{Match: paisandbox.OnAction("ListImageLabels"), Do: paisandbox.ServerError(503)}
	incomplete := paisandbox.Fault{
		Match: paisandbox.OnAction("ListImageLabels"),
		Do:    paisandbox.Body(200, `{"TotalCount":2,"Labels":[{"Key":"system.chipType","Value":"CPU"}]}`),
	}
	empty := paisandbox.Fault{
		Match: paisandbox.OnAction("ListImageLabels"), Do: paisandbox.Body(200, `{"TotalCount":0,"Labels":[]}`),
	}
	listed := []string{"ListImages system.chipType=PPU", "ListImageLabels ", "ListImages "}
	for name, test := range map[string]struct {
		block  values
		faults []paisandbox.Fault
		want   []string
	}{
		"unknown label": {ppu, nil, listed[:2]},
		"known label": {
			values{"chip_type": "CPU", "framework": "PyTorch", "supported_by": []any{"dlc"}}, nil, []string{
				"ListImages system.chipType=CPU,system.framework.PyTorch=*,system.supported.dlc=true", "ListImageLabels ",
				"ListImages system.chipType=CPU,system.framework.PyTorch=*",
				"ListImages system.chipType=CPU,system.supported.dlc=true",
				"ListImages system.framework.PyTorch=*,system.supported.dlc=true",
			},
		},
		"filter of the provider": {
			values{"official": false, "chip_type": "CPU", "supported_by": []any{"dlc"}}, nil, []string{
				"ListImages system.chipType=CPU,system.supported.dlc=true", "ListImageLabels ",
				"ListImages ", "ListImages system.chipType=CPU", "ListImages system.supported.dlc=true",
			},
		},
		"removal is not enough": {
			values{"chip_type": "CPU", "supported_by": []any{"dlc"}, "version": "9.0"}, nil, []string{
				"ListImages system.chipType=CPU,system.supported.dlc=true", "ListImageLabels ",
				"ListImages ", "ListImages system.chipType=CPU", "ListImages system.supported.dlc=true",
			},
		},
		"unknown label of the workspace": {cpu, nil, []string{"ListImages system.chipType=CPU", "ListImageLabels "}},
		"listed images": {
			values{"framework": "PyTorch", "version": "9.0"},
			nil,
			[]string{"ListImages system.framework.PyTorch=*", "ListImages "},
		},
		"no label filter": {values{"name": "x"}, nil, []string{"ListImages ", "ListImages "}},
		"failing":         {ppu, []paisandbox.Fault{failing}, listed},
		"incomplete":      {ppu, []paisandbox.Fault{incomplete}, listed},
		"no labels":       {ppu, []paisandbox.Fault{empty}, listed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
			for _, fault := range test.faults {
				sandbox.AddFault(fault)
			}
			providertest.Only(t, newImageTerraform(t, sandbox).Read(t.Context(), test.block).Diagnostics)
			var got []string
			for _, request := range sandbox.Requests() {
				got = append(got, request.Action+" "+request.Query.Get("Labels"))
				if want, _ := test.block["workspace_id"].(string); request.Action == "ListImageLabels" &&
					request.Query.Get("WorkspaceId") != want {
					t.Errorf("labels of workspace %q, want %q", request.Query.Get("WorkspaceId"), want)
				}
			}
			slices.Sort(got[min(2, len(got)):]) // pai_image sends these requests concurrently
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestValidArguments checks that null and unknown arguments pass validation (design rule 6).
func TestValidArguments(t *testing.T) {
	t.Parallel()
	tf := newTerraform(t)
	for _, block := range []values{
		{},
		{
			"labels": map[string]any{"a": "x y=z", "b": "*"}, "supported_by": []any{}, "version": "~> 2.3, != 2.4",
			"order": "DESC",
		},
		{
			"name": unknown{}, "query": unknown{}, "labels": unknown{}, "image_uri": unknown{}, "workspace_id": unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "exclude_name_regex": unknown{},
			"repository": unknown{}, "sort_by": unknown{}, "order": unknown{},
			"verbose": unknown{}, "page_size": unknown{}, "page_number": unknown{},
			"timeouts": map[string]any{"read": unknown{}},
		},
		{"labels": map[string]any{"a": unknown{}}, "supported_by": []any{unknown{}}, "timeouts": unknown{}},
		{"verbose": false, "version": "2.8", "sort_by": "image_version"},
		{"official": unknown{}, "labels": map[string]any{"system.official": "true"}},
		{"verbose": false, "framework": unknown{}, "version": "2.8", "official": unknown{}},
		{"sort_by": "image_version", "page_number": unknown{}},
	} {
		providertest.WantNone(t, tf.Validate(t.Context(), block))
	}

	tf.DataSource = "pai_image"
	for _, block := range []values{
		{},
		{"image_id": "image-1", "name": "x", "official": false, "most_recent": false, "latest_version": false},
		{"most_recent": true, "latest_version": true},
		{
			"image_id": unknown{}, "name": unknown{}, "query": "x", "labels": unknown{}, "image_uri": unknown{},
			"workspace_id":  unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "exclude_name_regex": unknown{},
			"repository": unknown{}, "most_recent": true,
			"latest_version": unknown{},
			"timeouts":       unknown{},
		},
		{"image_id": "image-1", "query": unknown{}, "most_recent": unknown{}, "latest_version": unknown{}},
	} {
		providertest.WantNone(t, tf.Validate(t.Context(), block))
	}
}

package images_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestUndatedWarning checks that there is a warning if and only if the order or the selection depends on the creation
// time of an image without a valid one. The warning names only such images.
func TestUndatedWarning(t *testing.T) {
	t.Parallel()
	created := func(id, uri string, at paisandbox.Field[string]) paisandbox.Image {
		return paisandbox.Official(uri).With(func(i *paisandbox.Image) {
			i.ImageID, i.GmtCreateTime = paisandbox.Value(id), at
		})
	}
	valid, missing := paisandbox.Value("2026-01-05 03:04"), paisandbox.Omitted[string]()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		created("a", "r/x:1.0-gpu", missing), created("b", "r/x:2.0-gpu", paisandbox.Value("yesterday")),
		created("c", "r/x:2.0-gpu-e51bd870", valid), created("d", "r/x:3.0-gpu", valid),
		created("e", "r/x:3.0-gpu-e51bd870", paisandbox.Value("1767582245000")),
	}})
	latest := func(version string) values {
		return values{"official": true, "latest_version": true, "version": version}
	}
	for _, test := range []struct {
		dataSource string
		block      values
		path       string
		want       []string // IDs in the warning; none if there is no warning
	}{
		{"pai_images", values{}, "", []string{"a", "b"}},
		{"pai_images", values{"order": "DESC", "page_number": 1}, "", []string{"b", "a"}},
		{"pai_images", values{"name_regex": ":[23]"}, "", []string{"b"}},
		{"pai_images", values{"name_regex": ":1"}, "", nil},
		{"pai_images", values{"name_regex": ":3"}, "", nil},
		{"pai_images", values{"sort_by": "image_version"}, "", []string{"b"}},
		{"pai_images", values{"sort_by": "image_version", "order": "DESC"}, "", []string{"b"}},
		{"pai_image", values{"official": true, "most_recent": true}, "most_recent", []string{"a", "b"}},
		{"pai_image", values{"official": true, "most_recent": true, "name_regex": ":3"}, "", nil},
		{"pai_image", values{"official": true, "most_recent": true, "name_regex": ":1"}, "", nil},
		{"pai_image", values{"official": true, "name_regex": ":1"}, "", nil},
		{"pai_image", values{"image_id": "b"}, "", nil},
		{"pai_image", latest("< 2"), "", nil},
		{"pai_image", latest("< 3"), "latest_version", []string{"b"}},
		{"pai_image", latest("<= 3"), "", nil},
	} {
		tf := newConfiguredTerraform(t, sandbox)
		tf.DataSource = test.dataSource
		diagnostics := tf.Read(t.Context(), test.block).Diagnostics
		if test.want == nil {
			providertest.WantNone(t, diagnostics)
			continue
		}
		providertest.WantWarning(t, diagnostics, test.path, "Unreadable creation time")
		var got []string
		for _, match := range regexp.MustCompile(`(?m)^  (\w), r/x:`).FindAllStringSubmatch(diagnostics[0].Detail, -1) {
			got = append(got, match[1])
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s %v: the warning names %v, want %v", test.dataSource, test.block, got, test.want)
		}
	}
}

// TestEmptyListWarnings checks the warnings and the requests of pai_images. Only if the API returned no images, there
// is a warning for each filter that matches none. Only if another filter evaluates a label, there is one more request.
// The read never fails.
func TestEmptyListWarnings(t *testing.T) {
	t.Parallel()
	labels := func(do paisandbox.Effect) *paisandbox.Fault {
		return &paisandbox.Fault{Match: paisandbox.OnAction("ListImageLabels"), Do: do}
	}
	const list, listLabels = "ListImages", "ListImageLabels"
	typo := values{"framework": "PyTroch"}
	for name, test := range map[string]struct {
		block  values
		fault  *paisandbox.Fault
		want   []string // the path of each warning and, after a colon, a fact
		listed bool     // whether the list has images
		labels bool     // whether the labels are requested
	}{
		"typo":           {typo, nil, []string{`framework:nearest first: "PyTorch", "vLLM".`}, false, true},
		"without labels": {values{"chip_type": "CPUU", "verbose": false}, nil, []string{`chip_type:"CPU"`}, false, true},
		"case": {
			values{"framework": "vllm", "chip_type": "gpu", "version": ">= 1"},
			nil,
			[]string{"chip_type:`chip_type = \"GPU\"`", "framework:`framework = \"vLLM\"`"},
			false, true,
		},
		"labels of a workspace": {
			values{"workspace_id": "20455", "labels": map[string]any{"team": "b", "owner": "*"}},
			nil,
			[]string{`labels["owner"]:in this workspace`, `labels["team"]:"a"`},
			false, true,
		},
		"products": {
			values{"supported_by": []any{"dlc", "eas"}}, nil, []string{"supported_by:`\"eas\"` from"}, false, true,
		},
		"every label exists": {values{"framework": "vLLM", "chip_type": "CPU"}, nil, nil, false, true},
		"wildcard":           {values{"framework": "Py*"}, nil, []string{"framework:wildcards"}, false, false},
		"wildcard and typo": {
			values{"framework": "Py*", "chip_type": "GPUU"},
			nil,
			[]string{`chip_type:"GPU"`, "framework:wildcards"},
			false, true,
		},
		"name of a workspace": {
			values{"workspace_id": "vision_lab", "chip_type": "TPU"},
			nil,
			[]string{"workspace_id:`pai_workspace`"},
			false, false,
		},
		"ID of a workspace":   {values{"workspace_id": "9"}, nil, nil, false, false},
		"no filter by label":  {values{"name": "x", "official": false}, nil, nil, false, false},
		"filters of provider": {values{"chip_type": "GPU", "name_regex": "x"}, nil, nil, false, false},
		"page after the last": {values{"chip_type": "GPU", "page_number": 2}, nil, nil, false, false},
		"images":              {values{"framework": "PyTorch"}, nil, nil, true, false},
		"no permission":       {typo, labels(paisandbox.APIError(403, "Forbidden.RAM", "no")), nil, false, true},
		"failure":             {typo, labels(paisandbox.ServerError(503)), nil, false, true},
		"time limit": {
			values{"framework": "PyTroch", "timeouts": map[string]any{"read": "1s"}},
			labels(paisandbox.Hang()),
			nil, false, true,
		},
		"incomplete": {typo, labels(paisandbox.SetMember(999, "TotalCount")), nil, false, true},
		"no labels":  {typo, labels(paisandbox.Body(200, `{"TotalCount":0,"Labels":[]}`)), nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gpu := paisandbox.L("system.chipType", "GPU")
			vllm := paisandbox.Official("r/vllm:1", paisandbox.L("system.framework.vLLM", "1"), gpu)
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: append(providertest.SmallCatalogue(), vllm)})
			if test.fault != nil {
				sandbox.AddFault(*test.fault)
			}
			tf := newConfiguredTerraform(t, sandbox)
			read := tf.Read(t.Context(), test.block)
			var got []string
			for _, d := range read.Diagnostics {
				path, detail := providertest.Path(d), d.Detail
				got = append(got, path)
				i := slices.IndexFunc(test.want, func(want string) bool { return strings.HasPrefix(want, path+":") })
				if i < 0 || d.Severity != tfprotov6.DiagnosticSeverityWarning ||
					!strings.Contains(detail, test.want[i][len(path)+1:]) {
					t.Errorf("got %s at %q: %s: %s, want %q", d.Severity, path, d.Summary, detail, test.want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("got warnings at %q, want %q", got, test.want)
			}
			want := []string{list}
			if test.labels {
				want = append(want, listLabels)
			}
			var actions []string
			for _, request := range sandbox.Requests() {
				actions = append(actions, request.Action)
			}
			if diff := cmp.Diff(want, actions); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if ids, ok := tf.Decode(read)["ids"].([]any); !ok || (len(ids) > 0) != test.listed {
				t.Errorf("ids in state: %v", ids)
			}
		})
	}
}

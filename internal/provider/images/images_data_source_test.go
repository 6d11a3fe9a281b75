package images_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestResponseFields checks the state for every field of the API's response, with a value, empty and omitted (design
// rule 2).
func TestResponseFields(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"RequestId":"R","TotalCount":3,"Images":[
		{"ImageId":"image-1","Name":"n","Description":"d","ImageUri":"h/n:1","Accessibility":"PUBLIC",
		 "GmtCreateTime":"2021-01-21T17:12:35.232Z\n","GmtModifiedTime":"2022-01-21T17:12:35.232Z\n",
		 "Labels":[{"Key":"k","Value":"1"},{"Key":"l","Value":""},{"Key":"k","Value":"2"}],
		 "UserId":"1550","ParentUserId":"1551","WorkspaceId":"20","Size":9007199254740993,
		 "SourceType":"st","SourceId":"si"},
		{"ImageId":"image-2","Name":"","Description":"","ImageUri":"","Accessibility":"",
		 "GmtCreateTime":"2023-01-01T00:00:00Z","GmtModifiedTime":"","Labels":[],"UserId":"","ParentUserId":"",
		 "WorkspaceId":"","Size":0,"SourceType":"","SourceId":""},
		{"ImageId":"image-0"}]}`)})
	tf := newConfiguredTerraform(t, sandbox)
	read := tf.Read(t.Context(), values{})
	providertest.WantWarning(t, read.Diagnostics, "", "Unreadable creation time", "image-0")
	state := tf.Decode(read)

	omitted := map[string]any{
		"image_id": "image-0", "name": nil, "description": nil, "image_uri": nil, "accessibility": nil,
		"gmt_create_time": nil, "gmt_modified_time": nil, "label_list": nil, "label_map": map[string]any{}, "user_id": nil,
		"parent_user_id": nil, "workspace_id": nil,
		"size": nil, "source_type": nil, "source_id": nil, "repository": nil, "tag": nil, "image_version": nil,
	}
	full := map[string]any{
		"image_id": "image-1", "name": "n", "description": "d", "image_uri": "h/n:1", "accessibility": "PUBLIC",
		"gmt_create_time": "2021-01-21T17:12:35.232Z", "gmt_modified_time": "2022-01-21T17:12:35.232Z",
		"label_list": []any{
			map[string]any{"key": "k", "value": "1"}, map[string]any{"key": "l", "value": ""}, map[string]any{
				"key":   "k",
				"value": "2",
			},
		},
		"label_map": map[string]any{"k": "2", "l": ""},
		"user_id":   "1550", "parent_user_id": "1551", "workspace_id": "20", "size": int64(9007199254740993),
		"source_type": "st", "source_id": "si", "repository": "n", "tag": "1", "image_version": "1",
	}
	empty := map[string]any{
		"image_id": "image-2", "name": "", "description": "", "image_uri": "", "accessibility": "",
		"gmt_create_time": "2023-01-01T00:00:00Z", "gmt_modified_time": "", "label_list": []any{},
		"label_map": map[string]any{},
		"user_id":   "", "parent_user_id": "", "workspace_id": "", "size": int64(0), "source_type": "", "source_id": "",
		"repository": nil, "tag": nil, "image_version": nil,
	}
	for name, want := range map[string]any{
		"images":      []any{omitted, full, empty},
		"ids":         []any{"image-0", "image-1", "image-2"},
		"names":       []any{nil, "n", ""},
		"image_uris":  []any{nil, "h/n:1", ""},
		"total_count": int64(3),
	} {
		if diff := cmp.Diff(want, state[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, value := range state {
		if !slices.Contains([]string{"images", "ids", "names", "image_uris", "total_count"}, name) && value != nil {
			t.Errorf("%s = %v in state, want null", name, value)
		}
	}
}

// TestListSelection checks which images of a small catalogue pai_images returns for each argument, and their order.
func TestListSelection(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	framework := func(version string) paisandbox.Label { return paisandbox.L("system.framework.PyTorch", version) }
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu", framework("2.9.1")).CreatedAt(day(1)),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.12PAI-gpu", framework("2.12.0")).CreatedAt(day(2)),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/pytorch:v3.0.0rc1-gpu", framework("3.0.0rc1")).CreatedAt(day(3)),
		paisandbox.Official("r.cn-hangzhou.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.10",
			framework("2.10.0")).CreatedAt(day(4)),
		paisandbox.Custom("20455", "example.com/team/deeprec2212-gpu", paisandbox.L("team", "a")).CreatedAt(day(5)),
		paisandbox.Custom("31977", "example.com/team/trainer:2.9.0", paisandbox.L("system.official",
			"false")).CreatedAt(day(6)),
	}})
	for name, test := range map[string]struct {
		block values
		want  string // names of the images
		total int64
	}{
		"all": {
			values{},
			"pytorch:2.9.1-gpu pytorch:2.12PAI-gpu pytorch:v3.0.0rc1-gpu modelscope:1.34.0-pytorch2.10 deeprec2212-gpu " +
				"trainer-2-9-0", 6,
		},
		"descending": {
			values{"order": "DESC"},
			"trainer-2-9-0 deeprec2212-gpu modelscope:1.34.0-pytorch2.10 pytorch:v3.0.0rc1-gpu pytorch:2.12PAI-gpu " +
				"pytorch:2.9.1-gpu", 6,
		},
		"by version": {
			values{"sort_by": "image_version"},
			"deeprec2212-gpu modelscope:1.34.0-pytorch2.10 trainer-2-9-0 pytorch:2.9.1-gpu pytorch:2.12PAI-gpu " +
				"pytorch:v3.0.0rc1-gpu", 6,
		},
		"by version of the framework, descending": {
			values{"sort_by": "image_version", "order": "DESC", "framework": "PyTorch"},
			"pytorch:v3.0.0rc1-gpu pytorch:2.12PAI-gpu modelscope:1.34.0-pytorch2.10 pytorch:2.9.1-gpu", 4,
		},
		"repository": {
			values{"repository": "pai/pytorch", "exclude_name_regex": "rc1"}, "pytorch:2.9.1-gpu pytorch:2.12PAI-gpu", 6,
		},
		"not official":         {values{"official": false}, "deeprec2212-gpu trainer-2-9-0", 6},
		"tag version":          {values{"version": ">= 2.9, < 3"}, "pytorch:2.9.1-gpu pytorch:2.12PAI-gpu trainer-2-9-0", 6},
		"version with a build": {values{"version": "= 2.12"}, "pytorch:2.12PAI-gpu", 6},
		"framework version": {
			values{"framework": "PyTorch", "version": "~> 2.8"},
			"pytorch:2.9.1-gpu pytorch:2.12PAI-gpu modelscope:1.34.0-pytorch2.10", 4,
		},
		"named pre-release":     {values{"version": ">= 3.0.0-rc1"}, "pytorch:v3.0.0rc1-gpu", 6},
		"pre-release not named": {values{"version": ">= 3.0"}, "", 6},
		"name_regex": {
			values{"name_regex": "^pytorch:.*-gpu$"},
			"pytorch:2.9.1-gpu pytorch:2.12PAI-gpu pytorch:v3.0.0rc1-gpu", 6,
		},
		"without labels": {values{"verbose": false, "version": "2.9.0"}, "trainer-2-9-0", 6},
		"workspace":      {values{"workspace_id": "20455"}, "deeprec2212-gpu", 1},
		"one page":       {values{"page_number": 2, "page_size": 4}, "deeprec2212-gpu trainer-2-9-0", 6},
		"no match":       {values{"name": "no such image"}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := newConfiguredTerraform(t, sandbox).State(test.block)
			got := strings.Trim(fmt.Sprint(state["names"]), "[]")
			if got != test.want || state["total_count"] != test.total {
				t.Errorf("got %v of %v, want %v of %d", got, state["total_count"], test.want, test.total)
			}
			for _, image := range state["images"].([]any) {
				omitted := image.(map[string]any)["label_map"] == nil
				if want := test.block["verbose"] == false; omitted != want {
					t.Errorf("label_map is null: %t, want %t", omitted, want)
				}
			}
		})
	}
}

// TestWildcardThatMatches checks that a label value with "*" causes no warning if the API returned images for it.
func TestWildcardThatMatches(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		paisandbox.Official("r/x:1", paisandbox.L("a", "x*")),
	}})
	block := values{"labels": map[string]any{"a": "x*"}, "name_regex": "none"}
	for _, page := range []any{nil, 2} {
		block["page_number"] = page
		providertest.WantNone(t, newConfiguredTerraform(t, sandbox).Read(t.Context(), block).Diagnostics)
	}
}

// TestListStateIsDeterministic checks that the order of the images doesn't affect the state (design rule 3).
func TestListStateIsDeterministic(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
	tf := newConfiguredTerraform(t, sandbox)
	first := tf.State(values{})
	sandbox.AddFault(paisandbox.Fault{Times: 3, Do: paisandbox.ShuffleTies()})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.ReverseOrder()})
	if diff := cmp.Diff(first, tf.State(values{})); diff != "" {
		t.Error(diff)
	}
	if images := first["images"].([]any); len(images) != 250 {
		t.Errorf("got %d images, want 250", len(images))
	}
}

// TestListWithoutLabels checks that verbose = false omits labels, even if the response has labels.
func TestListWithoutLabels(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
		`{"TotalCount":1,"Images":[{"ImageId":"a","Labels":[{"Key":"k","Value":"v"},{"Value":"no key"}]}]}`)})
	tf := newConfiguredTerraform(t, sandbox)
	for _, verbose := range []bool{true, false} {
		image := tf.State(values{"verbose": verbose})["images"].([]any)[0].(map[string]any)
		labels, ok := image["label_map"].(map[string]any)
		if ok != verbose || (image["label_list"] != nil) != verbose || verbose && (len(labels) != 1 || labels["k"] != "v") {
			t.Errorf("verbose = %t: got %v", verbose, image)
		}
	}
}

// TestEmptyLabelsWithoutVerbose checks that an empty list of labels contradicts a filter only if labels are requested.
func TestEmptyLabelsWithoutVerbose(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
		`{"TotalCount":1,"Images":[{"ImageId":"a","Labels":[]}]}`)})
	tf := newConfiguredTerraform(t, sandbox)
	for verbose, want := range map[bool][]any{true: {}, false: {"a"}} {
		read := tf.Read(t.Context(), values{"official": true, "verbose": verbose})
		if got := tf.Decode(read)["ids"]; !cmp.Equal(got, any(want)) || (len(read.Diagnostics) > 0) != verbose {
			t.Errorf("verbose = %t: got images %v and %d diagnostics, want %v", verbose, got, len(read.Diagnostics), want)
		}
	}
}

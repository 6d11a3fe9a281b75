package images_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// newImageTerraform returns a Terraform that reads pai_image, and whose provider sends requests to the sandbox.
func newImageTerraform(t *testing.T, sandbox *paisandbox.Sandbox) *terraform {
	t.Helper()
	tf := newConfiguredTerraform(t, sandbox)
	tf.DataSource = "pai_image"
	return tf
}

// TestImageSelection checks the selected image and the number of matching images.
func TestImageSelection(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	id, _ := providertest.SmallCatalogue()[1].ImageID.Get()
	for name, test := range map[string]struct {
		block   values
		want    string // name of the image
		matched int64
	}{
		"image_id": {values{"image_id": id}, "pytorch:2.9.1-gpu", 1},
		"image_id and filters": {
			values{
				"image_id": id, "name": "pytorch:2.9.1-gpu", "image_uri": "r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu",
				"official": true, "accessibility": "PUBLIC", "framework": "PyTorch", "version": "~> 2.9", "chip_type": "GPU",
				"supported_by": []any{"dlc"}, "name_regex": "gpu$",
			}, "pytorch:2.9.1-gpu", 1,
		},
		"image_id and labels": {
			values{
				"image_id": id, "labels": map[string]any{"system.official": "true", "system.framework.PyTorch": "*"},
				"official": nil,
			},
			"pytorch:2.9.1-gpu", 1,
		},
		// This name is also part of pytorch:2.9.1-gpu-rebuilt.
		"name is exact": {values{"name": "pytorch:2.9.1-gpu"}, "pytorch:2.9.1-gpu", 1},
		"image_uri is exact": {
			values{"image_uri": "r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu"},
			"pytorch:2.9.1-gpu", 1,
		},
		"filters":            {values{"framework": "PyTorch", "chip_type": "CPU"}, "pytorch:2.9.1-cpu", 1},
		"labels":             {values{"labels": map[string]any{"team": "*"}}, "trainer-2-9-0", 1},
		"query":              {values{"query": "Image trainer"}, "trainer-2-9-0", 1},
		"workspace_id":       {values{"workspace_id": "31977"}, "deeprec2212-gpu", 1},
		"accessibility":      {values{"accessibility": "PRIVATE", "name_regex": "deep"}, "deeprec2212-gpu", 1},
		"official = false":   {values{"official": false, "version": "2.9"}, "trainer-2-9-0", 1},
		"version of the tag": {values{"version": "~> 1.30"}, "modelscope:1.34.0-pytorch2.8", 1},
		"most_recent": {values{
			"official": true, "most_recent": true, "framework": "PyTorch",
			"version": "~> 2.9",
		}, "pytorch:2.9.1-cpu", 4},
		"most_recent of one": {
			values{"official": true, "most_recent": true, "version": "2.12"},
			"pytorch:2.12PAI-gpu",
			1,
		},
		"latest_version": {values{
			"official": true, "latest_version": true, "framework": "PyTorch", "repository": "pytorch",
			"version": "~> 2.8",
		}, "pytorch:2.12PAI-gpu", 4},
		"latest without a pre-release": {
			values{"official": true, "latest_version": true, "repository": "pai/pytorch"},
			"pytorch:2.12PAI-gpu", 5,
		},
		"latest pre-release": {
			values{"official": true, "latest_version": true, "repository": "pytorch", "version": ">= 3.0.0-rc1"},
			"pytorch:v3.0.0rc1-gpu", 1,
		},
		"latest of any variant": {
			values{"official": true, "latest_version": true, "most_recent": true, "version": "2.9.1"},
			"pytorch:2.9.1-cpu", 3,
		},
		"latest of one variant": {
			values{"official": true, "latest_version": true, "version": "2.9.1", "exclude_name_regex": "rebuilt|cpu"},
			"pytorch:2.9.1-gpu", 1,
		},
		"a single match": {
			values{"version": "2.12", "most_recent": false, "latest_version": false},
			"pytorch:2.12PAI-gpu", 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := newImageTerraform(t, sandbox).State(test.block)
			if state["name"] != test.want || state["matched_count"] != test.matched {
				t.Errorf("got %v of %v images, want %s of %d", state["name"], state["matched_count"], test.want, test.matched)
			}
			for argument, value := range test.block {
				if !cmp.Equal(state[argument], value) {
					t.Errorf("%s = %v in state, want %v", argument, state[argument], value)
				}
			}
		})
	}
}

// TestImageVersion checks that image_version is the version of the framework, or without framework that of the tag.
func TestImageVersion(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	for want, block := range map[string]values{
		"2.12": {"name": "pytorch:2.12PAI-gpu"}, "2.12.0": {"name": "pytorch:2.12PAI-gpu", "framework": "PyTorch"},
	} {
		if got := newImageTerraform(t, sandbox).State(block)["image_version"]; got != want {
			t.Errorf("%v: got version %v, want %s", block, got, want)
		}
	}
}

// TestDataSourcesReturnEqualAttributes checks that pai_image and pai_images return the same attributes of an image.
func TestDataSourcesReturnEqualAttributes(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	tf := newConfiguredTerraform(t, sandbox)
	images := tf.Decode(tf.Read(t.Context(), values{}))["images"].([]any)
	tf.DataSource = "pai_image"
	for _, image := range images[len(images)-8:] {
		want := image.(map[string]any)
		for _, block := range []values{{"image_id": want["image_id"]}, {
			"image_uri":    want["image_uri"],
			"workspace_id": want["workspace_id"],
		}} {
			if block["workspace_id"] == "" {
				delete(block, "workspace_id")
			}
			state := tf.State(block)
			got := make(map[string]any)
			for name := range want {
				got[name] = state[name]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%v: %s", block, diff)
			}
			for name, value := range state {
				if _, ok := want[name]; !ok && name != "matched_count" && value != nil {
					t.Errorf("%s = %v in state, want null", name, value)
				}
			}
		}
	}
}

// TestImageByIDRequest checks that a lookup with image_id sends one request, and that the request includes labels.
func TestImageByIDRequest(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	id, _ := providertest.SmallCatalogue()[1].ImageID.Get()
	state := newImageTerraform(t, sandbox).State(values{"image_id": id, "official": true})
	requests := sandbox.Requests()
	if len(requests) != 1 || requests[0].Path != "/api/v1/images/"+id || requests[0].Query.Encode() != "Verbose=true" {
		t.Errorf("got requests %v, want one for %s", requests, id)
	}
	if labels := state["label_map"].(map[string]any); labels["system.chipType"] != "GPU" {
		t.Errorf("got labels %v", labels)
	}
}

// TestArgumentsInState checks that the state has the configured value of an argument if the response omits the field.
func TestArgumentsInState(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
		`{"TotalCount":1,"Images":[{"ImageId":"image-1","ImageUri":"x:1","Accessibility":"PUBLIC"}]}`)})
	state := newImageTerraform(t, sandbox).State(values{"workspace_id": "20455", "accessibility": "PUBLIC"})
	for attribute, want := range map[string]any{
		"workspace_id": "20455", "accessibility": "PUBLIC", "name": nil, "image_id": "image-1",
	} {
		if state[attribute] != want {
			t.Errorf("%s = %v, want %v", attribute, state[attribute], want)
		}
	}
}

// TestImageWithoutLabels checks that pai_image selects an image whose labels the response omits, and that its label_map
// is empty.
func TestImageWithoutLabels(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
		`{"TotalCount":1,"Images":[{"ImageId":"a","ImageUri":"x:1"}]}`)})
	state := newImageTerraform(t, sandbox).State(values{"official": true, "most_recent": true})
	if labels, ok := state["label_map"].(map[string]any); state["image_id"] != "a" || !ok || len(labels) > 0 {
		t.Errorf("image_id = %v, want a; label_map = %v, want an empty map", state["image_id"], state["label_map"])
	}
}

// TestUnsafeSelectionWarning checks the warning if the selected image may belong to someone else (design rule 10). Its
// path is the argument that selects the image.
func TestUnsafeSelectionWarning(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	for _, test := range []struct {
		block values
		path  string // path of the warning; empty if there is no warning
	}{
		{values{"most_recent": true}, "most_recent"},
		{values{"most_recent": true, "official": false}, "most_recent"},
		{values{"most_recent": true, "labels": map[string]any{"system.official": "*"}}, "most_recent"},
		{values{"most_recent": true, "accessibility": "PRIVATE", "version": "2.9"}, "most_recent"},
		{values{"latest_version": true, "repository": "pytorch"}, "latest_version"},
		{values{"latest_version": true, "most_recent": true, "repository": "pytorch"}, "latest_version"},
		{values{"most_recent": true, "official": true}, ""},
		{values{"most_recent": true, "labels": map[string]any{"system.official": "true"}}, ""},
		{values{"most_recent": true, "workspace_id": "20455"}, ""},
		{values{"latest_version": true, "repository": "pytorch", "official": true}, ""},
		{values{"name": "trainer-2-9-0"}, ""},
	} {
		t.Run(fmt.Sprint(test.block), func(t *testing.T) {
			t.Parallel()
			tf := newImageTerraform(t, sandbox)
			read := tf.Read(t.Context(), test.block)
			if test.path == "" {
				providertest.WantNone(t, read.Diagnostics)
			} else {
				providertest.WantWarning(t, read.Diagnostics, test.path, "The selected image may belong to someone else",
					test.path+" = true", "official = true", "workspace_id")
			}
			if tf.Decode(read)["image_id"] == nil {
				t.Error("no image in state")
			}
		})
	}
}

// TestImageStateIsDeterministic checks that the order of the images doesn't affect the state (design rule 3).
func TestImageStateIsDeterministic(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
	tf := newImageTerraform(t, sandbox)
	for _, block := range []values{{"official": true, "most_recent": true}, {"official": true, "latest_version": true}} {
		first := tf.State(block)
		sandbox.AddFault(paisandbox.Fault{Times: 3, Do: paisandbox.ShuffleTies()})
		sandbox.AddFault(paisandbox.Fault{Times: 6, Do: paisandbox.ReverseOrder()})
		if diff := cmp.Diff(first, tf.State(block)); diff != "" {
			t.Error(diff)
		}
	}
}

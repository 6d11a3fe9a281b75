package images_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// single is as reading, for a single image.
func single(t *testing.T, sandbox *paisandbox.Sandbox) *terraform {
	t.Helper()
	tf := reading(t, sandbox)
	tf.DataSource = "pai_image"
	return tf
}

// TestSingleSelection: which image of a small catalogue the arguments take, of how many.
func TestSingleSelection(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	id, _ := providertest.SmallCatalogue()[1].ImageID.Get()
	for name, test := range map[string]struct {
		block   values
		want    string // the name
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
			values{"image_id": id, "labels": map[string]any{"system.official": "true", "system.framework.PyTorch": "*"}, "official": nil},
			"pytorch:2.9.1-gpu", 1,
		},
		// The API finds pytorch:2.9.1-gpu-rebuilt by this name as well.
		"name is exact":        {values{"name": "pytorch:2.9.1-gpu"}, "pytorch:2.9.1-gpu", 1},
		"image_uri is exact":   {values{"image_uri": "r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu"}, "pytorch:2.9.1-gpu", 1},
		"filters":              {values{"framework": "PyTorch", "chip_type": "CPU"}, "pytorch:2.9.1-cpu", 1},
		"labels":               {values{"labels": map[string]any{"team": "*"}}, "trainer:2.9.0", 1},
		"query":                {values{"query": "Image trainer"}, "trainer:2.9.0", 1},
		"workspace_id":         {values{"workspace_id": "31977"}, "deeprec2212-gpu", 1},
		"accessibility":        {values{"accessibility": "PRIVATE", "name_regex": "deep"}, "deeprec2212-gpu", 1},
		"official = false":     {values{"official": false, "version": "2.9"}, "trainer:2.9.0", 1},
		"version of the tag":   {values{"version": "~> 1.30"}, "modelscope:1.34.0-pytorch2.8", 1},
		"most_recent":          {values{"official": true, "most_recent": true, "framework": "PyTorch", "version": "~> 2.9"}, "pytorch:2.9.1-cpu", 4},
		"most_recent of one":   {values{"official": true, "most_recent": true, "version": "2.12"}, "pytorch:2.12PAI-gpu", 1},
		"latest_version":       {values{"official": true, "latest_version": true, "framework": "PyTorch", "version": "~> 2.8"}, "pytorch:2.12PAI-gpu", 5},
		"latest pre-release":   {values{"official": true, "latest_version": true, "framework": "PyTorch"}, "pytorch:v3.0.0rc1-gpu", 6},
		"latest of equals":     {values{"official": true, "latest_version": true, "version": "2.9.1"}, "pytorch:2.9.1-cpu", 3},
		"latest of a tag":      {values{"official": true, "latest_version": true, "name_regex": "^pytorch:"}, "pytorch:v3.0.0rc1-gpu", 5},
		"latest release":       {values{"official": true, "latest_version": true, "name_regex": "^pytorch:", "version": ">= 0"}, "pytorch:2.12PAI-gpu", 4},
		"one without a choice": {values{"version": "2.12", "most_recent": false, "latest_version": false}, "pytorch:2.12PAI-gpu", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := single(t, sandbox).State(test.block)
			if state["name"] != test.want || state["matched_count"] != test.matched {
				t.Errorf("%v of %v", state["name"], state["matched_count"])
			}
			for argument, value := range test.block {
				if !cmp.Equal(state[argument], value) {
					t.Errorf("%s is %v in state", argument, state[argument])
				}
			}
		})
	}
}

// TestSingleImageHasTheListsResults: an image is the same whichever way it is looked up.
func TestSingleImageHasTheListsResults(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	tf := reading(t, sandbox)
	images := tf.State(values{})["images"].([]any)
	tf.DataSource = "pai_image"
	for _, image := range images[len(images)-8:] {
		want := image.(map[string]any)
		for _, block := range []values{{"image_id": want["image_id"]}, {"image_uri": want["image_uri"], "workspace_id": want["workspace_id"]}} {
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
				if _, is := want[name]; !is && name != "matched_count" && value != nil {
					t.Errorf("%s is %v in state, and was not set", name, value)
				}
			}
		}
	}
}

// TestSingleImageByIDIsOneRequest, with labels.
func TestSingleImageByIDIsOneRequest(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	id, _ := providertest.SmallCatalogue()[1].ImageID.Get()
	state := single(t, sandbox).State(values{"image_id": id, "official": true})
	requests := sandbox.Requests()
	if len(requests) != 1 || requests[0].Path != "/api/v1/images/"+id || requests[0].Query.Encode() != "Verbose=true" {
		t.Errorf("got %v", requests)
	}
	if labels := state["label_map"].(map[string]any); labels["system.chipType"] != "GPU" {
		t.Errorf("labels %v", labels)
	}
}

// TestArgumentStandsWhereTheAnswerIsSilent: the service leaves fields out, and what was asked for is still true.
func TestArgumentStandsWhereTheAnswerIsSilent(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":1,"Images":[{"ImageId":"image-1","ImageUri":"x:1","Accessibility":"PUBLIC"}]}`)})
	state := single(t, sandbox).State(values{"workspace_id": "20455", "accessibility": "PUBLIC"})
	if state["workspace_id"] != "20455" || state["accessibility"] != "PUBLIC" || state["name"] != nil || state["image_id"] != "image-1" {
		t.Errorf("got %v", state)
	}
}

// TestUnsafeChoiceWarns on the argument that chooses, and nowhere else.
func TestUnsafeChoiceWarns(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	for _, test := range []struct {
		block values
		warns bool
	}{
		{values{"most_recent": true}, true},
		{values{"most_recent": true, "official": false}, true},
		{values{"most_recent": true, "labels": map[string]any{"system.official": "*"}}, true},
		{values{"most_recent": true, "accessibility": "PRIVATE", "version": "2.9"}, true},
		{values{"latest_version": true, "framework": "PyTorch"}, true},
		{values{"most_recent": true, "official": true}, false},
		{values{"most_recent": true, "labels": map[string]any{"system.official": "true"}}, false},
		{values{"most_recent": true, "workspace_id": "20455"}, false},
		{values{"latest_version": true, "framework": "PyTorch", "official": true}, false},
		{values{"name": "trainer:2.9.0"}, false},
	} {
		t.Run(fmt.Sprint(test.block), func(t *testing.T) {
			t.Parallel()
			read := single(t, sandbox).Read(t.Context(), test.block)
			if read.State == nil {
				t.Fatalf("got %v", read.Diagnostics)
			}
			if !test.warns {
				providertest.WantNone(t, read.Diagnostics)
				return
			}
			warning := providertest.Only(t, read.Diagnostics)
			choice := "most_recent"
			if test.block["latest_version"] == true {
				choice = "latest_version"
			}
			want := choice + " = true chooses among all images that this account sees, and members of other workspaces may add one that " +
				"matches and is newer or of a higher version. Set official = true for images that PAI itself maintains, or workspace_id for " +
				"those of one workspace."
			if warning.Severity != tfprotov6.DiagnosticSeverityWarning || warning.Attribute.String() != `AttributeName("`+choice+`")` ||
				warning.Summary != "The choice may fall on an image of someone else" || warning.Detail != want {
				t.Errorf("%s: %s: %s", warning.Attribute, warning.Summary, warning.Detail)
			}
		})
	}
}

// TestSingleStateIsDeterministic, whatever the service makes of the order.
func TestSingleStateIsDeterministic(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
	tf := single(t, sandbox)
	for _, block := range []values{{"official": true, "most_recent": true}, {"official": true, "latest_version": true}} {
		first := tf.State(block)
		sandbox.AddFault(paisandbox.Fault{Times: 3, Do: paisandbox.ShuffleTies()})
		sandbox.AddFault(paisandbox.Fault{Times: 6, Do: paisandbox.ReverseOrder()})
		if diff := cmp.Diff(first, tf.State(block)); diff != "" {
			t.Error(diff)
		}
	}
}

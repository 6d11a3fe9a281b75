package acctest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// versionedImages has images of each kind of version, and two pairs of equal versions.
var versionedImages = versionCase{name: "list", images: []string{
	"tool:latest", "tool:26.07-gpu", "tool:2.10.0 system.framework.PyTorch=2.8.0a0+50eac811", "tool:2.9.1-gpu",
	"tool:v2.9.1-cpu system.framework.PyTorch=2.9.0.post1", "tool:2.9.1rc1", "tool:7c9e2d1", "tool:26.7", "tool:26.07-cpu",
}}

// TestAccImageVersions checks the order of lists by version, and the attributes repository, tag and image_version.
func TestAccImageVersions(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	dir := newWorkingDir(t, providertest.Start(t, paisandbox.Options{Catalogue: versionedImages.catalogue()}), `
data "pai_images" "ascending" {
  sort_by = "image_version"
}
data "pai_images" "descending" {
  sort_by = "image_version"
  order   = "DESC"
}
data "pai_images" "framework" {
  framework = "PyTorch"
  sort_by   = "image_version"
}
data "pai_image" "framework" {
  framework  = "PyTorch"
  name_regex = "cpu"
}
data "pai_image" "tag" {
  name_regex = "v2.9.1-cpu"
}
data "pai_image" "none" {
  name_regex = "latest"
}

output "ascending" {
  value = join(" ", data.pai_images.ascending.images[*].tag)
}
output "descending" {
  value = join(" ", data.pai_images.descending.images[*].tag)
}
output "versions" {
  value = join(" ", [for i in data.pai_images.ascending.images : coalesce(i.image_version, "-")])
}
output "framework_versions" {
  value = join(" ", data.pai_images.framework.images[*].image_version)
}
output "images" {
  value = [for i in [data.pai_image.framework, data.pai_image.tag, data.pai_image.none] :
    join(" ", [i.repository, i.tag, coalesce(i.image_version, "-")])]
}
output "repositories" {
  value = join(" ", distinct(data.pai_images.ascending.images[*].repository))
}
`)
	want := map[string]any{
		"ascending":          "latest 7c9e2d1 2.9.1rc1 2.9.1-gpu v2.9.1-cpu 2.10.0 26.7 26.07-gpu 26.07-cpu",
		"descending":         "26.07-cpu 26.07-gpu 26.7 2.10.0 v2.9.1-cpu 2.9.1-gpu 2.9.1rc1 7c9e2d1 latest",
		"versions":           "- - 2.9.1-rc1 2.9.1 2.9.1 2.10.0 26.7 26.07 26.07",
		"framework_versions": "2.8.0-a0 2.9.0.post1",
		"images":             []any{"tool v2.9.1-cpu 2.9.0.post1", "tool v2.9.1-cpu 2.9.1", "tool latest -"},
		"repositories":       "tool",
	}
	outputs, warnings := dir.plannedOutputs()
	if diff := cmp.Diff(want, outputs); diff != "" || len(warnings) != 0 {
		t.Errorf("warnings %v, outputs (-want +got):\n%s", warnings, diff)
	}
}

// TestAccIgnoredLabels checks a service that ignores label filters: both data sources drop images without the requested
// labels, and add a warning with the number of these images.
func TestAccIgnoredLabels(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	unlabelled := versionCase{images: []string{
		"tool:1.0-gpu system.chipType=GPU", "tool:1.1-gpu system.chipType=GPU system.official=true",
		"tool:1.2-ppu system.chipType=PPU system.official=true", "tool:1.3 team=a",
	}}
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: unlabelled.catalogue()})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.IgnoreLabels()})
	dir := newWorkingDir(t, sandbox, `
data "pai_image" "chip" {
  chip_type      = "GPU"
  official       = true
  latest_version = true
}
data "pai_images" "chip" {
  labels = { "system.chipType" = "GPU" }
}

output "image" {
  value = data.pai_image.chip.name
}
output "images" {
  value = join(" ", data.pai_images.chip.names)
}
`)
	dropped := map[string]string{"data.pai_image.chip": "dropped 3 images", "data.pai_images.chip": "dropped 2 images"}
	outputs, warnings := dir.plannedOutputs()
	want := map[string]any{"image": "tool:1.1-gpu", "images": "tool:1.0-gpu tool:1.1-gpu"}
	if diff := cmp.Diff(want, outputs); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	var got []string
	for _, w := range warnings {
		got = append(got, w.Address+": "+w.Summary)
		wantOutput(t, w.Detail, dropped[w.Address])
	}
	slices.Sort(got)
	const summary = "The API returned images without the requested labels"
	wantWarnings := []string{"data.pai_image.chip: " + summary, "data.pai_images.chip: " + summary}
	if diff := cmp.Diff(wantWarnings, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// versionImageCases are lookups that select an image.
var versionImageCases = []versionCase{
	{name: "commit hash", images: []string{"tool:1.4.0", "tool:1.5.0", "tool:7c9e2d1"}, want: "tool:1.5.0"},
	{name: "date", images: []string{"tool:1.5.0-gpu", "tool:20240115-gpu"}, want: "tool:1.5.0-gpu"},
	{name: "date after v", images: []string{"tool:v0.5.17", "tool:v20240805-37a08f946"}, want: "tool:v0.5.17"},
	{name: "Unix time", images: []string{"tool:1.5.0", "tool:1767942001"}, want: "tool:1.5.0"},
	{name: "counter", images: []string{"tool:1.5.0-gpu", "tool:128-gpu"}, want: "tool:1.5.0-gpu"},
	{name: "numbers", images: []string{"tool:2.9.1-gpu", "tool:2.12PAI-gpu", "tool:2.10.0-gpu"}, want: "tool:2.12PAI-gpu"},
	{
		name: "calendar versions", images: []string{"training:26.07.20-pytorch2.11", "training:26.06.01-pytorch2.11"},
		want: "training:26.07.20-pytorch2.11",
	},

	{name: "pre-release", images: []string{"pytorch:2.8.0-gpu", "pytorch:2.9.0-rc1-gpu"}, want: "pytorch:2.8.0-gpu"},
	{
		name: "pre-release with version", images: []string{"pytorch:2.8.0-gpu", "pytorch:2.9.0-rc1-gpu"},
		arguments: `version = ">= 0"`, want: "pytorch:2.8.0-gpu",
	},
	{
		name: "pre-releases in all spellings",
		images: []string{
			"pytorch:2.8.0-gpu", "pytorch:2.9.0rc1-gpu", "pytorch:2.9.0_beta1-gpu", "pytorch:2.9.0.dev20260101-gpu",
			"pytorch:2.9.0-SNAPSHOT", "pytorch:2.9.0-preview-gpu", "pytorch:2.9.0-ea.1", "pytorch:2.9.0b1-gpu",
			"pytorch:2.9.0-gpu-nightly", "pytorch:2.9.0-PAI1911u1-rc1-57737597",
		},
		want: "pytorch:2.8.0-gpu",
	},
	{
		name: "pre-releases in labels", arguments: `framework = "PyTorch"`, want: "pytorch:25.08-gpu",
		images: []string{
			"pytorch:25.08-gpu system.framework.PyTorch=2.8.0", "pytorch:25.09-gpu system.framework.PyTorch=2.9.0a0+50eac811",
			"pytorch:25.10-gpu system.framework.PyTorch=2.9.0-SNAPSHOT",
		},
	},
	{
		name: "pre-release that version names", arguments: `version = ">= 2.9.0-rc1"`, want: "pytorch:2.9.0-rc19",
		images: []string{"pytorch:2.8.0", "pytorch:2.9.0-rc19", "pytorch:2.9.0-rc2", "pytorch:2.9.0.dev20260101"},
	},
	{
		name: "chips are no pre-releases", images: []string{"pytorch:2.8.0-gpu", "pytorch:2.9.0-a100-gpu"},
		want: "pytorch:2.9.0-a100-gpu",
	},

	{name: "post-release", images: []string{"sglang:0.8.5.post1", "sglang:0.8.5"}, want: "sglang:0.8.5.post1"},
	{name: "release after a post-release", images: []string{"sglang:0.8.6", "sglang:0.8.5-post9"}, want: "sglang:0.8.6"},
	{
		name: "post-release that version allows", images: []string{"sglang:0.8.5.post1", "sglang:0.8.6"},
		arguments: `version = "<= 0.8.5"`, want: "sglang:0.8.5.post1",
	},

	{name: "no variant", images: []string{"webui:0.2.0", "webui:0.2.0-ui", "webui:0.2.0-nginx"}, want: "webui:0.2.0"},
	{
		name: "no variant but a build", images: []string{"webui:0.2.0-20260101", "webui:0.2.0-ui"},
		want: "webui:0.2.0-20260101",
	},
	{
		name: "rebuilds",
		images: []string{
			"pytorch:2.9.1-gpu-py312-e51bd870-1767942001", "pytorch:2.9.1-gpu-py312-0ddba115-1769000000",
			"pytorch:2.9.0-gpu-py312-5eed1e55-1769100000",
		},
		want: "pytorch:2.9.1-gpu-py312-0ddba115-1769000000",
	},
	{
		name: "rebuilds with other ends", images: []string{"tool:1.0-gpu-20260101", "tool:1.0-gpu-ge51bd87", "tool:1.0-gpu"},
		want: "tool:1.0-gpu",
	},
	{
		name: "rebuilds with a framework", arguments: `framework = "PyTorch"`,
		images: []string{
			"tool:1.0-gpu-e51bd870 system.framework.PyTorch=2.9.1", "tool:1.0-gpu-0ddba115 system.framework.PyTorch=2.9.1",
		},
		want: "tool:1.0-gpu-0ddba115",
	},
	{
		name: "variant by exclude_name_regex", arguments: `exclude_name_regex = "-(nginx|api)$"`, want: "webui:0.2.0-ui",
		images: []string{"webui:0.2.0-ui", "webui:0.2.0-nginx", "webui:0.2.0-api"},
	},

	{
		name: "one repository in several regions and networks", want: "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/x:2.9.1",
		images: []string{
			"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/x:2.9.0", "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/x:2.9.1",
		},
	},
	{
		name: "one personal repository in several regions",
		images: []string{
			"crpi-1.cn-hangzhou.personal.cr.aliyuncs.com/team/x:1.1", "crpi-1.cn-shanghai.personal.cr.aliyuncs.com/team/x:1.0",
		},
		want: "crpi-1.cn-hangzhou.personal.cr.aliyuncs.com/team/x:1.1",
	},
	{
		name: "last part of the repository", arguments: `repository = "x"`, want: "r.example.com/pai/x:1.1",
		images: []string{"r.example.com/pai/x:1.0", "r.example.com/pai/x:1.1", "r.example.com/pai/x-y:1.2"},
	},
	{
		name: "repository with its namespace", arguments: `repository = "pai/x"`, want: "r.example.com/pai/x:1.0",
		images: []string{"r.example.com/pai/x:1.0", "r.example.com/team/x:1.1", "r.example.com/otherpai/x:1.2"},
	},
	{
		name: "repository with its registry", arguments: `repository = "r.example.com/pai/x"`,
		images: []string{"r.example.com/pai/x:1.0", "ghcr.io/pai/x:1.1"}, want: "r.example.com/pai/x:1.0",
	},
}

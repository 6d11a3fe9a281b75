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

package acctest

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func guideFindImage(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "find-image")
	sandbox := startHangzhou(t)
	dir := newGuideDir(t, "find-image", sandbox)
	newer := paisandbox.Official("eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.15.0-gpu",
		paisandbox.L("system.chipType", "GPU"), paisandbox.L("system.supported.eas", "true"),
		paisandbox.L("system.framework.vLLM", "0.15.0"))
	steps := []struct{ file, quote string }{ // quote is a part of the quoted output
		{"1-frameworks.tf", `"CosyVoice"`},
		{"2-values.tf", `"system.chipType" =`},
		{"3-images.tf", `"0.14.0 XPU`},
		{"4-image.tf", "image_uri = "},
		{"5-pinned.tf", "Changes to Outputs:"},
		{"workspace.tf", `"xflow-base"`},
	}
	contents := make(map[string]string)
	for _, step := range steps {
		contents[step.file] = dir.cut(step.file)
	}
	for _, step := range steps {
		dir.write(step.file, contents[step.file])
		output := dir.apply()
		if step.file == "5-pinned.tf" {
			sandbox.Put(newer)
			output = dir.plan(2)
			if strings.Contains(output, "terraform_data.service will") {
				t.Errorf("the plan changes the service:\n%s", output)
			}
			sandbox.Remove(newer.ImageID.Or(""))
		}
		page.wantQuote(t, step.quote, output)
	}

	// A training job: the changes that the page's introduction describes.
	for _, file := range []string{"2-values.tf", "3-images.tf"} {
		dir.write(file, strings.NewReplacer("eas", "dlc", "vLLM", "PyTorch").Replace(contents[file]))
	}
	example := readFile(t, filepath.Join(root, "examples", "data-sources", "pai_image", "data-source.tf"))
	lookup, _, _ := strings.Cut(example, "\n\n")
	_, output, _ := strings.Cut(contents["4-image.tf"], "\n\n")
	dir.write("4-image.tf", strings.Replace(lookup, `"pytorch" {`, `"vllm" {`, 1)+"\n\n"+output)
	wantOutput(t, dir.apply(), `"2.9.1 GPU `+pytorchRepository+firstTag+`"`)
	if got := dir.output("image_uri"); got != pytorchRepository+firstTag {
		t.Errorf("the image for training is %s, want %s", got, pytorchRepository+firstTag)
	}
}

func guideHardCodedURIs(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "hard-coded-uris")
	dir := newGuideDir(t, "hard-coded-uris", startHangzhou(t))
	needsFunctions(t)
	images, report := dir.cut("images.tf"), dir.cut("report.tf")
	lookups, follow := dir.cut("lookups.tf"), dir.cut("follow.tf")
	dir.apply()
	dir.write("images.tf", images)
	dir.write("report.tf", report)
	output := dir.apply()
	page.wantQuote(t, "report = {", output)
	wantOutput(t, output, "0 added, 0 changed, 0 destroyed")

	dir.write("lookups.tf", lookups)
	wantOutput(t, dir.plan(1), "Error: No image matches", `data.pai_image.current["service"]`)
	dir.edit("images.tf", "dsw-registry.cn", "dsw-registry-vpc.cn")
	dir.edit("images.tf", "sglang:v0.5.9", "sglang:v0.5.17")
	hardCoded := regexp.MustCompile(`(resource "terraform_data" "(\w+)" {\n  input = {\n    image_uri = )"[^"]+"`)
	dir.write("main.tf", hardCoded.ReplaceAllString(
		readFile(t, filepath.Join(dir.path, "main.tf")), `${1}data.pai_image.current["$2"].image_uri`))
	output = dir.plan(2)
	page.wantQuote(t, "Plan: 0 to add", output)
	if listed := strings.Count(output, `-> "listed"`); listed != 2 {
		t.Errorf("the report has %d newly listed URIs, want 2:\n%s", listed, output)
	}
	dir.remove("report.tf")
	page.wantQuote(t, "Plan: 0 to add", dir.apply())
	dir.plan(0)
	wantOutput(t, dir.run("state", "show", "-no-color", `data.pai_image.current["training"]`), "system.framework.PyTorch")

	// The lookup by filters selects the image of the hard-coded URI.
	dir.write("follow.tf", follow)
	dir.edit("main.tf", `data.pai_image.current["training"]`, "data.pai_image.pytorch")
	dir.edit("images.tf", "    training = ", "    # ")
	dir.plan(0)
}

package acctest

import (
	"fmt"
	"path/filepath"
	"reflect"
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
		{"4-image.tf", `image_uri = "eas-`},
		{"5-pinned.tf", "Changes to Outputs:"},
		{"workspace.tf", `image_uris = `},
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

	// A training job: the changes of the table.
	for _, file := range []string{"2-values.tf", "3-images.tf"} {
		dir.write(file, strings.NewReplacer("eas", "dlc", "vLLM", "PyTorch").Replace(contents[file]))
	}
	_, row, _ := strings.Cut(page.content, "\n| 3 | ")
	row, _, _ = strings.Cut(row, "\n")
	for _, filter := range regexp.MustCompile("`([a-z_]+ = [^`]+)`").FindAllStringSubmatch(row, -1) {
		dir.edit("3-images.tf", `= "PyTorch"`, "= \"PyTorch\"\n  "+filter[1])
	}
	example := readFile(t, filepath.Join(root, "examples", "data-sources", "pai_image", "data-source.tf"))
	lookup, _, _ := strings.Cut(example, "\n\n")
	_, output, _ := strings.Cut(contents["4-image.tf"], "\n\n")
	dir.write("4-image.tf", strings.Replace(lookup, `"pytorch" {`, `"selected" {`, 1)+"\n\n"+output)
	output = dir.apply()
	wantOutput(t, output, `"2.9.1 GPU `+pytorchRepository+firstTag+`"`)
	if strings.Contains(output, "py311") || strings.Contains(output, "modelscope:") {
		t.Errorf("the list has images that don't match the filters:\n%s", output)
	}
	if got := dir.output("image_uri"); got != pytorchRepository+firstTag {
		t.Errorf("the image for training is %s, want %s", got, pytorchRepository+firstTag)
	}
}

func guideHardCodedURIs(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "hard-coded-uris")
	sandbox := startHangzhou(t)
	dir := newGuideDir(t, "hard-coded-uris", sandbox)
	needsFunctions(t)
	images, report := dir.cut("images.tf"), dir.cut("report.tf")
	lookups, pins := dir.cut("lookups.tf"), dir.cut("pins.tf")
	dir.apply()
	dir.write("report.tf", report)
	checkHardCodedReport(t, dir, images)
	dir.write("images.tf", images)
	output := dir.apply()
	page.wantQuote(t, "report = {", output)
	wantOutput(t, output, "0 added, 0 changed, 0 destroyed")

	dir.write("lookups.tf", lookups)
	wantOutput(t, dir.plan(1), "Error: No image matches", `data.pai_image.current["service"]`)
	dir.edit("images.tf", "dsw-registry.cn", "dsw-registry-vpc.cn")
	dir.edit("images.tf", "sglang:v0.5.9", "sglang:v0.5.17")
	hardCoded := regexp.MustCompile(`(resource "terraform_data" "(\w+)" {\n  input = )"[^"]+"`)
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

	// The check passes for the three pins, reports a newer image, and fails if no image matches the filters.
	dir.write("pins.tf", pins)
	wantOutput(t, dir.showPlan(), checkStatus("check.pins_are_newest", "pass"))
	newer := pytorchImage(releaseTag)
	sandbox.Put(newer)
	wantOutput(t, dir.showPlan(), checkStatus("check.pins_are_newest", "fail"),
		"Latest images that are not pinned: training: "+pytorchRepository+releaseTag+`"`)
	sandbox.Remove(newer.ImageID.Or(""))
	dir.edit("pins.tf", "~> 0.5", "~> 1.5")
	wantOutput(t, dir.showPlan(), "Latest images that are not pinned: service: no match\"")
	dir.edit("pins.tf", "~> 1.5", "~> 0.5")

	// The lookup by filters selects the image of the hard-coded URI.
	dir.write("follow.tf", readFile(t, filepath.Join(root, "examples", "guides", "pin-or-follow", "lookup.tf")))
	dir.edit("main.tf", `data.pai_image.current["training"]`, "data.pai_image.pytorch")
	dir.edit("images.tf", "    training = ", "    # ")
	dir.edit("pins.tf", "    training = ", "    # ")
	dir.plan(0)
}

// checkHardCodedReport checks the guide's report for URIs that the guide's example lacks. The repositories of the
// sandbox contain a pre-release of PyTorch, and the tag v0.5.17 of SGLang.
func checkHardCodedReport(t *testing.T, dir *workingDir, images string) {
	t.Helper()
	const registry = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/"
	digest := "@sha256:" + strings.Repeat("0a", 32)
	uris := map[string][2]string{ // key to URI and report
		"calendar":   {"eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/training:1.0", "not listed"},
		"custom":     {"registry-vpc.cn-hangzhou.aliyuncs.com/team/pytorch:" + firstTag, "not listed"},
		"digest":     {registry + "pytorch" + digest, "not listed"},
		"misspelled": {registry + "pytorhc:" + firstTag, "not listed"},
		"namespace":  {"eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/pytorch:" + firstTag, "not listed"},
		"other":      {"docker.io/lmsysorg/sglang:v0.5.17", "not listed"},
		"short":      {"pytorch:" + firstTag, "not listed"},
		"tag-digest": {registry + "pytorch:" + firstTag + digest, "listed as " + registry + "pytorch:" + firstTag},
		"unlisted":   {registry + "pytorch:2.7.9-gpu-py312-cu128-ubuntu24.04", "not listed"},
	}
	var lines strings.Builder
	want := make(map[string]any)
	for name, uri := range uris {
		fmt.Fprintf(&lines, "    %q = %q\n", name, uri[0])
		want[name] = uri[1]
	}
	_, rest, _ := strings.Cut(images, "  }\n")
	dir.write("images.tf", "locals {\n  image_uris = {\n"+lines.String()+"  }\n"+rest)
	outputs, _ := dir.plannedOutputs()
	if got := outputs["report"]; !reflect.DeepEqual(got, any(want)) {
		t.Errorf("the report is %v, want %v", got, want)
	}
	releases, _ := outputs["releases"].(map[string]any)
	for _, name := range []string{"custom", "misspelled", "namespace", "other", "short"} {
		if got, ok := releases[name].([]any); !ok || len(got) != 0 {
			t.Errorf("the releases for %s are %v, want none", name, got)
		}
	}
	if got := fmt.Sprint(releases["calendar"]); !strings.Contains(got, "GPU "+registry+"training:26.07.20-") {
		t.Errorf("the releases for calendar lack 26.07.20: %s", got)
	}
	for _, name := range []string{"digest", "unlisted"} {
		got := fmt.Sprint(releases[name])
		for _, part := range []string{"GPU " + pytorchRepository + firstTag, "CPU " + pytorchRepository} {
			if !strings.Contains(got, part) {
				t.Errorf("the releases for %s lack %q: %s", name, part, got)
			}
		}
		if strings.Contains(got, "rc1") {
			t.Errorf("the releases for %s contain a pre-release: %s", name, got)
		}
	}
	if _, ok := releases["tag-digest"]; ok {
		t.Errorf("there are releases for a listed tag: %v", releases)
	}
}

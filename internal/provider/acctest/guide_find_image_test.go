package acctest

import (
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
		{"workspace.tf", `"easyanimate"`},
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
}

func guideHardCodedURIs(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "hard-coded-uris")
	dir := newGuideDir(t, "hard-coded-uris", startHangzhou(t))
	needsFunctions(t)
	report, lookups, follow := dir.cut("1-report.tf"), dir.cut("2-lookups.tf"), dir.cut("3-follow.tf")
	dir.apply()
	dir.write("1-report.tf", report)
	output := dir.apply()
	page.wantQuote(t, "report = {", output)
	wantOutput(t, output, "0 added, 0 changed, 0 destroyed")

	dir.write("2-lookups.tf", lookups)
	wantOutput(t, dir.plan(1), "Error: No image matches", `data.pai_image.job["search"]`)
	for old, replacement := range map[string]string{
		`"registry-vpc.`: `"registry.`,
		"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/m": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/m",
		"sglang:v0.5.9": "sglang:v0.5.17",
	} {
		dir.edit("main.tf", old, replacement)
	}
	output = dir.apply()
	wantOutput(t, output, "0 added, 3 changed, 0 destroyed")
	if listed := strings.Count(output, `= "listed"`); listed != 10 {
		t.Errorf("the report has %d listed URIs, want 10:\n%s", listed, output)
	}
	dir.edit("main.tf", "image_uri = each.value", "image_uri = data.pai_image.job[each.key].image_uri")
	page.wantQuote(t, "No changes.", dir.plan(0))

	// After step 2, the other parts of the report aren't needed.
	parsed, _, _ := strings.Cut(report, "\n\n")
	dir.write("1-report.tf", parsed)
	dir.apply()
	wantOutput(t, dir.run("state", "show", "-no-color", `data.pai_image.job["train"]`), "system.framework.PyTorch")

	dir.write("3-follow.tf", follow)
	dir.write("job.tf", "output \"followed\" {\n  value = data.pai_image.pytorch.image_uri\n}\n")
	dir.apply()
	if got := dir.output("followed"); got != pytorchRepository+firstTag {
		t.Errorf("the job that follows releases has %s, want %s", got, pytorchRepository+firstTag)
	}
}

package acctest

import (
	"os"
	"path/filepath"
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
		file := filepath.Join(dir.path, step.file)
		contents[step.file] = readFile(t, file)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
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

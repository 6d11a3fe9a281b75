package acctest

import (
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// guideFloatErrors checks the guide's table of new releases that stop the plan: the error of each row, and the argument
// that prevents it.
func guideFloatErrors(t *testing.T) {
	t.Helper()
	const (
		repository  = `repository     = "pytorch"`
		version     = `version        = "~> 2.9"`
		nameRegex   = `name_regex     = "-py312-"`
		calendarTag = "26.07-gpu-py312-cu130-ubuntu24.04-0ddba115-1768900000"
	)
	sandbox := startHangzhou(t)
	all := sandbox.Images()
	dir := newGuideDir(t, "float", sandbox)

	sandbox.Put(pytorchImage("2.9.1-gpu-py312-cu131-ubuntu24.04-0ddba115-1768900000"))
	wantOutput(t, dir.plan(1), "Error: Several variants of the highest version")
	before := dir.edit("main.tf", nameRegex, `name_regex     = "-py312-cu130-ubuntu24\\.04-[0-9a-f]{8}-"`)
	wantOutput(t, dir.plan(2), firstTag)

	sandbox.SetImages(all)
	sandbox.Put(pytorchImage(firstTag).With(func(i *paisandbox.Image) {
		i.ImageID = paisandbox.Value("image-0000000000000001")
		i.ImageURI = paisandbox.Value(strings.Replace(i.ImageURI.Or(""), "/pytorch:", "/training:", 1))
	}))
	dir.write("main.tf", strings.Replace(before, repository, "", 1))
	wantOutput(t, dir.plan(1), "Error: Versions of several repositories")
	dir.write("main.tf", before)
	wantOutput(t, dir.plan(2), "/pytorch:"+firstTag)

	sandbox.SetImages(all)
	sandbox.Put(pytorchImage(calendarTag))
	dir.write("main.tf", strings.Replace(before, version, `version        = ">= 2.9"`, 1))
	wantOutput(t, dir.plan(1), "Error: Versions of two numbering schemes")
	dir.write("main.tf", before)
	wantOutput(t, dir.plan(2), firstTag)

	// Only the pre-release of 2.10.0 is still listed.
	sandbox.SetImages(slices.DeleteFunc(all, func(i paisandbox.Image) bool {
		name := i.Name.Or("")
		return strings.Contains(name, "pytorch:2") && strings.Contains(name, "-py312-") && !strings.Contains(name, "rc1-")
	}))
	dir.write("rebuilds.tf", "")
	wantOutput(t, dir.plan(1), "Error: No image matches", ">= 2.10.0-rc1")
	dir.write("main.tf", strings.Replace(before, version, "", 1))
	wantOutput(t, dir.plan(1), "Error: Only pre-releases match", ">= 2.10.0-rc1")
}

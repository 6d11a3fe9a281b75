package acctest

import (
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func guideChooseOnce(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "choose-once")

	t.Run("new releases", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		wantJobPlanned(t, dir.plan(2), `+ image_uri = "`+pytorchRepository+firstTag+`"`)
		wantCheck(t, dir, "unknown")
		dir.apply()
		wantCheck(t, dir, "pass")
		dir.plan(0)

		// The CLI reads the data source, but its result doesn't change the plan.
		sandbox.Put(pytorchImage(releaseTag))
		wantOutput(t, dir.plan(0), "data.pai_image.pytorch: Read complete", releaseTag)
		before := dir.edit("main.tf", `"~> 2.9"`, `"~> 2.8.0"`)
		dir.plan(0)
		dir.write("main.tf", before)
		dir.apply()
		dir.plan(0)

		// A new generation on the command line selects an image again. So does the next run without it, because the
		// generation changes back.
		wantJobPlanned(t, dir.plan(2, "-replace=terraform_data.image"), firstTag+`" -> "`+pytorchRepository+releaseTag)
		output := dir.plan(2, "-var=image_generation=2")
		page.wantQuote(t, "will be replaced due to changes in replace_triggered_by", output)
		wantJobPlanned(t, output, firstTag+`" -> "`+pytorchRepository+releaseTag)
		wantCheck(t, dir, "unknown", "-var=image_generation=2")
		dir.apply("-var=image_generation=2")
		dir.plan(0, "-var=image_generation=2")
		wantOutput(t, dir.plan(2), "# terraform_data.image will be replaced")

		// When the configuration has the same generation, the image stays.
		dir.edit("main.tf", "default = 1", "default = 2")
		dir.plan(0)
		wantCheck(t, dir, "pass")
		later := strings.Replace(releaseTag, "2.10.1", "2.10.2", 1)
		sandbox.Put(pytorchImage(later))
		dir.plan(0)
		dir.apply()
		wantOutput(t, dir.run("state", "show", "-no-color", "terraform_data.training_job"),
			`image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("no longer listed", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		sandbox.Remove(pytorchImage(firstTag).ImageID.Or(""))
		page.wantQuote(t, "Check block assertion failed", dir.plan(0))
		wantCheck(t, dir, "fail")
		dir.apply()
		dir.plan(0)

		// If no image matches, the plan fails, although it would not change the image.
		sandbox.SetImages(slices.DeleteFunc(sandbox.Images(), func(i paisandbox.Image) bool {
			name := i.Name.Or("")
			return strings.HasPrefix(name, "pytorch:2.9.") || strings.HasPrefix(name, "pytorch:2.10.")
		}))
		wantOutput(t, dir.plan(1), "Error: No image matches")
		dir.edit("main.tf", `"~> 2.9"`, `"~> 2.8"`)
		dir.plan(0)
	})

	t.Run("another state", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.run("workspace", "new", "-no-color", "other")
		wantJobPlanned(t, dir.plan(2), `+ image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("output instead of input", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.edit("main.tf", "terraform_data.image.input", "terraform_data.image.output")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		wantJobPlanned(t, dir.plan(2, "-var=image_generation=2"), firstTag+`" -> (known after apply)`)
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.edit("main.tf", "latest_version = true\n",
			"latest_version = true\n  depends_on = [terraform_data.image_generation]\n")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		output := dir.plan(2, "-var=image_generation=2")
		wantJobPlanned(t, output, firstTag+`" -> (known after apply)`)
		if strings.Contains(output, releaseTag) {
			t.Errorf("plan shows the new URI:\n%s", output)
		}
	})
}

// wantJobPlanned fails the test if the job's part of a plan doesn't contain the text.
func wantJobPlanned(t *testing.T, output, text string) {
	t.Helper()
	_, job, _ := strings.Cut(output, "# terraform_data.training_job will be ")
	job, _, _ = strings.Cut(job, "\n\n")
	if !strings.Contains(job, text) {
		t.Errorf("planned change of the job lacks %q:\n%s", text, output)
	}
}

// wantCheck fails the test if the guide's check doesn't have the status in a new plan.
func wantCheck(t *testing.T, dir *workingDir, status string, args ...string) {
	t.Helper()
	wantOutput(t, dir.showPlan(args...), checkStatus("check.chosen_image_is_listed", status))
}

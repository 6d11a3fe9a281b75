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

	t.Run("time passes", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		wantJobPlanned(t, dir.plan(2), `+ image_uri = "`+pytorchRepository+chosenTag+`"`)
		wantCheck(t, dir, "unknown")
		dir.apply()
		wantCheck(t, dir, "pass")
		dir.plan(0)

		// The lookup is read, and its answer makes no difference.
		sandbox.Put(pytorchImage(releaseTag))
		wantOutput(t, dir.plan(0), "data.pai_image.pytorch: Read complete", releaseTag)
		before := dir.edit("main.tf", `"~> 2.9"`, `"~> 2.8.0"`)
		dir.plan(0)
		dir.write("main.tf", before)
		dir.apply()
		dir.plan(0)

		// Raised, on the command line at first, which lasts for one run.
		wantJobPlanned(t, dir.plan(2, "-replace=terraform_data.image"), chosenTag+`" -> "`+pytorchRepository+releaseTag)
		output := dir.plan(2, "-var=image_generation=2")
		page.quotes(t, "will be replaced due to changes in replace_triggered_by", output)
		wantJobPlanned(t, output, chosenTag+`" -> "`+pytorchRepository+releaseTag)
		wantCheck(t, dir, "unknown", "-var=image_generation=2")
		dir.apply("-var=image_generation=2")
		dir.plan(0, "-var=image_generation=2")
		wantOutput(t, dir.plan(2), "# terraform_data.image will be replaced")

		// Raised for good: kept again.
		dir.edit("main.tf", "default = 1", "default = 2")
		dir.plan(0)
		wantCheck(t, dir, "pass")
		later := strings.Replace(releaseTag, "2.10.1", "2.10.2", 1)
		sandbox.Put(pytorchImage(later))
		dir.plan(0)
		dir.apply()
		wantOutput(t, dir.run("state", "show", "-no-color", "terraform_data.training_job"), `image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("withdrawn", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		sandbox.Remove(pytorchImage(chosenTag).ImageID.Or(""))
		page.quotes(t, "Check block assertion failed", dir.plan(0))
		wantCheck(t, dir, "fail")
		dir.apply()
		dir.plan(0)

		// The lookup's own failure stops even a plan that would keep the image.
		sandbox.SetImages(slices.DeleteFunc(sandbox.Images(), func(i paisandbox.Image) bool {
			return strings.HasPrefix(i.Name.Or(""), "pytorch:2.10.")
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

	t.Run("output", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.edit("main.tf", "terraform_data.image.input", "terraform_data.image.output")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		wantJobPlanned(t, dir.plan(2, "-var=image_generation=2"), chosenTag+`" -> (known after apply)`)
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "choose-once", sandbox)
		dir.edit("main.tf", "latest_version = true\n", "latest_version = true\n  depends_on = [terraform_data.image_generation]\n")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		output := dir.plan(2, "-var=image_generation=2")
		wantJobPlanned(t, output, chosenTag+`" -> (known after apply)`)
		if strings.Contains(output, releaseTag) {
			t.Errorf("the new URI is shown:\n%s", output)
		}
	})
}

// wantJobPlanned looks for the text in what a plan says of the job alone.
func wantJobPlanned(t *testing.T, output, text string) {
	t.Helper()
	_, job, _ := strings.Cut(output, "# terraform_data.training_job will be ")
	job, _, _ = strings.Cut(job, "\n\n")
	if !strings.Contains(job, text) {
		t.Errorf("the plan doesn't say %q of the job:\n%s", text, output)
	}
}

// wantCheck plans, and looks at the status of the guide's one check in the saved plan.
func wantCheck(t *testing.T, dir *workingDir, status string, arguments ...string) {
	t.Helper()
	dir.run(append([]string{"plan", "-input=false", "-out=plan.tfplan"}, arguments...)...)
	if shown := dir.run("show", "-json", "plan.tfplan"); !strings.Contains(shown,
		`"to_display":"check.chosen_image_is_listed"},"status":"`+status+`"`) {
		t.Errorf("the check is not %q: %s", status, shown)
	}
}

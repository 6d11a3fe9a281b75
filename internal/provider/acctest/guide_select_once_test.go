package acctest

import (
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// guideSelectOnce checks which events change the image that the state keeps.
func guideSelectOnce(t *testing.T) {
	t.Helper()

	t.Run("new releases", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "select-once.tf")
		wantJobPlanned(t, dir.plan(2), `+ image_uri = "`+pytorchRepository+firstTag+`"`)
		wantCheck(t, dir, "unknown")
		dir.apply()
		wantCheck(t, dir, "pass")
		dir.plan(0)

		// The CLI reads the data source, but its result doesn't change the plan.
		sandbox.Put(pytorchImage(releaseTag))
		wantOutput(t, dir.plan(0), "data.pai_image.pytorch: Read complete", releaseTag)
		before := dir.edit("lookup.tf", `"~> 2.9"`, `"~> 2.8.0"`)
		dir.plan(0)
		dir.write("lookup.tf", before)
		dir.apply()
		dir.plan(0)

		dir.edit("select-once.tf", "triggers_replace = 1", "triggers_replace = 2")
		output := dir.plan(2)
		wantOutput(t, output, "# terraform_data.image must be replaced")
		wantJobPlanned(t, output, firstTag+`" -> "`+pytorchRepository+releaseTag)
		wantCheck(t, dir, "unknown")
		dir.apply()
		dir.plan(0)
		wantCheck(t, dir, "pass")
		later := strings.Replace(releaseTag, "2.10.1", "2.10.2", 1)
		sandbox.Put(pytorchImage(later))
		dir.plan(0)
		dir.apply()
		wantOutput(t, dir.run("state", "show", "-no-color", "terraform_data.experiment"),
			`image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("no longer listed", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "select-once.tf")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		sandbox.Remove(pytorchImage(firstTag).ImageID.Or(""))
		wantOutput(t, dir.plan(0), "Warning: Check block assertion failed",
			pytorchRepository+firstTag+"\nis no longer listed.")
		wantCheck(t, dir, "fail")
		dir.apply()
		dir.plan(0)

		variant := pytorchImage(strings.Replace(releaseTag, "cu130", "cu131", 1))
		sandbox.Put(variant)
		wantOutput(t, dir.plan(1), "Error: Several variants of the highest version")
		sandbox.Remove(variant.ImageID.Or(""))
		dir.plan(0)

		// If no image matches, the plan fails, although it would not change the image.
		sandbox.SetImages(slices.DeleteFunc(sandbox.Images(), func(i paisandbox.Image) bool {
			name := i.Name.Or("")
			return strings.HasPrefix(name, "pytorch:2.9.") || strings.HasPrefix(name, "pytorch:2.10.")
		}))
		wantOutput(t, dir.plan(1), "Error: No image matches")
		dir.edit("lookup.tf", `"~> 2.9"`, `"~> 2.8"`)
		dir.plan(0)
	})

	t.Run("another state", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "select-once.tf")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.run("workspace", "new", "-no-color", "other")
		wantJobPlanned(t, dir.plan(2), `+ image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("output instead of input", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "select-once.tf")
		const input = "image_uri = terraform_data.image.input\n  }\n}" // of the job, not of the check's lookup
		dir.edit("select-once.tf", input, strings.Replace(input, "input", "output", 1))
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		dir.edit("select-once.tf", "triggers_replace = 1", "triggers_replace = 2")
		wantJobPlanned(t, dir.plan(2), firstTag+`" -> (known after apply)`)
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "select-once.tf")
		dir.write("other.tf", otherResource)
		dir.edit("lookup.tf", "latest_version = true\n", "latest_version = true\n  depends_on = [terraform_data.other]\n")
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		dir.edit("other.tf", "= 1", "= 2")
		dir.edit("select-once.tf", "triggers_replace = 1", "triggers_replace = 2")
		output := dir.plan(2)
		wantJobPlanned(t, output, firstTag+`" -> (known after apply)`)
		if strings.Contains(output, releaseTag) {
			t.Errorf("plan shows the new URI:\n%s", output)
		}
	})
}

// wantJobPlanned fails the test if the job's part of a plan doesn't contain the text.
func wantJobPlanned(t *testing.T, output, text string) {
	t.Helper()
	_, job, _ := strings.Cut(output, "# terraform_data.experiment will be ")
	job, _, _ = strings.Cut(job, "\n\n")
	if !strings.Contains(job, text) {
		t.Errorf("planned change of the job lacks %q:\n%s", text, output)
	}
}

// wantCheck fails the test if the guide's check doesn't have the status in a new plan.
func wantCheck(t *testing.T, dir *workingDir, status string) {
	t.Helper()
	wantOutput(t, dir.showPlan(), checkStatus("check.selected_image_is_listed", status))
}

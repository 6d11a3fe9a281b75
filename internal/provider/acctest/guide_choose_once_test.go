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
		g := newGuide(t, "choose-once", sandbox)
		wantJobPlanned(t, g.plans(2), `+ image_uri = "`+pytorchRepository+chosenTag+`"`)
		wantCheck(t, g, "unknown")
		g.applies()
		wantCheck(t, g, "pass")
		g.plans(0)

		// The lookup is read, and its answer makes no difference.
		sandbox.Put(pytorchImage(releaseTag))
		wantLines(t, g.plans(0), "data.pai_image.pytorch: Read complete", releaseTag)
		before := g.edit("main.tf", `"~> 2.9"`, `"~> 2.8.0"`)
		g.plans(0)
		g.write("main.tf", before)
		g.applies()
		g.plans(0)

		// Raised, on the command line at first, which lasts for one run.
		wantJobPlanned(t, g.plans(2, "-replace=terraform_data.image"), chosenTag+`" -> "`+pytorchRepository+releaseTag)
		output := g.plans(2, "-var=image_generation=2")
		page.quotes(t, "will be replaced due to changes in replace_triggered_by", output)
		wantJobPlanned(t, output, chosenTag+`" -> "`+pytorchRepository+releaseTag)
		wantCheck(t, g, "unknown", "-var=image_generation=2")
		g.applies("-var=image_generation=2")
		g.plans(0, "-var=image_generation=2")
		wantLines(t, g.plans(2), "# terraform_data.image will be replaced")

		// Raised for good: kept again.
		g.edit("main.tf", "default = 1", "default = 2")
		g.plans(0)
		wantCheck(t, g, "pass")
		later := strings.Replace(releaseTag, "2.10.1", "2.10.2", 1)
		sandbox.Put(pytorchImage(later))
		g.plans(0)
		g.applies()
		wantLines(t, g.must("state", "show", "-no-color", "terraform_data.training_job"), `image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("withdrawn", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		g := newGuide(t, "choose-once", sandbox)
		g.applies()
		sandbox.Put(pytorchImage(releaseTag))
		sandbox.Remove(pytorchImage(chosenTag).ImageID.Or(""))
		page.quotes(t, "Check block assertion failed", g.plans(0))
		wantCheck(t, g, "fail")
		g.applies()
		g.plans(0)

		// The lookup's own failure stops even a plan that would keep the image.
		sandbox.SetImages(slices.DeleteFunc(sandbox.Images(), func(i paisandbox.Image) bool {
			return strings.HasPrefix(i.Name.Or(""), "pytorch:2.10.")
		}))
		wantLines(t, g.plans(1), "Error: No image matches")
		g.edit("main.tf", `"~> 2.9"`, `"~> 2.8"`)
		g.plans(0)
	})

	t.Run("another state", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		g := newGuide(t, "choose-once", sandbox)
		g.applies()
		sandbox.Put(pytorchImage(releaseTag))
		g.must("workspace", "new", "-no-color", "other")
		wantJobPlanned(t, g.plans(2), `+ image_uri = "`+pytorchRepository+releaseTag+`"`)
	})

	t.Run("output", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		g := newGuide(t, "choose-once", sandbox)
		g.edit("main.tf", "terraform_data.image.input", "terraform_data.image.output")
		g.applies()
		sandbox.Put(pytorchImage(releaseTag))
		g.plans(0)
		wantJobPlanned(t, g.plans(2, "-var=image_generation=2"), chosenTag+`" -> (known after apply)`)
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		g := newGuide(t, "choose-once", sandbox)
		g.edit("main.tf", "latest_version = true\n", "latest_version = true\n  depends_on = [terraform_data.image_generation]\n")
		g.applies()
		sandbox.Put(pytorchImage(releaseTag))
		g.plans(0)
		output := g.plans(2, "-var=image_generation=2")
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
func wantCheck(t *testing.T, g *guide, status string, arguments ...string) {
	t.Helper()
	g.must(append([]string{"plan", "-input=false", "-out=plan.tfplan"}, arguments...)...)
	if shown := g.must("show", "-json", "plan.tfplan"); !strings.Contains(shown,
		`"to_display":"check.chosen_image_is_listed"},"status":"`+status+`"`) {
		t.Errorf("the check is not %q: %s", status, shown)
	}
}

package acctest

import (
	"os/exec"
	"strings"
	"testing"
)

func guidePin(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "pin")
	jq := standInJQ(t)

	for name, job := range map[string]ciJob{"GitHub": githubJob(t), "GitLab": gitlabJob(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startHangzhou(t)
			// What doesn't fit is no news.
			sandbox.Put(strangersPyTorch(), pytorchImage(strings.Replace(releaseTag, "2.10.1", "3.0.0", 1)))
			run := func(status int, texts ...string) string {
				t.Helper()
				output := job.run(t, sandbox, jq, status)
				wantOutput(t, output, texts...)
				return output
			}

			run(0, "\nChecks passed: 2\n")

			sandbox.Put(pytorchImage(releaseTag))
			page.quotes(t, "check.pin_is_newest: fail", run(1))

			sandbox.Remove(pytorchImage(chosenTag).ImageID.Or(""))
			run(1, "\ncheck.pin_is_listed: fail\n  The pin "+pytorchRepository+chosenTag+" is no longer listed or does not match. Newest matching image: "+
				pytorchRepository+releaseTag+"\n")

			sandbox.SetImages(nil)
			run(1, "Newest matching image: none\n")

			job.environ = append(job.environ, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong")
			run(1, "Error: Credentials rejected by the image API")
		})
	}

	t.Run("script", func(t *testing.T) {
		t.Parallel()
		tryChecksScript(t, jq)
		if own, err := exec.LookPath("jq"); err == nil {
			tryChecksScript(t, own)
		}
	})

	t.Run("plan", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "pin", sandbox)
		dir.apply()
		dir.plan(0)

		// A failed check alone is no change.
		sandbox.Put(pytorchImage(releaseTag))
		page.quotes(t, `in check "pin_is_newest"`, dir.plan(0))
		sandbox.Remove(pytorchImage(chosenTag).ImageID.Or(""))
		page.quotes(t, "Newest matching image:", dir.plan(0))

		// Moved: a change of the job, and no word of a check.
		dir.edit("main.tf", chosenTag, releaseTag)
		if output := dir.plan(2); strings.Contains(output, "Warning") || !strings.Contains(output, chosenTag+`" -> "`+pytorchRepository+releaseTag) {
			t.Errorf("a pin that was moved to the newest:\n%s", output)
		}

		// There, and not what is asked for.
		output := dir.plan(2, "-var=image_uri="+strings.Replace(pytorchRepository, "cn-hangzhou", "cn-shanghai", 1)+releaseTag)
		wantOutput(t, output, "is no longer listed or does not match.")
		output = dir.plan(2, "-var=image_uri="+pytorchRepository+"2.9.1-ppu-py312-ubuntu24.04-20c4ff6e-1769418355")
		wantOutput(t, output, "is no longer listed or does not match.")
	})

	t.Run("data source inside the check", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newWorkingDir(t, sandbox, nestedCheck)
		dir.apply()
		for range 2 {
			wantOutput(t, dir.plan(2), "# data.pai_images.pinned will be read during apply", "# (config will be reloaded to verify a check block)",
				"Plan: 0 to add, 0 to change, 0 to destroy.")
			dir.apply()
		}
		sandbox.SetImages(nil)
		wantOutput(t, dir.plan(2), "Warning: Check block assertion failed")
		dir.env = append(dir.env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong")
		wantOutput(t, dir.plan(2), "Warning: Credentials rejected by the image API")
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "pin", startHangzhou(t))
		dir.edit("main.tf", "# newest first\n", "# newest first\n  depends_on = [terraform_data.training_job]\n")
		dir.apply()
		dir.plan(0)
		dir.edit("main.tf", "python train.py", "python train.py --epochs 3")
		dir.run("plan", "-input=false", "-out=plan.tfplan")
		wantOutput(t, dir.run("show", "-json", "plan.tfplan"),
			`"to_display":"check.pin_is_listed"},"status":"unknown"`, `"to_display":"check.pin_is_newest"},"status":"unknown"`)
	})

	t.Run("the first of none", func(t *testing.T) {
		t.Parallel()
		for block, status := range map[string]string{
			"condition     = data.pai_images.none.image_uris[0] == \"\"\n    error_message = \"Not there.\"":                   "error",
			"condition     = length(data.pai_images.none.images) == 0\n    error_message = data.pai_images.none.image_uris[0]": "error",
		} {
			dir := newWorkingDir(t, startHangzhou(t), "data \"pai_images\" \"none\" {\n  name_regex = \"^$\"\n}\n\ncheck \"first\" {\n  assert {\n    "+
				block+"\n  }\n}\n")
			output := dir.plan(1, "-out=plan.tfplan")
			wantOutput(t, output, "Error: Invalid index")
			// The plan is saved all the same.
			wantOutput(t, dir.run("show", "-json", "plan.tfplan"), `"to_display":"check.first"},"status":"`+status+`"`)
		}
	})

	t.Run("other conditions", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "pin", startHangzhou(t))
		dir.write("conditions.tf", otherConditions)
		dir.run("plan", "-input=false", "-out=plan.tfplan")
		plan := dir.run("show", "-json", "plan.tfplan")
		wantOutput(t, plan, `"to_display":"output.epochs"},"status":"pass"`, `"to_display":"terraform_data.conditions"},"status":"pass"`)
		if !cliIsOlder(t, "1.6") { // before, variables were not among them
			wantOutput(t, plan, `"to_display":"var.epochs"},"status":"pass"`)
		}
	})

	t.Run("strict", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "pin/strict", sandbox)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		// The API finds this one too, for the pin is a part of it.
		sandbox.Put(pytorchImage(chosenTag + "1"))
		sandbox.Remove(pytorchImage(chosenTag).ImageID.Or(""))
		page.quotes(t, "Error: Resource postcondition failed", dir.plan(1))
		dir.edit("main.tf", `"python train.py"`, `"python train.py --epochs 3"`)
		dir.plan(1)
		dir.run("destroy", "-no-color", "-input=false", "-auto-approve")
	})
}

var nestedCheck = `
variable "image_uri" {
  default = "` + pytorchRepository + chosenTag + `"
}

check "pin_is_listed" {
  data "pai_images" "pinned" {
    image_uri = var.image_uri
  }

  assert {
    condition     = contains(data.pai_images.pinned.image_uris, var.image_uri)
    error_message = "${var.image_uri} is no longer listed."
  }
}
`

const otherConditions = `
variable "epochs" {
  default = 3

  validation {
    condition     = var.epochs > 0
    error_message = "At least one."
  }
}

resource "terraform_data" "conditions" {
  lifecycle {
    precondition {
      condition     = var.epochs > 0
      error_message = "At least one."
    }
  }
}

output "epochs" {
  value = var.epochs

  precondition {
    condition     = var.epochs > 0
    error_message = "At least one."
  }
}
`

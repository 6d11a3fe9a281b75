package acctest

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Parts of the messages of the guide's checks if the pinned URI isn't listed, or if it doesn't match the filters.
const (
	notListed   = "is not listed in this region."
	notMatching = "does not match the filters."
)

func guidePinOrFollow(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "pin-or-follow")
	t.Run("pin", func(t *testing.T) {
		t.Parallel()
		guidePin(t, page)
	})
	t.Run("follow", func(t *testing.T) {
		t.Parallel()
		guideFollow(t, page)
	})
	t.Run("select once", func(t *testing.T) {
		t.Parallel()
		guideSelectOnce(t)
	})
	t.Run("all in one configuration", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "pin-or-follow", startHangzhou(t))
		dir.apply()
		dir.plan(0)
	})
}

// newPinOrFollowDir returns a new folder with the guide's main.tf and scripts. Of the guide's other configurations, it
// contains only the named files.
func newPinOrFollowDir(t *testing.T, sandbox *paisandbox.Sandbox, files ...string) *workingDir {
	t.Helper()
	dir := newGuideDir(t, "pin-or-follow", sandbox)
	paths, err := filepath.Glob(dir.path + "/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if name := filepath.Base(path); name != "main.tf" && !slices.Contains(files, name) {
			dir.remove(name)
		}
	}
	return dir
}

// guidePin checks the pin, the scripts and the CI jobs that report a newer image, and what to avoid in checks.
func guidePin(t *testing.T, page *guidePage) {
	t.Helper()
	jq := buildJQ(t)

	for name, job := range map[string]ciJob{"GitHub": githubJob(t), "GitLab": gitlabJob(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startHangzhou(t)
			// Newer images that don't match are not reported.
			sandbox.Put(otherAccountImage(highestTag), pytorchImage(strings.Replace(releaseTag, "2.10.1", "3.0.0", 1)))
			wantOutput(t, job.run(t, sandbox, jq, true), "\nChecks passed: 2\n")

			sandbox.Put(pytorchImage(releaseTag))
			page.wantQuote(t, "check.pin_is_newest: fail", job.run(t, sandbox, jq, false))

			edited := job
			edited.env = slices.Concat(job.env, []string{"TF_VAR_image_uri=" + pytorchRepository + releaseTag})
			wantOutput(t, edited.run(t, sandbox, jq, true), "\nChecks passed: 2\n")

			sandbox.Remove(pytorchImage(firstTag).ImageID.Or(""))
			wantOutput(t, job.run(t, sandbox, jq, false), "\ncheck.pin_is_listed: fail\n",
				pytorchRepository+firstTag+" "+notListed+" Latest match: "+pytorchRepository+releaseTag+"\n")

			sandbox.SetImages(nil)
			wantOutput(t, job.run(t, sandbox, jq, false), "\ncheck.pin_is_listed: fail\n",
				pytorchRepository+firstTag+" "+notListed+" Latest match: none\n")

			job.env = append(job.env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong")
			wantOutput(t, job.run(t, sandbox, jq, false), "Error: Credentials rejected by the PAI API")
		})
	}

	t.Run("GitHub installation", func(t *testing.T) {
		t.Parallel()
		dir := newPinOrFollowDir(t, startHangzhou(t), "pin.tf")
		dir.remove(".terraform")
		dir.remove(lockFile)
		job := githubJob(t)
		wantOutput(t, strings.Join(job.env, "\n"), "PAI_SOURCE=", "PAI_COMMIT=")
		dir.write("install.sh", readFile(t, filepath.Join(root, "examples", "guides", "pipelines", "install.sh")))
		dir.write("job.sh", job.install+"\nterraform init -input=false\n")
		// The home directory has no provider. The repository and the commit aren't those of the recipe.
		dir.env = slices.Concat(job.env, dir.env, newSource(t).environ, []string{"HOME=" + t.TempDir()})
		wantOutput(t, dir.runScript(0, "job.sh"), "Installed "+build.Address)
	})

	t.Run("script", func(t *testing.T) {
		t.Parallel()
		testChecksScript(t, jq)
		if installed, err := exec.LookPath("jq"); err == nil {
			testChecksScript(t, installed)
		}
	})

	t.Run("plan", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "pin.tf")
		dir.apply()
		dir.plan(0)

		// A failed check alone is not a change of the plan.
		sandbox.Put(pytorchImage(releaseTag))
		wantOutput(t, dir.plan(0), "Warning: Check block assertion failed", `in check "pin_is_newest"`,
			"Newer than the pin:\n"+pytorchRepository+releaseTag)
		sandbox.Remove(pytorchImage(firstTag).ImageID.Or(""))
		output := dir.plan(0)
		wantOutput(t, output, "Warning: Check block assertion failed",
			"The pin\n"+pytorchRepository+firstTag+"\n"+notListed+" Latest match:\n"+pytorchRepository+releaseTag)
		if strings.Contains(output, `"pin_is_newest"`) {
			t.Errorf("plan compares a pin that is no longer listed with the newest image:\n%s", output)
		}

		// When the pin is the newest image, the plan changes the job and no check fails.
		dir.edit("pin.tf", firstTag, releaseTag)
		output = dir.plan(2)
		wantOutput(t, output, firstTag+`" -> "`+pytorchRepository+releaseTag)
		if strings.Contains(output, "Warning") {
			t.Errorf("plan with the newest image as the pin printed a warning:\n%s", output)
		}

		// The first URI isn't listed in this region. The second one is, but doesn't match the filters.
		output = dir.plan(2, "-var=image_uri="+strings.Replace(pytorchRepository, "cn-hangzhou", "cn-shanghai", 1)+releaseTag)
		wantOutput(t, output, `in check "pin_is_listed"`, notListed)
		output = dir.plan(2, "-var=image_uri="+pytorchRepository+"2.9.1-ppu-py312-ubuntu24.04-20c4ff6e-1769418355")
		wantOutput(t, output, `in check "pin_is_newest"`, notMatching)
		if strings.Contains(output, notListed) {
			t.Errorf("plan reports a listed pin that doesn't match the filters as not listed:\n%s", output)
		}

		dir.env = append(dir.env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong")
		wantOutput(t, dir.plan(1), "Error: Credentials rejected by the PAI API")
	})

	t.Run("data source inside the check", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newWorkingDir(t, sandbox, nestedCheck)
		dir.apply()
		for range 2 {
			wantOutput(t, dir.plan(2), "# data.pai_images.pinned will be read during apply",
				"# (config will be reloaded to verify a check block)", "Plan: 0 to add, 0 to change, 0 to destroy.")
			dir.apply()
		}
		sandbox.SetImages(nil)
		wantOutput(t, dir.plan(2), "Warning: Check block assertion failed")
		dir.env = append(dir.env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong")
		wantOutput(t, dir.plan(2), "Warning: Credentials rejected by the PAI API")
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		dir := newPinOrFollowDir(t, startHangzhou(t), "pin.tf")
		dir.edit("pin.tf", "\n  order ", "\n  depends_on = [terraform_data.pinned_job]\n  order ")
		dir.apply()
		dir.plan(0)
		dir.edit("pin.tf", "python train.py", "python train.py --epochs 3")
		wantOutput(t, dir.showPlan(), checkStatus("check.pin_is_listed", "pass"),
			checkStatus("check.pin_is_newest", "unknown"))
	})

	t.Run("index 0 of an empty list", func(t *testing.T) {
		t.Parallel()
		for name, assertion := range map[string]string{
			"condition": `
    condition     = data.pai_images.none.image_uris[0] == ""
    error_message = "No image."
`,
			"message of a true condition": `
    condition     = length(data.pai_images.none.images) == 0
    error_message = data.pai_images.none.image_uris[0]
`,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dir := newWorkingDir(t, startHangzhou(t), `
data "pai_images" "none" {
  name_regex = "^$"
}

check "first" {
  assert {`+assertion+`  }
}
`)
				wantOutput(t, dir.plan(1, "-out=plan.tfplan"), "Error: Invalid index")
				// Terraform saves the plan even if the check has an error.
				wantOutput(t, dir.run("show", "-json", "plan.tfplan"), checkStatus("check.first", "error"))
			})
		}
	})

	t.Run("other conditions", func(t *testing.T) {
		t.Parallel()
		dir := newPinOrFollowDir(t, startHangzhou(t), "pin.tf")
		dir.write("conditions.tf", otherConditions)
		plan := dir.showPlan()
		wantOutput(t, plan, checkStatus("output.epochs", "pass"), checkStatus("terraform_data.conditions", "pass"))
		if !mustReadCLIVersion(t).before("1.6") { // before 1.6, plans in JSON omit the conditions of variables
			wantOutput(t, plan, checkStatus("var.epochs", "pass"))
		}
	})

	t.Run("postcondition", func(t *testing.T) {
		t.Parallel()
		const condition = "contains(self.image_uris, var.image_uri)"
		wantOutput(t, page.content, "`"+condition+"`")
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "pin.tf")
		dir.edit("pin.tf", "\n  image_uri = var.image_uri\n", `
  image_uri = var.image_uri

  lifecycle {
    postcondition {
      condition     = `+condition+`
      error_message = "The pin is no longer listed."
    }
  }
`)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		sandbox.Remove(pytorchImage(firstTag).ImageID.Or(""))
		wantOutput(t, dir.plan(1), "Error: Resource postcondition failed", "The pin is no longer listed.")
		dir.edit("pin.tf", `"python train.py"`, `"python train.py --epochs 3"`)
		dir.plan(1)
		dir.run("destroy", "-no-color", "-input=false", "-auto-approve")
	})
}

// nestedCheck is a configuration with a data source inside a check block.
var nestedCheck = `
variable "image_uri" {
  default = "` + pytorchRepository + firstTag + `"
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

// otherConditions is a configuration with conditions outside of check blocks. A plan in JSON lists them as checks, too.
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

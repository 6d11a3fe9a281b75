package acctest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func guideFloat(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "float")

	t.Run("time passes", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		dir.apply()
		dir.plan(0)
		sandbox.Put(pytorchImage("2.11.0rc1-gpu-py312-cu130-ubuntu24.04-0ddba115-1769000000"))
		dir.plan(0)

		sandbox.Put(pytorchImage(releaseTag))
		output := dir.plan(2)
		page.quotes(t, "terraform_data.training_job will be updated in-place", output)
		wantOutput(t, output, chosenTag, releaseTag)
		if strings.Contains(output, "# terraform_data.careful_job") {
			t.Errorf("rebuilds only, and the next release moves it:\n%s", output)
		}

		// Who only wants another command takes the new image along.
		before := dir.edit("main.tf", `"python train.py"`, `"python train.py --epochs 3"`)
		wantOutput(t, dir.plan(2), "--epochs 3", releaseTag)
		dir.write("main.tf", before)

		// A saved plan holds what was shown.
		dir.run("plan", "-input=false", "-out=plan.tfplan")
		later := strings.Replace(releaseTag, "2.10.1", "2.10.2", 1)
		sandbox.Put(pytorchImage(later))
		dir.run("apply", "-input=false", "plan.tfplan")
		if output := dir.plan(2); !strings.Contains(output, releaseTag+`" -> "`+pytorchRepository+later) {
			t.Errorf("not what the saved plan showed was applied:\n%s", output)
		}

		// A withdrawn image makes it go back.
		sandbox.Remove(pytorchImage(later).ImageID.Or(""))
		dir.plan(0)
		sandbox.Remove(pytorchImage(releaseTag).ImageID.Or(""))
		if output := dir.plan(2); !strings.Contains(output, releaseTag+`" -> "`+pytorchRepository+chosenTag) {
			t.Errorf("a withdrawn image is not left:\n%s", output)
		}
		sandbox.SetImages(slices.DeleteFunc(sandbox.Images(), func(i paisandbox.Image) bool {
			return strings.HasPrefix(i.Name.Or(""), "pytorch:")
		}))
		wantOutput(t, dir.plan(1), "Error: No image matches", "Removing `name_regex = \"^pytorch:\"` would match")
	})

	t.Run("only a part may come", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		dir.edit("main.tf", `"~> 2.9"`, `"~> 2.9.0"`)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		sandbox.Put(pytorchImage(strings.Replace(releaseTag, "2.10.1", "2.9.2", 1)))
		wantOutput(t, dir.plan(2), "# terraform_data.training_job will be updated", "pytorch:2.9.2-")
	})

	t.Run("rebuilds", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		sandbox.Put(pytorchImage(releaseTag))
		dir.apply()

		// Near to the variant, newer, and none of it.
		for _, other := range []string{
			"2.9.1-gpu-py313-cu130-ubuntu24.04-0ddba115-1768900000",
			"2.9.1-gpu-py312-cu131-ubuntu24.04-0ddba115-1768900000",
			"2.9.1-gpu-py312-cu130-ubuntu24.04-ngc25.03-0ddba115-1768900000",
			"2.9.1-gpu-py312-cu130-ubuntu24x04-0ddba115-1768900000",
			"2.9.1-gpu-py312-cu130-ubuntu24.04-0ddba115-1768900000-debug",
			"2.9.2-gpu-py312-cu130-ubuntu24.04-0ddba115-1768900000",
		} {
			sandbox.Put(pytorchImage(other))
		}
		sandbox.Put(pytorchImage("2.9.1-gpu-py312-cu130-ubuntu24.04-0ddba115-1768900000").With(func(i *paisandbox.Image) {
			i.Name = paisandbox.Value("my-pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-0ddba115-1768900000")
			i.ImageID = paisandbox.Value("image-0000000000000001")
		}))
		dir.plan(0)

		sandbox.Put(pytorchImage(rebuiltTag))
		output := dir.plan(2)
		page.quotes(t, "terraform_data.careful_job will be updated in-place", output)
		if strings.Contains(output, "# terraform_data.training_job") {
			t.Errorf("a rebuild of a lower version moves the highest:\n%s", output)
		}

		// The most recent need not be the highest.
		dir.edit("main.tf", "latest_version = true", "most_recent = true")
		if output := dir.plan(2); !strings.Contains(output, releaseTag+`" -> "`+pytorchRepository+rebuiltTag) {
			t.Errorf("the most recent is not the rebuild:\n%s", output)
		}
	})

	t.Run("strangers", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		sandbox.Put(strangersPyTorch())
		if output := dir.apply(); strings.Contains(output, "Warning") || strings.Contains(output, "2.99.0") {
			t.Errorf("not official, and chosen or warned of:\n%s", output)
		}
		dir.edit("main.tf", "official       = true", "# official       = true")
		output := dir.plan(2)
		page.quotes(t, "someone else", output)
		wantOutput(t, output, chosenTag, "2.99.0")
		dir.apply()
		if output := dir.plan(0); !strings.Contains(output, "someone else") {
			t.Errorf("the warning is gone:\n%s", output)
		}
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		dir.apply()
		dir.edit("main.tf", "latest_version = true\n", "latest_version = true\n  depends_on = [terraform_data.careful_job]\n")
		dir.plan(0)
		sandbox.Put(pytorchImage(rebuiltTag))
		page.quotes(t, "(depends on a resource or a module with changes pending)", dir.plan(2))

		module := newWorkingDir(t, sandbox, "")
		if err := os.Mkdir(filepath.Join(module.path, "image"), 0o700); err != nil {
			t.Fatal(err)
		}
		module.write("image/main.tf", requiredProviders+`
data "pai_image" "pytorch" {
  official    = true
  name_regex  = "^pytorch:"
  most_recent = true
}

output "uri" {
  value = data.pai_image.pytorch.image_uri
}
`)
		module.write("main.tf", `
resource "terraform_data" "other" {
}

module "image" {
  source     = "./image"
  depends_on = [terraform_data.other]
}

output "uri" {
  value = module.image.uri
}
`)
		module.run("init", "-no-color", "-input=false")
		wantOutput(t, module.plan(2), "(depends on a resource or a module with changes pending)", "+ uri = (known after apply)")
	})

	t.Run("versions of two repositories", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "float", startHangzhou(t))
		before := dir.edit("main.tf", `framework      = "PyTorch"`, "")
		dir.plan(2)
		dir.write("main.tf", strings.NewReplacer(`framework      = "PyTorch"`, "", `name_regex     = "^pytorch:"`, "", `version        = "~> 2.9"`, "").
			Replace(before))
		wantOutput(t, dir.plan(1), "Error: Versions of several repositories")
	})

	t.Run("the first of a list", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		first := newWorkingDir(t, sandbox, `
data "pai_images" "pytorch" {
  official   = true
  framework  = "PyTorch"
  name_regex = "^pytorch:2\\."
}

output "first" {
  value = data.pai_images.pytorch.images[0].image_uri
}
`)
		output := first.plan(2)
		if !strings.Contains(output, pytorchRepository+"2.1-gpu-py311-cu118-ubuntu22.04") || strings.Contains(output, "Warning") {
			t.Errorf("not the oldest, or not without a word:\n%s", output)
		}
		all := sandbox.Images()
		sandbox.SetImages(nil)
		output = first.plan(1)
		if !strings.Contains(output, "Error: Invalid index") || strings.Contains(output, "^pytorch") {
			t.Errorf("images[0] of none says:\n%s", output)
		}

		sandbox.SetImages(all)
		one := newWorkingDir(t, sandbox, `
data "pai_image" "pytorch" {
  official   = true
  framework  = "PyTorch"
  name_regex = "^pytorch:2\\."
}
`)
		wantOutput(t, one.plan(1),
			"Error: More than one image matches", chosenTag, "2.1-gpu-py311-cu118-ubuntu22.04")
	})
}

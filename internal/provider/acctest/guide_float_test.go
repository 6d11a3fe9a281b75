package acctest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// oldestTag is the tag of the oldest image of PyTorch 2 in the default catalogue.
const oldestTag = "2.1-gpu-py311-cu118-ubuntu22.04"

func guideFloat(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "float")

	t.Run("new releases", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		dir.apply()
		dir.plan(0)
		sandbox.Put(pytorchImage("2.11.0rc1-gpu-py312-cu130-ubuntu24.04-0ddba115-1769000000"))
		dir.plan(0)

		sandbox.Put(pytorchImage(releaseTag))
		output := dir.plan(2)
		page.wantQuote(t, "terraform_data.training_job will be updated in-place", output)
		wantOutput(t, output, firstTag, releaseTag)
		wantNotPlanned(t, output, "terraform_data.careful_job")

		// A change of the command also changes the image.
		before := dir.edit("main.tf", `"python train.py"`, `"python train.py --epochs 3"`)
		wantOutput(t, dir.plan(2), "--epochs 3", releaseTag)
		dir.write("main.tf", before)

		// A saved plan keeps the image that it showed.
		dir.run("plan", "-input=false", "-out=plan.tfplan")
		later := strings.Replace(releaseTag, "2.10.1", "2.10.2", 1)
		sandbox.Put(pytorchImage(later))
		dir.run("apply", "-input=false", "plan.tfplan")
		wantOutput(t, dir.plan(2), releaseTag+`" -> "`+pytorchRepository+later)

		// If the image is no longer listed, the plan selects the highest version that is listed.
		sandbox.Remove(pytorchImage(later).ImageID.Or(""))
		dir.plan(0)
		sandbox.Remove(pytorchImage(releaseTag).ImageID.Or(""))
		wantOutput(t, dir.plan(2), releaseTag+`" -> "`+pytorchRepository+firstTag)
		sandbox.SetImages(slices.DeleteFunc(sandbox.Images(), func(i paisandbox.Image) bool {
			return strings.HasPrefix(i.Name.Or(""), "pytorch:") && strings.Contains(i.Name.Or(""), "-py312-")
		}))
		wantOutput(t, dir.plan(1), "Error: No image matches", "Removing `name_regex = \"-py312-\"`")
	})

	t.Run("only patch releases", func(t *testing.T) {
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

	t.Run("only rebuilds", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		sandbox.Put(pytorchImage(releaseTag))
		dir.apply()

		// These images are newer, but they are other variants, not rebuilds of the selected variant.
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

		// A rebuild of version 2.9.1 doesn't change the job that uses the highest version.
		sandbox.Put(pytorchImage(rebuiltTag))
		output := dir.plan(2)
		page.wantQuote(t, "terraform_data.careful_job will be updated in-place", output)
		wantNotPlanned(t, output, "terraform_data.training_job")

		// The most recent image doesn't have the highest version.
		dir.edit("main.tf", "latest_version = true", "most_recent = true")
		wantOutput(t, dir.plan(2), releaseTag+`" -> "`+pytorchRepository+rebuiltTag)
	})

	t.Run("releases that stop the plan", func(t *testing.T) {
		t.Parallel()
		guideFloatErrors(t)
	})

	t.Run("other publishers", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		sandbox.Put(otherAccountImage(rebuiltTag), otherAccountImage(highestTag))
		if output := dir.apply(); strings.Contains(output, "Warning") || strings.Contains(output, "stranger") {
			t.Errorf("apply with official = true printed a warning or selected another publisher's image:\n%s", output)
		}
		dir.edit("rebuilds.tf", "official    = true", "")
		output := dir.plan(2)
		page.wantQuote(t, "Warning: ", output)
		wantOutput(t, output, firstTag, "stranger/pytorch:"+rebuiltTag)
		dir.apply()
		page.wantQuote(t, "Warning: ", dir.plan(0))

		dir.edit("main.tf", "official       = true", "# official       = true")
		wantOutput(t, dir.plan(1), "Error: Versions of several repositories", "  stranger/pytorch  ", "  pai/pytorch  ")
		dir.edit("main.tf", `"pytorch" #`, `"stranger/pytorch" #`)
		wantOutput(t, dir.plan(2), "on main.tf", "Warning: ", "stranger/pytorch:"+highestTag)
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "float", sandbox)
		dir.apply()
		dir.edit("main.tf", "latest_version = true\n",
			"latest_version = true\n  depends_on = [terraform_data.careful_job]\n")
		dir.plan(0)
		sandbox.Put(pytorchImage(rebuiltTag))
		page.wantQuote(t, "(depends on a resource or a module with changes pending)", dir.plan(2))
	})

	t.Run("depends_on of a module", func(t *testing.T) {
		t.Parallel()
		dir := newWorkingDir(t, startHangzhou(t), "")
		if err := os.Mkdir(filepath.Join(dir.path, "image"), 0o700); err != nil {
			t.Fatal(err)
		}
		dir.write("image/main.tf", requiredProviders+`
data "pai_image" "pytorch" {
  official    = true
  name_regex  = "^pytorch:"
  most_recent = true
}

output "uri" {
  value = data.pai_image.pytorch.image_uri
}
`)
		dir.write("main.tf", `
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
		dir.init()
		wantOutput(t, dir.plan(2), "(depends on a resource or a module with changes pending)", "+ uri = (known after apply)")
	})

	t.Run("without framework", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "float", startHangzhou(t))
		dir.edit("main.tf", `framework      = "PyTorch"`, "")
		wantOutput(t, dir.plan(2), firstTag)
	})

	t.Run("index 0 of a list", func(t *testing.T) {
		t.Parallel()
		const filters = `
  official   = true
  chip_type  = "GPU"
  framework  = "PyTorch"
  name_regex = "^pytorch:2\\."
`
		sandbox := startHangzhou(t)
		list := newWorkingDir(t, sandbox, `
data "pai_images" "pytorch" {`+filters+`}

output "first" {
  value = data.pai_images.pytorch.images[0].image_uri
}
`)
		output := list.plan(2)
		wantOutput(t, output, pytorchRepository+oldestTag)
		if strings.Contains(output, "Warning") {
			t.Errorf("plan printed a warning:\n%s", output)
		}
		all := sandbox.Images()
		sandbox.SetImages(nil)
		output = list.plan(1)
		wantOutput(t, output, "Error: Invalid index")
		if strings.Contains(output, "^pytorch") {
			t.Errorf("error of images[0] shows the filters:\n%s", output)
		}

		sandbox.SetImages(all)
		one := newWorkingDir(t, sandbox, `data "pai_image" "pytorch" {`+filters+`}`)
		wantOutput(t, one.plan(1), "Error: More than one image matches", firstTag, oldestTag)
	})
}

// wantNotPlanned fails the test if the plan changes the resource.
func wantNotPlanned(t *testing.T, output, address string) {
	t.Helper()
	if strings.Contains(output, "# "+address) {
		t.Errorf("plan changes %s:\n%s", address, output)
	}
}

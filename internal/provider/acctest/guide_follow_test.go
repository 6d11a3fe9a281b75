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

// carefulJob is a job that uses the guide's lookup of rebuilds.
const carefulJob = `
resource "terraform_data" "careful_job" {
  input = data.pai_image.pytorch_variant.image_uri
}
`

// guideFollow checks what each plan of a job that follows the newest match shows, and the script for CI.
func guideFollow(t *testing.T, page *guidePage) {
	t.Helper()

	t.Run("new releases", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "follow.tf")
		dir.runScript(2, "follow.sh")
		dir.apply()
		dir.runScript(0, "follow.sh")
		sandbox.Put(pytorchImage("2.11.0rc1-gpu-py312-cu130-ubuntu24.04-0ddba115-1769000000"))
		sandbox.Put(pytorchImage(strings.Replace(releaseTag, "py312", "py313", 1)))
		dir.plan(0)

		sandbox.Put(pytorchImage(releaseTag))
		wantOutput(t, dir.runScript(2, "follow.sh"), releaseTag)
		wantOutput(t, dir.plan(2), "terraform_data.training_job will be updated in-place",
			firstTag+`" -> "`+pytorchRepository+releaseTag)

		// A change of the command also changes the image.
		before := dir.edit("follow.tf", `"python train.py"`, `"python train.py --epochs 3"`)
		wantOutput(t, dir.plan(2), "--epochs 3", releaseTag)
		dir.write("follow.tf", before)

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
		dir.runScript(1, "follow.sh")
		wantOutput(t, dir.plan(1), "Error: No image matches", "Removing `name_regex = \"-py312-\"`")
	})

	t.Run("only patch releases", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "follow.tf")
		dir.edit("lookup.tf", `"~> 2.9"`, `"~> 2.9.0"`)
		dir.apply()
		sandbox.Put(pytorchImage(releaseTag))
		dir.plan(0)
		sandbox.Put(pytorchImage(strings.Replace(releaseTag, "2.10.1", "2.9.2", 1)))
		wantOutput(t, dir.plan(2), "# terraform_data.training_job will be updated", "pytorch:2.9.2-")
	})

	t.Run("only rebuilds", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "follow.tf", "rebuilds.tf")
		dir.write("careful.tf", carefulJob)
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
		wantOutput(t, output, "terraform_data.careful_job will be updated in-place",
			firstTag+`" -> "`+pytorchRepository+rebuiltTag)
		wantNotPlanned(t, output, "terraform_data.training_job")

		// The most recent image doesn't have the highest version.
		dir.edit("lookup.tf", "latest_version = true", "most_recent = true")
		wantOutput(t, dir.plan(2), releaseTag+`" -> "`+pytorchRepository+rebuiltTag)
	})

	t.Run("releases that stop the plan", func(t *testing.T) {
		t.Parallel()
		guideFollowErrors(t)
	})

	t.Run("other publishers", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "follow.tf", "rebuilds.tf")
		dir.write("careful.tf", carefulJob)
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

		dir.edit("lookup.tf", "official       = true", "# official       = true")
		wantOutput(t, dir.plan(1), "Error: Versions of several repositories", "  stranger/pytorch  ", "  pai/pytorch  ")
		dir.edit("lookup.tf", `"pytorch" #`, `"stranger/pytorch" #`)
		wantOutput(t, dir.plan(2), "on lookup.tf", "Warning: ", "stranger/pytorch:"+highestTag)
	})

	t.Run("depends_on", func(t *testing.T) {
		t.Parallel()
		dir := newPinOrFollowDir(t, startHangzhou(t), "lookup.tf", "follow.tf")
		dir.write("other.tf", otherResource)
		dir.edit("lookup.tf", "latest_version = true\n", "latest_version = true\n  depends_on = [terraform_data.other]\n")
		dir.apply()
		dir.plan(0)
		dir.edit("other.tf", "= 1", "= 2")
		wantOutput(t, dir.plan(2), "# data.pai_image.pytorch will be read during apply",
			"(depends on a resource or a module with changes pending)", firstTag+`" -> (known after apply)`)
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
		dir := newPinOrFollowDir(t, startHangzhou(t), "lookup.tf", "follow.tf")
		dir.edit("lookup.tf", `framework      = "PyTorch"`, "")
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

// otherResource is a resource on which a test makes a lookup depend.
const otherResource = `
resource "terraform_data" "other" {
  input = 1
}
`

// wantNotPlanned fails the test if the plan changes the resource.
func wantNotPlanned(t *testing.T, output, address string) {
	t.Helper()
	if strings.Contains(output, "# "+address) {
		t.Errorf("plan changes %s:\n%s", address, output)
	}
}

// guideFollowErrors checks the guide's table of new releases that stop the plan: the error of each row, and the
// argument that prevents it.
func guideFollowErrors(t *testing.T) {
	t.Helper()
	const (
		repository  = `repository     = "pytorch"`
		version     = `version        = "~> 2.9"`
		nameRegex   = `name_regex     = "-py312-"`
		calendarTag = "26.07-gpu-py312-cu130-ubuntu24.04-0ddba115-1768900000"
	)
	sandbox := startHangzhou(t)
	all := sandbox.Images()
	dir := newPinOrFollowDir(t, sandbox, "lookup.tf", "follow.tf")

	sandbox.Put(pytorchImage("2.9.1-gpu-py312-cu131-ubuntu24.04-0ddba115-1768900000"))
	wantOutput(t, dir.plan(1), "Error: Several variants of the highest version")
	before := dir.edit("lookup.tf", nameRegex, `name_regex     = "-py312-cu130-ubuntu24\\.04-[0-9a-f]{8}-"`)
	wantOutput(t, dir.plan(2), firstTag)
	dir.write("lookup.tf", before)
	dir.edit("lookup.tf", "latest_version = true", "latest_version = true\n  most_recent = true")
	wantOutput(t, dir.plan(2), "2.9.1-gpu-py312-cu131-")

	sandbox.SetImages(all)
	sandbox.Put(pytorchImage(firstTag).With(func(i *paisandbox.Image) {
		i.ImageID = paisandbox.Value("image-0000000000000001")
		i.ImageURI = paisandbox.Value(strings.Replace(i.ImageURI.Or(""), "/pytorch:", "/training:", 1))
	}))
	dir.write("lookup.tf", strings.Replace(before, repository, "", 1))
	wantOutput(t, dir.plan(1), "Error: Versions of several repositories")
	dir.write("lookup.tf", before)
	wantOutput(t, dir.plan(2), "/pytorch:"+firstTag)

	sandbox.SetImages(all)
	sandbox.Put(pytorchImage(calendarTag))
	dir.write("lookup.tf", strings.Replace(before, version, `version        = ">= 2.9"`, 1))
	wantOutput(t, dir.plan(1), "Error: Versions of two numbering schemes")
	dir.write("lookup.tf", before)
	wantOutput(t, dir.plan(2), firstTag)

	// Only the pre-release of 2.10.0 is still listed.
	sandbox.SetImages(slices.DeleteFunc(all, func(i paisandbox.Image) bool {
		name := i.Name.Or("")
		return strings.Contains(name, "pytorch:2") && strings.Contains(name, "-py312-") && !strings.Contains(name, "rc1-")
	}))
	wantOutput(t, dir.plan(1), "Error: No image matches", ">= 2.10.0-rc1")
	dir.write("lookup.tf", strings.Replace(before, version, "", 1))
	wantOutput(t, dir.plan(1), "Error: Only pre-releases match", ">= 2.10.0-rc1")
}

package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

func guideTerraformTest(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "terraform-test")
	sandbox := providertest.Start(t, paisandbox.Options{})
	dir := newGuideDir(t, "terraform-test", sandbox)
	needsFunctionsInTests(t)
	// The tests run without credentials, without a region and without network access.
	dir.env = []string{"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1"}
	dir.init()
	page.wantQuote(t, "Success! 5", dir.run("test", "-no-color"))
	testManyMocks(t, page, sandbox)

	const jobFile, rejectedFile = "tests/job.tftest.hcl", "tests/rejected.tftest.hcl"
	// testEdited edits a test file, runs its tests, and restores the file. The CLI must exit with the status. testEdited
	// returns the output.
	testEdited := func(status int, file, old, replacement string) string {
		before := dir.edit(file, old, replacement)
		defer dir.write(file, before)
		return dir.runStatus(status, "test", "-no-color", "-filter="+file)
	}

	// A mock generates an image_uri that is not a URI, and generates no labels.
	output := testEdited(1, rejectedFile,
		"run \"a_mock_alone_is_rejected\" {\n  command = plan\n\n  expect_failures = [terraform_data.job]\n",
		"run \"a_mock_alone_is_rejected\" {\n  command = plan\n")
	page.wantQuote(t, "no chip", output)
	if !regexp.MustCompile(`its image is [A-Za-z0-9]+\.\n`).MatchString(output) {
		t.Errorf("the mock's URI is not one word of letters and digits:\n%s", output)
	}
	wantOutput(t, output, "1 passed, 1 failed.")

	// The module's preconditions detect a wrong override.
	wantOutput(t, testEdited(1, jobFile, `"system.chipType"          = "GPU"`, `"system.chipType" = "CPU"`),
		`run "the_job_uses_the_image"... fail`, "made for CPU", "ecs.gn7i-c8g1.2xlarge has GPU")
	wantOutput(t, testEdited(1, jobFile, "dsw-registry-vpc.cn-hangzhou.", "dsw-registry-vpc.cn-shanghai."),
		`run "the_job_uses_the_image"... fail`, "The job is in cn-hangzhou", "\ndsw-registry-vpc.cn-shanghai.")
	// expect_failures accepts the failure of both preconditions.
	wantOutput(t, testEdited(0, rejectedFile, "cn-hangzhou", "cn-shanghai"), "2 passed, 0 failed.")

	// The mocked provider still validates the arguments, and an assertion can read them.
	wantOutput(t, testEdited(1, jobFile, `framework_version = "~> 2.11"`, `framework_version = "newest"`),
		"Error: Invalid value for version")
	wantOutput(t, testEdited(1, jobFile, `framework_version = "~> 2.11"`, `framework_version = "~> 2.12"`),
		"The lookup has the filters TensorFlow ~> 2.12.")

	// With depends_on, the image is unknown in the plan, so the preconditions can't fail.
	before := dir.edit("main.tf", "latest_version = true", "latest_version = true\n"+
		"  depends_on = [terraform_data.before]\n}\n\nresource \"terraform_data\" \"before\" {")
	wantOutput(t, dir.runStatus(1, "test", "-no-color", "-filter="+rejectedFile),
		`run "an_image_for_another_chip_is_rejected"... fail`, "Error: Missing expected failure")
	dir.write("main.tf", before)

	// Terraform and OpenTofu behave differently in three cases: an override sets an attribute that doesn't exist, two
	// overrides have the same target, and a mock provider has a folder of mocks.
	const override = "override_data {\n  target = data.pai_image.this\n" +
		"  values = { label_map = { \"system.chipType\" = \"PPU\" } }\n}\n"
	const machineRun = "run \"a_machine_without_the_chip_is_rejected\" {\n"
	if err := os.Mkdir(filepath.Join(dir.path, "mocks"), 0o700); err != nil {
		t.Fatal(err)
	}
	dir.write("mocks/pai.tfmock.hcl", override)
	openTofu := mustReadCLIVersion(t).product == "OpenTofu"
	status := 0
	if openTofu {
		status = 1
	}
	unknownAttribute := testEdited(status, jobFile, "matched_count = 1", "matches = 1")
	twoOverrides := testEdited(0, jobFile, machineRun, machineRun+override)
	mockFolder := testEdited(status, jobFile, "mock_provider \"pai\" {}",
		"mock_provider \"pai\" {\n  source = \"./mocks\"\n}")
	if openTofu {
		wantOutput(t, unknownAttribute, "Error: Invalid override for block field `matches`")
		wantOutput(t, twoOverrides, "Warning: Multiple `override_data` blocks for the same address")
		wantOutput(t, mockFolder, "An argument named \"source\" is not expected here.")
	} else if strings.Contains(twoOverrides, "Warning") {
		t.Errorf("Terraform printed a warning for two overrides:\n%s", twoOverrides)
	}

	// Without the mock, the real provider runs. If overrides replace all lookups, it needs neither a region nor
	// credentials.
	wantOutput(t, testEdited(0, jobFile, "mock_provider", "provider"), "3 passed, 0 failed.")
	wantOutput(t, testEdited(1, rejectedFile, "mock_provider", "provider"), "Error: Missing region")

	if requests := sandbox.Requests(); len(requests) != 0 {
		t.Errorf("the tests sent %d requests, want 0", len(requests))
	}
}

// testManyMocks runs the guide's tests of modules, for_each and lists. It checks the rows of the guide's table about
// them.
func testManyMocks(t *testing.T, page *guidePage, sandbox *paisandbox.Sandbox) {
	t.Helper()
	dir := newGuideDir(t, "terraform-test/many", sandbox)
	dir.env = []string{"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1"}
	page.wantQuote(t, "Success! 2", dir.run("test", "-no-color"))
	const file, key = "tests/many.tftest.hcl", `data.pai_image.pytorch["cn-hangzhou"]`
	openTofu := mustReadCLIVersion(t).product == "OpenTofu"
	// test replaces a text of the test file. The result must contain the text for the CLI.
	test := func(old, replacement, terraform, tofu string) {
		before := dir.edit(file, old, replacement)
		defer dir.write(file, before)
		output, err := runCLI(t, dir.path, dir.env, "init", "-no-color")
		if err == nil {
			output, _ = runCLI(t, dir.path, dir.env, "test", "-no-color")
		}
		if openTofu {
			wantOutput(t, output, tofu)
		} else {
			wantOutput(t, output, terraform)
		}
	}
	const images = "override_data {\n  target = module.vllm.data.pai_images.vllm\n  values = {\n    images = [\n"
	test("override_module {\n  target = module.vllm\n  outputs = {\n    images = [\n", images,
		"Error: Failed to compute attribute", `"label_map"`)
	test("defaults = {", "defaults = {\n      label_list = [{ key = \"a\", value = \"b\" }]",
		"Error: Failed to compute attribute", "Success!")
	override := func(target string) string {
		return "override_data {\n  target = " + target + "\n  values = { image_uri = \"pai/other:1\" }\n}\n\nrun \"each"
	}
	test(`run "each`, override(key), `{"ap-southeast-1":"pytorch","cn-hangzhou":"other","cn-shanghai":"pytorch"}`,
		"Error: Resource instance address with keys is not allowed")
	test("length(output.image_uris) == 3",
		`provider::pai::parse_image_uri(output.image_uris["cn-hangzhou"]).repository == "pytorch"`,
		"Success!", "OPENTOFU CRASH")
	const mock = `mock_provider "pai" {`
	test(mock, mock+"\n  alias    = \"by_region\"\n  for_each = toset([\"cn-hangzhou\"])\n}\n\n"+mock,
		"Error: Unsupported argument", "Success!")
	testMockedModules(t, sandbox, openTofu)
}

// testMockedModules overrides a data source in a module with for_each. Without a key in the target, Terraform ignores
// the override.
func testMockedModules(t *testing.T, sandbox *paisandbox.Sandbox, openTofu bool) {
	t.Helper()
	dir := newWorkingDir(t, sandbox, "")
	dir.write("main.tf", requiredProviders+`
module "job" {
  source   = "./job"
  for_each = toset(["a"])
}

output "image_uri" {
  value = module.job["a"].image_uri
}
`)
	for _, folder := range []string{"job", "tests"} {
		if err := os.Mkdir(filepath.Join(dir.path, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	dir.write("job/main.tf", requiredProviders+`
data "pai_image" "this" {
  official = true
}

output "image_uri" {
  value = data.pai_image.this.image_uri
}
`)
	dir.write("tests/job.tftest.hcl", `
mock_provider "pai" {}

override_data {
  target = module.job.data.pai_image.this
  values = { image_uri = "pai/x" }
}

run "job" {
  command = plan
  assert {
    condition     = output.image_uri == "pai/x"
    error_message = "The override is ignored."
  }
}
`)
	dir.init()
	if openTofu {
		wantOutput(t, dir.run("test", "-no-color"), "1 passed, 0 failed.")
	} else {
		wantOutput(t, dir.runStatus(1, "test", "-no-color"), "The override is ignored.")
	}
}

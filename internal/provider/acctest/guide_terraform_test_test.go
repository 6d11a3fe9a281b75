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
	needsAliasesInFunctions(t)
	// No account, no region, and no way out to the network.
	dir.env = []string{"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1"}
	dir.run("init", "-no-color", "-input=false")
	page.quotes(t, "Success!", dir.run("test", "-no-color"))

	const job, refused = "tests/job.tftest.hcl", "tests/refused.tftest.hcl"
	// with runs a file of tests after a change to it, which is then taken back.
	with := func(status int, file, old, changed string) string {
		written := dir.edit(file, old, changed)
		defer dir.write(file, written)
		return dir.runStatus(status, "test", "-no-color", "-filter="+file)
	}

	// What a mock invents is no URI, and it has no labels.
	printed := with(1, refused, "run \"a_mock_alone_is_refused\" {\n  command = plan\n\n  expect_failures = [terraform_data.job]\n",
		"run \"a_mock_alone_is_refused\" {\n  command = plan\n")
	page.quotes(t, "made for no chip", printed)
	if !regexp.MustCompile(`its image is [A-Za-z0-9]+\.\n`).MatchString(printed) {
		t.Errorf("the mock invents something else:\n%s", printed)
	}
	wantOutput(t, printed, "1 passed, 1 failed.")

	// A wrong override is caught by the module's preconditions.
	wantOutput(t, with(1, job, `"system.chipType"          = "GPU"`, `"system.chipType" = "CPU"`),
		`run "the_job_takes_the_image"... fail`, "The image is made for CPU, and ecs.gn7i-c8g1.2xlarge has GPU.")
	wantOutput(t, with(1, job, "dsw-registry-vpc.cn-hangzhou.", "dsw-registry-vpc.cn-shanghai."),
		`run "the_job_takes_the_image"... fail`, "The job is in cn-hangzhou, and its image is\ndsw-registry-vpc.cn-shanghai.")
	// One of the preconditions is as good as another, and both as one.
	wantOutput(t, with(0, refused, "cn-hangzhou", "cn-shanghai"), "2 passed, 0 failed.")

	// Arguments are checked as without a mock, and an assertion on them can fail.
	wantOutput(t, with(1, job, `framework_version = "~> 2.11"`, `framework_version = "newest"`), "Error: Invalid value for version")
	wantOutput(t, with(1, job, `framework_version = "~> 2.11"`, `framework_version = "~> 2.12"`), "The lookup has the filters TensorFlow ~> 2.12.")

	// With depends_on, a plan has no image to refuse.
	written := dir.edit("main.tf", "latest_version = true", "latest_version = true\n  depends_on = [terraform_data.before]\n}\n\n"+
		"resource \"terraform_data\" \"before\" {")
	wantOutput(t, dir.runStatus(1, "test", "-no-color", "-filter="+refused),
		`run "an_image_for_another_chip_is_refused"... fail`, "Error: Missing expected failure")
	dir.write("main.tf", written)

	// Where the engines differ: a slip in an override, two overrides of one lookup, a folder of mocks.
	const image = "override_data {\n  target = data.pai_image.this\n  values = { label_map = { \"system.chipType\" = \"PPU\" } }\n}\n"
	const machine = "run \"a_machine_without_the_chip_is_refused\" {\n"
	if err := os.Mkdir(filepath.Join(dir.path, "mocks"), 0o700); err != nil {
		t.Fatal(err)
	}
	dir.write("mocks/pai.tfmock.hcl", image)
	openTofu, status := strings.HasPrefix(dir.run("version"), "OpenTofu"), 0
	if openTofu {
		status = 1
	}
	slip := with(status, job, "matched_count = 1", "matches = 1")
	twice := with(0, job, machine, machine+image)
	mocks := with(status, job, "mock_provider \"pai\" {}", "mock_provider \"pai\" {\n  source = \"./mocks\"\n}")
	if openTofu {
		wantOutput(t, slip, "Error: Invalid override for block field `matches`")
		wantOutput(t, twice, "Warning: Multiple `override_data` blocks for the same address")
		wantOutput(t, mocks, "An argument named \"source\" is not expected here.")
	} else if strings.Contains(twice, "Warning") {
		t.Errorf("it warns of two overrides:\n%s", twice)
	}

	// Without the mock it is the provider itself that runs.
	wantOutput(t, with(1, job, "mock_provider", "provider"), "Error: Missing region")

	if requests := sandbox.Requests(); len(requests) != 0 {
		t.Errorf("%d requests", len(requests))
	}
}

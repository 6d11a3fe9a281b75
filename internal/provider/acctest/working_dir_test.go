package acctest

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// workingDir is a folder with a configuration, in which a test runs the CLI.
type workingDir struct {
	t    *testing.T
	path string
	env  []string
}

// newWorkingDir writes a configuration to a new folder and runs init there. The provider sends its requests to the
// sandbox.
func newWorkingDir(t *testing.T, sandbox *paisandbox.Sandbox, configuration string) *workingDir {
	t.Helper()
	dir := &workingDir{t: t, path: t.TempDir(), env: sandbox.Environ()}
	dir.write("main.tf", requiredProviders+configuration)
	dir.init()
	return dir
}

// newGuideDir copies a folder under examples/guides to a new folder and runs init there. The provider sends its
// requests to the sandbox.
func newGuideDir(t *testing.T, name string, sandbox *paisandbox.Sandbox) *workingDir {
	t.Helper()
	dir := &workingDir{t: t, path: t.TempDir(), env: sandbox.Environ()}
	copyFiles(t, dir.path, filepath.Join(root, "examples", "guides", name))
	dir.needsRequiredVersion()
	dir.init()
	return dir
}

// run runs the CLI and returns its output. The CLI must succeed.
func (d *workingDir) run(args ...string) string {
	d.t.Helper()
	return d.runStatus(0, args...)
}

// runStatus runs the CLI and returns its output. The CLI must exit with the status want.
func (d *workingDir) runStatus(want int, args ...string) string {
	d.t.Helper()
	output, err := runCLI(d.t, d.path, d.env, args...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		d.t.Fatal(err)
	}
	if got != want {
		d.t.Fatalf("%s: exit status %d, want %d\n%s", strings.Join(args, " "), got, want, output)
	}
	return output
}

// runScript runs a shell script of the folder and returns its output. Its command terraform is the CLI. The script must
// exit with the status want.
func (d *workingDir) runScript(want int, file string) string {
	d.t.Helper()
	home, err := installProvider()
	if err != nil {
		d.t.Fatal(err)
	}
	programs := d.t.TempDir()
	if err := os.Symlink(os.Getenv("TF_ACC_TERRAFORM_PATH"), filepath.Join(programs, "terraform")); err != nil {
		d.t.Fatal(err)
	}
	command := exec.CommandContext(d.t.Context(), "sh", "-eu", file)
	command.Dir = d.path
	command.Env = slices.Concat([]string{
		"PATH=" + programs + ":" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1", "TF_INPUT=0",
		"TF_CLI_ARGS=-no-color", "TF_CLI_ARGS_apply=-auto-approve", "TF_CLI_ARGS_destroy=-auto-approve",
	}, d.env)
	output, err := command.CombinedOutput()
	if got := command.ProcessState.ExitCode(); got != want {
		d.t.Fatalf("%s: exit status %d, want %d (%v)\n%s", file, got, want, err, output)
	}
	return string(output)
}

// init runs init and returns its output.
func (d *workingDir) init() string {
	d.t.Helper()
	return d.run("init", "-no-color", "-input=false")
}

// plan runs plan without prompts and returns its output. The CLI must exit with the status: 0 for no changes, 1 for an
// error, 2 for changes.
func (d *workingDir) plan(status int, args ...string) string {
	d.t.Helper()
	return d.runStatus(status, append([]string{"plan", "-no-color", "-input=false", "-detailed-exitcode"}, args...)...)
}

// showPlan saves a plan and returns it as JSON.
func (d *workingDir) showPlan() string {
	d.t.Helper()
	d.run("plan", "-input=false", "-out=plan.tfplan")
	return d.run("show", "-json", "plan.tfplan")
}

// plannedOutputs plans, and returns the values of the outputs, and the warnings. If the plan fails, it reports each
// error and returns nil.
func (d *workingDir) plannedOutputs() (map[string]any, []cliDiagnostic) {
	d.t.Helper()
	output, err := runCLI(d.t, d.path, d.env, "plan", "-json", "-input=false", "-out=plan.tfplan")
	diagnostics := decodeDiagnostics(d.t, output)
	if err != nil {
		for _, diagnostic := range diagnostics {
			d.t.Errorf("%s: %s\n%s", diagnostic.Address, diagnostic.Summary, diagnostic.Detail)
		}
		return nil, nil
	}
	var plan struct {
		PlannedValues struct {
			Outputs map[string]struct{ Value any }
		} `json:"planned_values"`
	}
	if err := json.Unmarshal([]byte(d.run("show", "-json", "plan.tfplan")), &plan); err != nil {
		d.t.Fatal(err)
	}
	values := make(map[string]any)
	for name, output := range plan.PlannedValues.Outputs {
		values[name] = output.Value
	}
	return values, diagnostics
}

// apply runs apply without a prompt and returns its output.
func (d *workingDir) apply() string {
	d.t.Helper()
	return d.run("apply", "-no-color", "-input=false", "-auto-approve")
}

// output returns the value of a string output.
func (d *workingDir) output(name string) string {
	d.t.Helper()
	return d.run("output", "-raw", name)
}

// write creates or replaces a file.
func (d *workingDir) write(file, content string) {
	d.t.Helper()
	writeFile(d.t, filepath.Join(d.path, file), content)
}

// remove removes a file or a folder.
func (d *workingDir) remove(name string) {
	d.t.Helper()
	if err := os.RemoveAll(filepath.Join(d.path, name)); err != nil {
		d.t.Fatal(err)
	}
}

// cut removes a file and returns its content.
func (d *workingDir) cut(file string) string {
	d.t.Helper()
	content := readFile(d.t, filepath.Join(d.path, file))
	d.remove(file)
	return content
}

// edit replaces every occurrence of old in a file, which must contain it. It returns the previous content of the file.
func (d *workingDir) edit(file, old, replacement string) string {
	d.t.Helper()
	content := readFile(d.t, filepath.Join(d.path, file))
	if !strings.Contains(content, old) {
		d.t.Fatalf("%s lacks %q", file, old)
	}
	d.write(file, strings.ReplaceAll(content, old, replacement))
	return content
}

// needsRequiredVersion skips the test if main.tf requires a newer CLI. Before that, it checks that init reports the
// required version.
func (d *workingDir) needsRequiredVersion() {
	d.t.Helper()
	content := readFile(d.t, filepath.Join(d.path, "main.tf"))
	match := regexp.MustCompile(`required_version = ">= (\S+)"`).FindStringSubmatch(content)
	if match == nil || !mustReadCLIVersion(d.t).before(match[1]) {
		return
	}
	wantOutput(d.t, d.runStatus(1, "init", "-no-color", "-input=false"), "Core version", match[0])
	d.t.Skip("the guide needs version " + match[1])
}

// checkStatus returns the part of a plan in JSON that contains the status of the check.
func checkStatus(check, status string) string {
	return `"to_display":"` + check + `"},"status":"` + status + `"`
}

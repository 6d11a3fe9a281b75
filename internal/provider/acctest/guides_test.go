package acctest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// guides are the guides by the name of their folder under examples/guides, each with the test that runs what it shows.
var guides = map[string]func(*testing.T){
	"alicloud":       guideAlicloud,
	"choose-once":    guideChooseOnce,
	"float":          guideFloat,
	"many-regions":   guideManyRegions,
	"pin":            guidePin,
	"sign-in":        guideSignIn,
	"terraform-test": guideTerraformTest,
}

// TestAccGuides runs every guide as it is written.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, run := range guides {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t)
		})
	}
}

// TestEveryGuideIsRun: a guide has its page, its HCL and its test.
func TestEveryGuideIsRun(t *testing.T) {
	t.Parallel()
	for pattern, suffix := range map[string]string{"/examples/guides/*": "", "/templates/guides/*.md.tmpl": ".md.tmpl"} {
		paths, err := filepath.Glob(root + pattern)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, path := range paths {
			names = append(names, strings.TrimSuffix(filepath.Base(path), suffix))
		}
		for name := range guides {
			if !slices.Contains(names, name) {
				t.Errorf("%s lacks %s", pattern, name)
			}
		}
		if len(names) != len(guides) {
			t.Errorf("%s has %v", pattern, names)
		}
	}
}

// workingDir is a copy of a guide's folder, in which the real CLI runs as a user would run it.
type workingDir struct {
	t    *testing.T
	path string
	env  []string
}

// newGuideDir copies a guide's folder and runs init in it. Images come from the sandbox.
func newGuideDir(t *testing.T, name string, sandbox *paisandbox.Sandbox) *workingDir {
	t.Helper()
	dir := &workingDir{t: t, path: t.TempDir(), env: sandbox.Environ()}
	if err := os.CopyFS(dir.path, os.DirFS(filepath.Join(root, "examples", "guides", name))); err != nil {
		t.Fatal(err)
	}
	dir.needsItsVersion()
	dir.run("init", "-no-color", "-input=false")
	return dir
}

// run runs the CLI, which must succeed, and gives what it printed.
func (d *workingDir) run(arguments ...string) string {
	d.t.Helper()
	return d.runStatus(0, arguments...)
}

// runStatus runs the CLI, which must exit with the status, and gives what it printed.
func (d *workingDir) runStatus(status int, arguments ...string) string {
	d.t.Helper()
	output, err := runCLI(d.t, d.path, d.env, arguments...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		d.t.Fatal(err)
	}
	if got != status {
		d.t.Fatalf("%s: exit status %d instead of %d\n%s", strings.Join(arguments, " "), got, status, output)
	}
	return output
}

// plan is what CI runs: it must exit with the status, 0 for no change and 2 for one. It gives what was printed.
func (d *workingDir) plan(status int, arguments ...string) string {
	d.t.Helper()
	return d.runStatus(status, append([]string{"plan", "-no-color", "-input=false", "-detailed-exitcode"}, arguments...)...)
}

// apply runs apply without asking.
func (d *workingDir) apply(arguments ...string) string {
	d.t.Helper()
	return d.run(append([]string{"apply", "-no-color", "-input=false", "-auto-approve"}, arguments...)...)
}

// output is the value of an output of text.
func (d *workingDir) output(name string) string {
	d.t.Helper()
	return d.run("output", "-raw", name)
}

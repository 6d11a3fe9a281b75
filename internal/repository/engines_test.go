package repository

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/build"
)

// TestLowestEngines checks that documents and examples require the lowest versions of Terraform and OpenTofu that the
// tests use. The modules tools/*-lowest pin these versions.
func TestLowestEngines(t *testing.T) {
	t.Parallel()
	terraform := pinnedVersion(t, "terraform-lowest", "github.com/hashicorp/terraform")
	tofu := pinnedVersion(t, "tofu-lowest", "github.com/opentofu/opentofu")
	requirement := fmt.Sprintf("Terraform %s or later, or OpenTofu %s or later",
		minorVersion(terraform), minorVersion(tofu))
	for _, document := range []string{"README.md", "CONTRIBUTING.md", "templates/index.md.tmpl", "docs/index.md"} {
		if content := strings.Join(strings.Fields(readFile(t, document)), " "); !strings.Contains(content, requirement) {
			t.Errorf("%s: want %q", document, requirement)
		}
	}

	requiredVersion := regexp.MustCompile(`required_version = "(.*)"`)
	err := filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".tf" {
			return err
		}
		match := requiredVersion.FindStringSubmatch(readFile(t, file))
		if match == nil {
			return nil
		}
		want := ">= " + minorVersion(terraform) // lower than the lowest version of OpenTofu
		if callsFunction(t, filepath.Dir(file)) {
			want = ">= 1.8"
		}
		if match[1] != want {
			t.Errorf("%s: got required_version %q, want %q", file, match[1], want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestExamplesHaveVersion checks that README and the examples that configure the provider, or require a version of
// Terraform, all start with the same block, except for the version of Terraform. Other examples are parts of a
// configuration, or modules that such an example calls.
func TestExamplesHaveVersion(t *testing.T) {
	t.Parallel()
	files := []string{"README.md"}
	err := filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(file) == ".tf" {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?m)^terraform \{
  required_version = ">= 1\.\d+"

  required_providers \{
    pai = \{
      source  = "` + regexp.QuoteMeta(build.Address) + `"
      version = "(.+)"
    \}
`)
	constraints := make(map[string]string) // by file
	for _, file := range files {
		content := readFile(t, file)
		if !strings.Contains(content, "\nprovider \"pai\"") && !strings.Contains(content, "required_version") ||
			!strings.Contains(content, "required_providers") {
			continue
		}
		match := block.FindStringSubmatch(content)
		if match == nil {
			t.Errorf("%s: want a block that matches\n%s", file, block)
			continue
		}
		constraints[file] = match[1]
		if match[1] != constraints["README.md"] {
			t.Errorf("%s: got version %q, but README.md has %q", file, match[1], constraints["README.md"])
		}
	}
	if len(constraints) < 2 {
		t.Fatalf("found the block only in %v, want README.md and examples", constraints)
	}
	constraint, err := version.NewConstraint(constraints["README.md"])
	if err != nil || !constraint.Check(version.Must(version.NewVersion(build.Version))) {
		t.Errorf("README.md: version %q doesn't allow %s (%v)", constraints["README.md"], build.Version, err)
	}
}

// TestWorkflowEngines checks that the matrices in test.yml contain the newest release of each minor version from the
// lowest supported one to the range in README.md, and so the minor version of each release that README.md lists as
// tested. Other jobs must set up the newest of these releases.
func TestWorkflowEngines(t *testing.T) {
	t.Parallel()
	for column, name := range map[int]string{1: "terraform", 2: "tofu"} {
		tested := strings.Split(readmeEngines(t, "all tests")[column], ", ")
		newest := slices.MaxFunc(tested, compareVersions(t))
		if pinned := pinnedVersion(t, "tofu", "github.com/opentofu/opentofu"); name == "tofu" && newest != pinned {
			t.Errorf("README.md: the newest OpenTofu is %s, but tools/tofu pins %s", newest, pinned)
		}
		lowest := pinnedVersion(t, name+"-lowest", map[string]string{
			"terraform": "github.com/hashicorp/terraform", "tofu": "github.com/opentofu/opentofu",
		}[name])
		var first, last int
		minors := readmeEngines(t, "planned: [hosted workflow]")[column]
		if _, err := fmt.Sscanf(minors, "1.%d to 1.%d", &first, &last); err != nil {
			t.Fatalf("README.md: minor versions of %s in the hosted workflow, %q: %v", name, minors, err)
		}
		if got := fmt.Sprintf("1.%d", first); got != minorVersion(lowest) {
			t.Errorf("README.md: the hosted workflow starts with %s %s, want %s", name, got, minorVersion(lowest))
		}
		want := []string{lowest}
		for minor := first + 1; minor <= last; minor++ {
			want = append(want, fmt.Sprintf("1.%d.x", minor))
		}
		want = append(want, "latest")
		for _, version := range append(tested, strings.Split(readmeEngines(t, "the function's tests")[column], ", ")...) {
			if version != lowest && !slices.Contains(want, minorVersion(version)+".x") {
				t.Errorf("README.md: %s %s is not among the minor versions %s", name, version, minors)
			}
		}
		jobs := workflowJobs(t)
		location := ".github/workflows/test.yml, job " + name
		if got := jobs[location].Strategy.Matrix.Version; !slices.Equal(got, want) {
			t.Errorf("%s: got versions %v, want %v", location, got, want)
		}
		for location, job := range jobs {
			for _, step := range job.Steps {
				v, ok := step.With[name+"_version"]
				if ok && v != newest && v != "${{ matrix.version }}" {
					t.Errorf("%s: got %s %v, want %s", location, name, v, newest)
				}
			}
		}
	}
}

// readmeEngines returns the cells of the row in README.md's table of engines whose first cell starts with a text.
func readmeEngines(t *testing.T, start string) []string {
	t.Helper()
	for line := range strings.Lines(readFile(t, "README.md")) {
		if row := strings.Split(strings.Trim(line, "| \n"), " | "); len(row) == 3 && strings.HasPrefix(row[0], start) {
			return row
		}
	}
	t.Fatalf("README.md: no row of three cells that starts with %q", start)
	return nil
}

// TestGoVersion checks that the documents require the highest Go version that any module needs. It also checks that the
// workflows set up the Go release in go.mod.
func TestGoVersion(t *testing.T) {
	t.Parallel()
	var versions []string
	for _, file := range append(glob(t, "tools/*/go.mod"), "go.mod") {
		match := regexp.MustCompile(`(?m)^go (\d+\.\d+\.\d+)$`).FindStringSubmatch(readFile(t, file))
		if match == nil {
			t.Fatalf("%s: no go directive", file)
		}
		versions = append(versions, match[1])
	}
	highest := slices.MaxFunc(versions, compareVersions(t))
	for _, document := range []string{"README.md", "CONTRIBUTING.md"} {
		if !strings.Contains(readFile(t, document), "You need Go "+highest+" or later") {
			t.Errorf("%s: want Go %s", document, highest)
		}
	}
	release := minorVersion(versions[len(versions)-1]) + ".x"
	if action := readFile(t, ".github/actions/go/action.yml"); !strings.Contains(action, "go-version: "+release+"\n") {
		t.Errorf(".github/actions/go: want go-version %s", release)
	}
}

// job is the part of a workflow's job that the tests use.
type job struct {
	Strategy struct{ Matrix struct{ Version []string } }
	Steps    []struct {
		Run  string
		With map[string]any
	}
}

// workflowJobs returns every job of every workflow, by file and job.
func workflowJobs(t *testing.T) map[string]job {
	t.Helper()
	jobs := make(map[string]job)
	for _, file := range glob(t, ".github/workflows/*.yml") {
		var workflow struct{ Jobs map[string]job }
		parseYAML(t, file, &workflow)
		for id, job := range workflow.Jobs {
			jobs[filepath.ToSlash(file)+", job "+id] = job
		}
	}
	return jobs
}

// pinnedVersion returns the version of the module that tools/TOOL/go.mod requires, without a leading v.
func pinnedVersion(t *testing.T, tool, path string) string {
	t.Helper()
	file := filepath.Join("tools", tool, "go.mod")
	match := regexp.MustCompile(`(?m)^.*` + regexp.QuoteMeta(path) + ` v([0-9.]+)( |$)`).
		FindStringSubmatch(readFile(t, file))
	if match == nil {
		t.Fatalf("%s does not require %s", file, path)
	}
	return match[1]
}

// minorVersion returns a version without its patch number.
func minorVersion(v string) string { return v[:strings.LastIndex(v, ".")] }

func compareVersions(t *testing.T) func(a, b string) int {
	t.Helper()
	return func(a, b string) int {
		first, err := version.NewVersion(a)
		if err != nil {
			t.Fatal(err)
		}
		second, err := version.NewVersion(b)
		if err != nil {
			t.Fatal(err)
		}
		return first.Compare(second)
	}
}

// callsFunction reports whether a configuration in the folder or below calls a function of a provider.
func callsFunction(t *testing.T, folder string) bool {
	t.Helper()
	calls := false
	err := filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(file) == ".tf" && strings.Contains(readFile(t, file), "provider::") {
			calls = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

package repository

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

// TestWorkflowEngines: the hosted tests begin with the lowest Terraform and OpenTofu that are pinned, go up, and run every version that
// README says was run. Other jobs have the newest of these, and each has the CLI itself, not a script around it.
func TestWorkflowEngines(t *testing.T) {
	t.Parallel()
	workflow := workflows(t)["test.yml"]
	terraforms, tofus := readmeEngines(t)
	tofus = append(tofus, pinnedVersion(t, "tofu", "github.com/opentofu/opentofu"))
	newest := make(map[string]string)
	for name, engine := range map[string]struct {
		lowest string
		run    []string
	}{
		"terraform": {pinnedVersion(t, "terraform-lowest", "github.com/hashicorp/terraform"), terraforms},
		"tofu":      {pinnedVersion(t, "tofu-lowest", "github.com/opentofu/opentofu"), tofus},
	} {
		job := workflow.Jobs[name]
		listed, _ := job.Strategy.Matrix["version"].([]any)
		var versions []string
		for _, one := range listed {
			text, _ := one.(string) // 1.10 without a patch would be a number, and another one
			versions = append(versions, text)
			newest[name] = text // in the end, for they go up
		}
		if len(versions) == 0 || versions[0] != engine.lowest {
			t.Errorf("%s: %v does not begin with the lowest, %s", name, listed, engine.lowest)
		}
		if !slices.IsSortedFunc(versions, compareVersions(t)) {
			t.Errorf("%s: %v does not go up", name, listed)
		}
		for _, version := range engine.run {
			if !slices.Contains(versions, version) {
				t.Errorf("%s: %v lacks %s, which README or tools/tofu names", name, listed, version)
			}
		}
		tested := false
		for _, step := range job.Steps {
			tested = tested || step.Run == "make test CLI="+name
			if version := step.With[name+"_version"]; version != nil && version != "${{ matrix.version }}" {
				t.Errorf("%s: the matrix's version is not the one set up", name)
			}
		}
		if !tested {
			t.Errorf("%s: nothing runs make test CLI=%s", name, name)
		}
	}
	for place, steps := range steps(t) {
		for _, step := range steps {
			for _, name := range []string{"terraform", "tofu"} {
				version, sets := step.With[name+"_version"]
				if sets && step.With[name+"_wrapper"] != false {
					t.Errorf("%s wraps %s %v in a script", place, name, version)
				}
				if sets && version != "${{ matrix.version }}" && version != newest[name] {
					t.Errorf("%s has %s %v, which is not the newest that is run, %s", place, name, version, newest[name])
				}
			}
		}
	}
}

// readmeEngines are the versions of each engine of which README says that tests were run with them.
func readmeEngines(t *testing.T) (terraforms, tofus []string) {
	t.Helper()
	rows := regexp.MustCompile(`(?m)^\| (?:all tests|also the tests of the function) \| ([^|]*) \| ([^|]*) \|$`).
		FindAllStringSubmatch(read(t, "README.md"), -1)
	if len(rows) != 2 {
		t.Fatalf("README.md has %d rows that say what was run: %q", len(rows), rows)
	}
	for _, row := range rows {
		terraforms = append(terraforms, strings.Split(row[1], ", ")...)
		tofus = append(tofus, strings.Split(row[2], ", ")...)
	}
	return terraforms, tofus
}

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

// TestWorkflowGo: jobs have the newest patch of the Go that go.mod names, and all of them from one place.
func TestWorkflowGo(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`(?m)^go (\d+\.\d+)\.\d+$`).FindStringSubmatch(read(t, "go.mod"))
	if named == nil {
		t.Fatal("go.mod names no Go")
	}
	places := 0
	for place, steps := range steps(t) {
		for _, step := range steps {
			if !strings.HasPrefix(step.Uses.Value, "actions/setup-go@") {
				continue
			}
			places++
			if place != ".github/actions/go/action.yml" {
				t.Errorf("%s sets Go up by itself: there is .github/actions/go", place)
			}
			if step.With["go-version"] != named[1]+".x" || step.With["check-latest"] != true {
				t.Errorf("%s sets up %v, and go.mod names %s", place, step.With, named[1])
			}
		}
	}
	if places != 1 {
		t.Errorf("Go is set up in %d places", places)
	}
}

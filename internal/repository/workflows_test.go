package repository

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is what these tests look at in a file of .github/workflows.
type workflow struct {
	On          map[string]any
	Permissions map[string]string // a word such as write-all is no map, and an error
	Concurrency struct{ Group string }
	Jobs        map[string]job
}

type job struct {
	RunsOn      string `yaml:"runs-on"`
	Timeout     int    `yaml:"timeout-minutes"`
	Environment string
	Uses        string
	Container   any
	Services    any
	Permissions map[string]string
	Strategy    struct{ Matrix map[string]any }
	Steps       []step
}

type step struct {
	Uses yaml.Node // with the comment behind it
	Run  string
	With map[string]any
}

// workflows gives all of them, by the names of their files.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	found := make(map[string]workflow)
	for _, file := range glob(t, ".github/workflows/*") {
		var one workflow
		parseYAML(t, file, &one)
		found[filepath.Base(file)] = one
	}
	return found
}

// steps gives those of all jobs, and of the actions that are here.
func steps(t *testing.T) map[string][]step {
	t.Helper()
	found := make(map[string][]step)
	for name, workflow := range workflows(t) {
		for id, job := range workflow.Jobs {
			found[name+", job "+id] = job.Steps
		}
	}
	for _, file := range glob(t, ".github/actions/*/action.yml") {
		var action struct{ Runs struct{ Steps []step } }
		parseYAML(t, file, &action)
		found[file] = action.Runs.Steps
	}
	return found
}

// TestActionsArePinned: what runs of others is a commit, which can't be moved as a tag can; the release that it is stands behind it,
// where Dependabot looks for it. The same everywhere.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^([\w.-]+/[\w.-]+)(/[\w./-]+)?@([0-9a-f]{40})$`)
	release := regexp.MustCompile(`^# v\d+\.\d+\.\d+$`)
	pins := make(map[string]string) // by repository
	for place, steps := range steps(t) {
		for _, step := range steps {
			uses := step.Uses.Value
			if strings.HasPrefix(uses, "./") {
				if _, err := os.Stat(filepath.Join(uses, "action.yml")); err != nil {
					t.Errorf("%s uses %s: %v", place, uses, err)
				}
				continue
			}
			if uses == "" {
				continue
			}
			parts := pinned.FindStringSubmatch(uses)
			if parts == nil || !release.MatchString(step.Uses.LineComment) {
				t.Errorf("%s uses %s %s: pin a commit, as in owner/name@COMMIT # v1.2.3", place, uses, step.Uses.LineComment)
				continue
			}
			pin := parts[3] + " " + step.Uses.LineComment
			if other, known := pins[parts[1]]; known && other != pin {
				t.Errorf("%s uses %s at %s, and elsewhere it is at %s", place, parts[1], pin, other)
			}
			pins[parts[1]] = pin
		}
	}
	if len(pins) < 5 {
		t.Errorf("only %v are used", pins)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s matches nothing: %v", pattern, err)
	}
	return files
}

func parseYAML(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// strictYAML parses a file in which everything is known.
func strictYAML(t *testing.T, file string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, file)))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

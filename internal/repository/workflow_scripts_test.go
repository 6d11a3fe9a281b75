package repository

import (
	"regexp"
	"strings"
	"testing"
)

// TestWorkflowScripts: no ${{ }} in a script, for what it stands for, such as a branch's name, would be run as a part of it; a
// variable isn't. Nor is any value handed to make, which expands it once more. And every make target that is called is there.
func TestWorkflowScripts(t *testing.T) {
	t.Parallel()
	calls := 0
	for place, steps := range steps(t) {
		for _, step := range steps {
			if strings.Contains(step.Run, "${{") {
				t.Errorf("%s runs %q: hand the value over in env", place, step.Run)
			}
			if expanded := regexp.MustCompile(`\bmake\b[^\n;&|]*=[^\n;&|]*[$\x60]`).FindString(step.Run); expanded != "" {
				t.Errorf("%s runs %q: make would expand the value, and run what is in it; it finds it in the environment", place, expanded)
			}
			calls += checkTargets(t, place, regexp.MustCompile(`(?m)\bmake ([^\s;&|]+)`), step.Run)
		}
	}
	if calls < 10 {
		t.Errorf("only %d make targets are called", calls)
	}
}

// checkTargets finds the make targets that a text names, each of which must be there, and says how many there are.
func checkTargets(t *testing.T, place string, form *regexp.Regexp, text string) int {
	t.Helper()
	named := form.FindAllStringSubmatch(text, -1)
	for _, target := range named {
		if !strings.Contains(read(t, "GNUmakefile"), "\n"+target[1]+":") {
			t.Errorf("%s names make %s, which is no target", place, target[1])
		}
	}
	return len(named)
}

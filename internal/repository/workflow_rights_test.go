package repository

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayWrite are the rights beyond reading, each with why a job has it.
var mayWrite = map[string]string{
	"release.yml, job release: contents":       "it makes the draft of a release",
	"codeql.yml, job analyze: security-events": "it hands in what it found",
}

// TestWorkflowRights: a workflow reads, and a job may do more only where mayWrite says why. Secrets are for the release alone, which
// only a tag sets off. No job runs for ever, on a machine that changes by itself, or leaves a token in the checkout.
func TestWorkflowRights(t *testing.T) {
	t.Parallel()
	used := make(map[string]bool)
	machine := regexp.MustCompile(`^(ubuntu|macos|windows)-\d`)
	for name, workflow := range workflows(t) {
		place := name
		right := func(scope, level string) {
			switch key := place + ": " + scope; {
			case level == "read" || level == "none":
			case mayWrite[key] != "" && level == "write":
				used[key] = true
			default:
				t.Errorf("%s: %s, for no reason that mayWrite knows", key, level)
			}
		}
		if workflow.Permissions == nil {
			t.Errorf("%s doesn't say what it may: it would have what the repository's settings give", name)
		}
		for scope, level := range workflow.Permissions {
			right(scope, level)
		}
		if workflow.Concurrency.Group == "" {
			t.Errorf("%s has no concurrency group", name)
		}
		for trigger := range workflow.On {
			if !slices.Contains([]string{"push", "pull_request", "schedule", "workflow_dispatch"}, trigger) {
				t.Errorf("%s runs on %s, which may run others' code with our rights", name, trigger)
			}
		}
		secrets := regexp.MustCompile(`\bsecrets\b`)
		if secrets.MatchString(read(t, filepath.Join(".github/workflows", name))) {
			push, _ := workflow.On["push"].(map[string]any)
			if name != "release.yml" || len(workflow.On) != 1 || len(push) != 1 || push["tags"] == nil {
				t.Errorf("%s has secrets, and runs on %v", name, workflow.On)
			}
		}
		for id, job := range workflow.Jobs {
			place = name + ", job " + id
			for scope, level := range job.Permissions {
				right(scope, level)
			}
			if (job.Environment != "") != (name == "release.yml") {
				t.Errorf("%s has the environment %q: the release has one, which keeps its key, and nothing else", place, job.Environment)
			}
			if job.Uses != "" || job.Container != nil || job.Services != nil {
				t.Errorf("%s runs a workflow or a container that no commit pins", place)
			}
			if job.Timeout == 0 {
				t.Errorf("%s has no timeout-minutes", place)
			}
			machines := []any{job.RunsOn}
			if job.RunsOn == "${{ matrix.runner }}" {
				machines, _ = job.Strategy.Matrix["runner"].([]any)
			}
			for _, one := range machines {
				if text, _ := one.(string); !machine.MatchString(text) {
					t.Errorf("%s runs on %v: name the machine by its version", place, one)
				}
			}
			for _, step := range job.Steps {
				if strings.HasPrefix(step.Uses.Value, "actions/checkout@") && step.With["persist-credentials"] != false {
					t.Errorf("%s leaves a token in the checkout: persist-credentials: false", place)
				}
			}
		}
	}
	for key, reason := range mayWrite {
		if !used[key] {
			t.Errorf("mayWrite has %s (%s), which no job asks for", key, reason)
		}
	}
}

package repository

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNamedTestsExist checks that every test that a document names exists. The name may be a prefix, as in `go test
// -run`.
func TestNamedTestsExist(t *testing.T) {
	t.Parallel()
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	var tests []string
	for _, file := range repositoryFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			for _, match := range declaration.FindAllStringSubmatch(readFile(t, file), -1) {
				tests = append(tests, match[1])
			}
		}
	}
	for _, document := range []string{"DESIGN.md", "CONTRIBUTING.md", "docs/reliability.md"} {
		names := regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*`).FindAllString(readFile(t, document), -1)
		for _, name := range names {
			hasName := func(test string) bool { return strings.HasPrefix(test, name) }
			if !slices.ContainsFunc(tests, hasName) {
				t.Errorf("%s names %s, but no test has that name", document, name)
			}
		}
	}
}

var makeCall = regexp.MustCompile("(?m)(?:^ *|`|entry: |&& )make ([a-z-]+)")

// TestMakeTargets checks that every make target in a workflow, a hook or a document exists, and that
// `make help` lists every target.
func TestMakeTargets(t *testing.T) {
	t.Parallel()
	makefile := readFile(t, "GNUmakefile")
	for _, match := range regexp.MustCompile(`(?m)^\.PHONY: (\S+)$`).FindAllStringSubmatch(makefile, -1) {
		if !regexp.MustCompile(`(?m)^` + match[1] + `:.* ## .`).MatchString(makefile) {
			t.Errorf("make %s: no line of help", match[1])
		}
	}

	commands := make(map[string]string) // by file, or by workflow and job
	for location, job := range workflowJobs(t) {
		for _, step := range job.Steps {
			commands[location] += step.Run + "\n"
		}
	}
	for _, file := range []string{
		".pre-commit-config.yaml", ".github/PULL_REQUEST_TEMPLATE.md", "README.md", "CONTRIBUTING.md", "PUBLISHING.md",
		"SECURITY.md",
	} {
		commands[file] = readFile(t, file)
	}
	calls := 0
	for location, command := range commands {
		for _, match := range makeCall.FindAllStringSubmatch(command, -1) {
			calls++
			if !strings.Contains(makefile, "\n"+match[1]+":") {
				t.Errorf("%s runs make %s, but there is no such target", location, match[1])
			}
		}
	}
	if calls == 0 {
		t.Error("found no make target in any file")
	}
}

// TestHooks checks that the pattern of each hook matches a file, because pre-commit skips a hook that matches none.
func TestHooks(t *testing.T) {
	t.Parallel()
	var config struct {
		Repos []struct {
			Hooks []struct{ ID, Files string }
		}
	}
	parseYAML(t, ".pre-commit-config.yaml", &config)
	files := repositoryFiles(t)
	for _, repo := range config.Repos {
		for _, hook := range repo.Hooks {
			if !slices.ContainsFunc(files, regexp.MustCompile(hook.Files).MatchString) {
				t.Errorf("hook %s: no file matches %s", hook.ID, hook.Files)
			}
		}
	}
}

// TestIssueFormLinks checks that the files that the issue forms link to exist.
func TestIssueFormLinks(t *testing.T) {
	t.Parallel()
	for _, form := range glob(t, ".github/ISSUE_TEMPLATE/*.yml") {
		for _, match := range regexp.MustCompile(`\.\./blob/HEAD/([^)\s]+)`).FindAllStringSubmatch(readFile(t, form), -1) {
			if _, err := os.Stat(match[1]); err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	}
}

// repositoryFiles returns the slash-separated paths of all files, except build results and the git history.
func repositoryFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", ".cache", "bin", "dist"}, file) {
				return fs.SkipDir
			}
			return nil
		}
		files = append(files, filepath.ToSlash(file))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

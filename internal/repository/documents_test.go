package repository

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNamedTestsExist checks that every test that a document names exists. A name may be a prefix, as in `go test -run`.
func TestNamedTestsExist(t *testing.T) {
	t.Parallel()
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	var tests []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if strings.HasSuffix(file, "_test.go") {
			for _, match := range declaration.FindAllStringSubmatch(read(t, file), -1) {
				tests = append(tests, match[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{"DESIGN.md", "CONTRIBUTING.md", "docs/reliability.md"} {
		names := regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*`).FindAllString(read(t, document), -1)
		if len(names) == 0 {
			t.Errorf("%s names no test", document)
		}
		for _, name := range names {
			hasName := func(test string) bool { return strings.HasPrefix(test, name) }
			if !slices.ContainsFunc(tests, hasName) {
				t.Errorf("%s names %s, but no test has that name", document, name)
			}
		}
	}
}

// TestTargetsHaveHelp: whatever make can do, `make help` tells in a line.
func TestTargetsHaveHelp(t *testing.T) {
	t.Parallel()
	text := read(t, "GNUmakefile")
	targets := regexp.MustCompile(`(?m)^\.PHONY: (\S+)$`).FindAllStringSubmatch(text, -1)
	if len(targets) < 20 {
		t.Errorf("only %d targets are found", len(targets))
	}
	for _, target := range targets {
		if !regexp.MustCompile(`(?m)^` + target[1] + `:.* ## [A-Z].*[^.]$`).MatchString(text) {
			t.Errorf("make %s has no line of help", target[1])
		}
	}
}

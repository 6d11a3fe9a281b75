package repository

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNamedTestsAreThere: a claim in a document that names the test which holds it names one that there is.
func TestNamedTestsAreThere(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	there := make(map[string]bool)
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if strings.HasSuffix(file, "_test.go") {
			for _, found := range form.FindAllStringSubmatch(read(t, file), -1) {
				there[found[1]] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{"DESIGN.md", "SECURITY.md", "CONTRIBUTING.md"} {
		named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z]\\w*)`").FindAllStringSubmatch(read(t, document), -1)
		if len(named) == 0 {
			t.Errorf("%s names no test", document)
		}
		for _, name := range named {
			if !there[name[1]] {
				t.Errorf("%s names %s, which is no test", document, name[1])
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

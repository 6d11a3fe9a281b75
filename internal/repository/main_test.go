package repository

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestMain runs the tests in the root folder of the repository, so that paths are relative to that folder.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	// The path must be absolute, because the cache of `go test` ignores the change of directory in TestMain.
	absolute, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(absolute)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// glob returns the matching files, and fails the test if there are none.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("got no file for %s: %v", pattern, err)
	}
	return files
}

func parseYAML(t *testing.T, file string, value any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(readFile(t, file)), value); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// runGo runs the go command in a folder and returns its standard output.
func runGo(t *testing.T, folder string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir = folder
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go %s in %s: %v", strings.Join(arguments, " "), folder, err)
	}
	return string(output)
}

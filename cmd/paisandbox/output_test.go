package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/output.golden")

// TestOutput compares the whole output of the program with testdata/output.golden. The flag -update writes that file.
// The other tests check only facts, such as numbers, names and exit codes.
func TestOutput(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	catalogue, invalid := filepath.Join(dir, "images.json"), filepath.Join(dir, "invalid.json")
	writeFile(t, catalogue, catalogueJSON(t, 3))
	writeFile(t, invalid, `{"Images":[`)

	var got strings.Builder
	for _, args := range [][]string{
		{"-h"},
		{"-port", "80"},
		{"serve"},
		{"-region", ""},
		{"-addr", "127.0.0.1:none"},
		{"-catalogue", filepath.Join(dir, "missing.json")},
		{"-catalogue", invalid},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), args, &stdout, &stderr)
		fmt.Fprintf(&got, "$ %s\n%s%sexit code %d\n\n", commandLine(args...), stdout.String(), stderr.String(), code)
	}
	for _, args := range [][]string{nil, {"-tls", "-region", "cn-shanghai"}} {
		stdout, stderr, stop := startProgram(t, args...)
		code := stop()
		fmt.Fprintf(&got, "$ %s\n%s%sexit code %d\n\n", commandLine(args...), stdout, stderr, code)
	}
	stdout, stderr, stop := startProgram(t, "-catalogue", catalogue)
	for _, content := range []string{catalogueJSON(t, 4), `{"Images":[`} {
		writeFile(t, catalogue, content)
		counts(t, stdout)
	}
	if err := os.Remove(catalogue); err != nil {
		t.Fatal(err)
	}
	counts(t, stdout)
	code := stop()
	fmt.Fprintf(&got, "$ %s\n%s%sexit code %d\n", commandLine("-catalogue", catalogue), stdout, stderr, code)

	replaced := strings.NewReplacer(dir, "DIR", temp, "TMPDIR").Replace(got.String())
	replaced = regexp.MustCompile(`(127\.0\.0\.1|localhost):[1-9][0-9]*`).ReplaceAllString(replaced, "$1:PORT")
	replaced = regexp.MustCompile(`paisandbox-[0-9]+\.pem`).ReplaceAllString(replaced, "paisandbox-RANDOM.pem")
	golden := filepath.Join("testdata", "output.golden")
	if *update {
		writeFile(t, golden, replaced)
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), replaced); diff != "" {
		t.Errorf("output differs from %s (-want +got):\n%s", golden, diff)
	}
}

func commandLine(args ...string) string {
	line := "paisandbox"
	for _, arg := range args {
		line += " " + shellQuote(arg)
	}
	return line
}

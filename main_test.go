package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// TestNothingIsDoneAtStart: Terraform starts the provider several times in every run, so what can wait does. Go tells what
// each package's initialisation takes; a few regular expressions compiled take more than this allows.
func TestNothingIsDoneAtStart(t *testing.T) {
	t.Parallel()
	self := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	self.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := self.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, trace)
	}
	inits := regexp.MustCompile(`(?m)^init (terraform\.local/\S+) @.* (\d+) bytes,`).FindAllStringSubmatch(string(trace), -1)
	if len(inits) == 0 {
		t.Fatalf("no package of ours is in:\n%s", trace)
	}
	for _, init := range inits {
		if bytes, err := strconv.Atoi(init[2]); err != nil || bytes > 10_000 {
			t.Errorf("%s takes %d bytes at start (%v)", init[1], bytes, err)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// testCLI returns the path of the CLI that make test sets. It skips the test if there is none.
func testCLI(t *testing.T) string {
	t.Helper()
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		t.Skip("needs a CLI, which make test sets")
	}
	return cli
}

// TestPlansOfAnotherProvider checks that measurements of plans refuse another provider than the one to measure. Each
// plan shows the right output.
func TestPlansOfAnotherProvider(t *testing.T) {
	t.Parallel()
	cli := testCLI(t)
	const images, output = 99, "count = 99"
	sandbox := startSandbox(t, images)
	one := expected{least: 1, most: 1}
	ours, err := newWorkDir(cli, buildOurs, listConfiguration, sandbox.Environ())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ours.timePlan(sandbox, output, one)(t.Context()); err != nil {
		t.Fatal(err)
	}
	floor, err := newFloorDir(t, cli, listConfiguration, sandbox, output)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := floor.timePlan(sandbox, output, expected{})(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		measure measurement
		want    string // part of the error
	}{
		"floor instead of ours":                {floor.timePlan(sandbox, output, one), "0 requests"},
		"floor instead of ours, for a count":   {floor.countRequests(sandbox, output, one), "0 requests"},
		"ours instead of the floor":            {ours.timePlan(sandbox, output, expected{}), "1 requests"},
		"one request too few":                  {ours.timePlan(sandbox, output, expected{least: 2, most: 2}), "1 requests"},
		"no images":                            {ours.timePlan(sandbox, "count = 98", one), "does not show"},
		"responses without delay":              {ours.timePlan(sandbox, output, expected{1, 1, time.Minute}), "took"},
		"responses without delay, for a count": {ours.countRequests(sandbox, output, expected{1, 1, time.Minute}), "took"},
		"service without a limit of the rate":  {limited(ours.timePlan(sandbox, output, one), 2000, 20), "exceeds the rate"},
	} {
		if _, err := test.measure(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, test.want)
		}
	}
}

// TestStartOfAnotherProvider checks that timeStart refuses another provider than the one to measure.
func TestStartOfAnotherProvider(t *testing.T) {
	t.Parallel()
	ours, err := buildOurs()
	if err != nil {
		t.Fatal(err)
	}
	empty, err := buildEmpty()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		program, schema string
		refuse          bool
	}{
		{ours, schemaOfOurs, false}, {empty, schemaOfOurs, true}, {ours, schemaOfEmpty, true}, {empty, schemaOfEmpty, false},
	} {
		if _, err := timeStart(test.program, test.schema)(t.Context()); (err != nil) != test.refuse {
			t.Errorf("%s: got error %v, want one: %t", filepath.Base(test.program), err, test.refuse)
		}
	}
}

// TestMemoryOfAnotherProcess checks that peakMemory refuses a process to which the CLI doesn't attach. The provider has
// a different address, so the CLI starts a process of its own.
func TestMemoryOfAnotherProcess(t *testing.T) {
	t.Parallel()
	cli := testCLI(t)
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	if _, err := peakMemory(t, cli, builder("other", root, ".", "bench.local/other/pai"), 100); err == nil ||
		!strings.Contains(err.Error(), "InvalidAccessKeyId") {
		t.Errorf("got %v, want an error about the CLI's own access key", err)
	}
}

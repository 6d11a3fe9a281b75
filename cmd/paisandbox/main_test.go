package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

const asProgram = "PAISANDBOX_TEST_AS_PROGRAM"

// TestMain runs the program instead of the tests if asProgram is set. Tests of signals and exit codes need a process.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

func TestSignalsStopTheProgram(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		program := exec.CommandContext(t.Context(), self)
		program.Env = append(os.Environ(), asProgram+"=1")
		var stderr strings.Builder
		program.Stderr = &stderr
		stdout, err := program.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(stdout); lines.Scan() && !strings.Contains(lines.Text(), "SECRET"); {
			continue
		}
		if err := program.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := program.Wait(); err != nil || stderr.Len() > 0 {
			t.Errorf("%v: got error %v and stderr %q, want neither", signal, err, stderr.String())
		}
	}
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/tools/bench/wire"
)

// BenchmarkStart measures how long a CLI waits for a provider to start its process, complete the handshake and return
// its schema. It measures in turn our provider and an empty one. It also reports the sizes of the binaries.
func BenchmarkStart(b *testing.B) {
	ours, errOurs := buildOurs()
	empty, errEmpty := buildEmpty()
	if err := errors.Join(errOurs, errEmpty); err != nil {
		b.Fatal(err)
	}
	seconds := takeTurns(b, []measurement{timeStart(ours, schemaOfOurs), timeStart(empty, schemaOfEmpty)})
	b.ReportMetric(seconds[0], "ours-sec")
	b.ReportMetric(seconds[1], "empty-sec")
	b.ReportMetric(size(b, ours), "ours-B")
	b.ReportMetric(size(b, empty), "empty-B")
}

// Texts that only the schema of our provider or that of the empty one contains.
const (
	schemaOfOurs  = "pai_images"
	schemaOfEmpty = "An empty provider."
)

// timeStart returns a measurement of a provider's start in seconds. The measurement fails if the schema doesn't contain
// the text.
func timeStart(program, text string) measurement {
	return func(ctx context.Context) (float64, error) {
		started := time.Now()
		provider, err := wire.Start(program)
		if err != nil {
			return 0, err
		}
		defer provider.Close()
		schema, err := provider.Call(ctx, wire.SchemaMethod, nil)
		seconds := time.Since(started).Seconds()
		if err == nil && !bytes.Contains(schema, []byte(text)) {
			err = fmt.Errorf("the schema of %s has no %q", filepath.Base(program), text)
		}
		return seconds, err
	}
}

func size(b *testing.B, file string) float64 {
	b.Helper()
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size())
}

// BenchmarkMemory reports the peak resident memory of the provider's process during a plan.
func BenchmarkMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("only Linux reports the peak of a process's memory")
	}
	cli := clis(b)[0]
	for _, images := range []int{100, 1000, 5000, 10_000} {
		b.Run(fmt.Sprintf("images=%d", images), func(b *testing.B) {
			peak, err := peakMemory(b, cli, buildOurs, images)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(peak, "peak-B")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// peakMemory runs a plan and returns the provider's peak resident memory in bytes.
//
// The environment of the CLI contains a wrong access key. If the CLI starts a process of its own instead of attaching,
// that process uses the wrong key, and peakMemory returns an error.
func peakMemory(tb testing.TB, cli string, buildProvider func() (string, error), images int) (float64, error) {
	tb.Helper()
	sandbox := startSandbox(tb, images)
	environment := append(sandbox.Environ(), "ALIBABA_CLOUD_ACCESS_KEY_ID=wrong")
	dir, err := newWorkDir(cli, buildProvider, listConfiguration, environment)
	if err != nil {
		return 0, err
	}
	program, err := buildProvider()
	if err != nil {
		return 0, err
	}
	pid, attach, err := startDebugging(tb, program, slices.Concat(dir.environment, sandbox.Environ()))
	if err != nil {
		return 0, err
	}
	if _, err := dir.plan(tb.Context(), fmt.Sprintf("count = %d", images), attach); err != nil {
		return 0, err
	}
	return highWaterMark(pid)
}

// startDebugging starts a provider in debug mode, in which its process continues to run after a plan. The process ends
// with the test. The function returns the process ID, and the environment variable that makes a CLI attach to the
// provider.
func startDebugging(tb testing.TB, program string, environment []string) (pid int, attach string, err error) {
	tb.Helper()
	provider := exec.CommandContext(tb.Context(), program, "-debug")
	provider.Env = environment
	stdout, err := provider.StdoutPipe()
	if err != nil {
		return 0, "", err
	}
	if err := provider.Start(); err != nil {
		return 0, "", err
	}
	tb.Cleanup(func() { _ = provider.Wait() }) // the end of the test's context has killed the process
	attach, err = reattachVariable(stdout)
	return provider.Process.Pid, attach, err
}

// reattachVariable reads the output of a provider in debug mode. It returns the environment variable that makes a CLI
// attach to the provider.
func reattachVariable(output io.Reader) (string, error) {
	pattern := regexp.MustCompile(`(TF_REATTACH_PROVIDERS=)'(.+)'`)
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if parts := pattern.FindStringSubmatch(lines.Text()); parts != nil {
			return parts[1] + parts[2], nil
		}
	}
	return "", errors.Join(errors.New("the provider did not print TF_REATTACH_PROVIDERS"), lines.Err())
}

// highWaterMark returns the peak resident memory of a process in bytes.
func highWaterMark(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	parts := regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`).FindSubmatch(status)
	if parts == nil {
		return 0, errors.New("the status of the process has no VmHWM")
	}
	kib, err := strconv.ParseFloat(string(parts[1]), 64)
	return kib * 1024, err
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// work is a folder for all temporary files of the benchmarks.
var work string

func TestMain(m *testing.M) {
	var err error
	if work, err = os.MkdirTemp("", "pai-bench-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(work)
	os.Exit(code)
}

// address is the source address of every provider in a workplace. Our provider reports it, too, or no CLI would attach
// to it.
const address = "bench.local/pai/pai"

// Functions that build a provider as for a release, once, and return the path of its binary.
var (
	buildOurs  = builder("ours", root, ".", address)
	buildFloor = builder("floor", ".", "./floor", address)
	buildEmpty = builder("empty", ".", "./empty", address)
)

func builder(name, folder, pkg, address string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		file := filepath.Join(work, name)
		flags := "-s -w -X terraform.local/pai/terraform-provider-pai/internal/build.Address=" + address
		command := exec.CommandContext(context.Background(), "go", "build", "-trimpath", "-ldflags", flags, "-o", file, pkg)
		command.Dir = folder
		command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
		output, err := command.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("build %s: %w\n%s", name, err, output)
		}
		return file, err
	})
}

// workplace is a folder with a configuration whose provider is installed.
type workplace struct {
	cli         string // path of a Terraform or OpenTofu
	folder      string
	environment []string
}

// newWorkplace installs a provider from a mirror into a new folder. The environment is that of the CLI, which inherits
// only PATH.
func newWorkplace(
	cli string, buildProvider func() (string, error), configuration string, environment []string,
) (*workplace, error) {
	binary, err := buildProvider()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(work, "workplace-")
	if err != nil {
		return nil, err
	}
	plugins := filepath.Join(folder, "plugins")
	target := filepath.Join(plugins, filepath.FromSlash(address), build.Version, runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(target, 0o750); err != nil {
		return nil, err
	}
	if err := os.Link(binary, filepath.Join(target, "terraform-provider-pai_v"+build.Version)); err != nil {
		return nil, err
	}
	settings := filepath.Join(folder, "terraformrc")
	for file, content := range map[string]string{
		settings: fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", plugins),
		filepath.Join(folder, "main.tf"): fmt.Sprintf(
			"terraform {\n  required_providers {\n    pai = {\n      source = %q\n    }\n  }\n}\n", address) + configuration,
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			return nil, err
		}
	}
	w := &workplace{cli: cli, folder: folder}
	w.environment = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"TF_CLI_CONFIG_FILE=" + settings,
	}, environment...)
	_, err = w.run(context.Background(), "init")
	return w, err
}

// run runs a command of the CLI and returns its output.
func (w *workplace) run(ctx context.Context, command string, environment ...string) (string, error) {
	process := exec.CommandContext(ctx, w.cli, command, "-input=false", "-no-color")
	process.Dir, process.Env = w.folder, slices.Concat(w.environment, environment)
	// A CLI that is killed leaves its provider running.
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	output, err := process.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", filepath.Base(w.cli), command, err, output)
	}
	return string(output), nil
}

// plan runs a plan and returns the seconds that it took. It is an error if the plan doesn't show the output.
func (w *workplace) plan(ctx context.Context, output string, environment ...string) (float64, error) {
	started := time.Now()
	printed, err := w.run(ctx, "plan", environment...)
	seconds := time.Since(started).Seconds()
	if err == nil && !strings.Contains(printed, "+ "+output+"\n") {
		err = fmt.Errorf("the plan does not show %s:\n%s", output, printed)
	}
	return seconds, err
}

// measurement returns one value.
type measurement func(ctx context.Context) (float64, error)

// timePlan returns a measurement of a plan's seconds. It is an error if another number of requests reaches the sandbox.
func (w *workplace) timePlan(sandbox *paisandbox.Sandbox, output string, requests int) measurement {
	return func(ctx context.Context) (float64, error) {
		sandbox.TakeRequests()
		seconds, err := w.plan(ctx, output)
		if got := len(sandbox.TakeRequests()); err == nil && got != requests {
			err = fmt.Errorf("%d requests reached the sandbox, want %d", got, requests)
		}
		return seconds, err
	}
}

// backwards is true for every other call of takeTurns.
var backwards bool

// takeTurns calls each measurement once and returns the values. Every other call goes backwards, so that a machine that
// slows down for a while affects all of them alike.
func takeTurns(b *testing.B, measurements []measurement) []float64 {
	b.Helper()
	values := make([]float64, len(measurements))
	for i := range measurements {
		if backwards {
			i = len(measurements) - 1 - i
		}
		value, err := measurements[i](b.Context())
		if err != nil {
			b.Fatal(err)
		}
		values[i] = value
	}
	backwards = !backwards
	b.ReportMetric(0, "ns/op") // the time of all measurements together says nothing
	return values
}

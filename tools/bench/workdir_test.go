package main

import (
	"context"
	"errors"
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

// tempFolder contains all temporary files of the benchmarks.
var tempFolder string

func TestMain(m *testing.M) {
	var err error
	if tempFolder, err = os.MkdirTemp("", "pai-bench-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(tempFolder)
	os.Exit(code)
}

// address is the source address of the provider in every workDir. Our provider is built with it, because a CLI attaches
// only to a provider with the configured address.
const address = "bench.local/pai/pai"

// Functions that build a provider once, with the flags of a release, and return the path of the binary.
var (
	buildOurs  = builder("ours", root, ".", address)
	buildFloor = builder("floor", ".", "./floor", address)
	buildEmpty = builder("empty", ".", "./empty", address)
)

func builder(name, folder, pkg, address string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		file := filepath.Join(tempFolder, name)
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

// workDir is a folder with a configuration in which the provider is installed.
type workDir struct {
	cli         string // path of Terraform or OpenTofu
	folder      string
	environment []string
}

// prepare returns a measurement of the duration of a plan with our provider. It runs the plan once, so that caches are
// warm.
func prepare(
	tb testing.TB, cli, configuration string, sandbox *paisandbox.Sandbox, output string, requests expected,
) (measurement, error) {
	tb.Helper()
	dir, err := newWorkDir(cli, buildOurs, configuration, sandbox.Environ())
	if err != nil {
		return nil, err
	}
	plan := dir.timePlan(sandbox, output, requests)
	_, err = plan(tb.Context())
	return plan, err
}

// prepareFloor is like prepare, with the floor as provider.
func prepareFloor(
	tb testing.TB, cli, configuration string, sandbox *paisandbox.Sandbox, output string,
) (measurement, error) {
	tb.Helper()
	dir, err := newFloorDir(tb, cli, configuration, sandbox, output)
	if err != nil {
		return nil, err
	}
	plan := dir.timePlan(sandbox, output, expected{})
	_, err = plan(tb.Context())
	return plan, err
}

// newFloorDir returns a workDir with the floor as provider. It runs a plan that records the responses of our provider.
// Later plans need neither our provider nor the sandbox.
func newFloorDir(
	tb testing.TB, cli, configuration string, sandbox *paisandbox.Sandbox, output string,
) (*workDir, error) {
	tb.Helper()
	ours, err := buildOurs()
	if err != nil {
		return nil, err
	}
	dir, err := newWorkDir(cli, buildFloor, configuration, append(sandbox.Environ(), "PAI_BENCH_RESPONSES="+tb.TempDir()))
	if err != nil {
		return nil, err
	}
	// One read at a time, because the responses of all reads go to the same file.
	_, err = dir.plan(tb.Context(), output, "PAI_BENCH_PROVIDER="+ours, "TF_CLI_ARGS_plan=-parallelism=1")
	return dir, err
}

// newWorkDir creates a folder with the configuration and installs the provider in it from a mirror. The CLI gets the
// given environment and the PATH of this process, and no other variables of this process.
func newWorkDir(
	cli string, buildProvider func() (string, error), configuration string, environment []string,
) (*workDir, error) {
	binary, err := buildProvider()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(tempFolder, "workdir-")
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
	w := &workDir{cli: cli, folder: folder}
	w.environment = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"TF_CLI_CONFIG_FILE=" + settings,
	}, environment...)
	_, err = w.run(context.Background(), "init")
	return w, err
}

// run runs a command of the CLI and returns its output.
func (w *workDir) run(ctx context.Context, command string, environment ...string) (string, error) {
	process := exec.CommandContext(ctx, w.cli, command, "-input=false", "-no-color")
	process.Dir, process.Env = w.folder, slices.Concat(w.environment, environment)
	// Interrupt, because a CLI that is killed does not stop its provider.
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	output, err := process.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", filepath.Base(w.cli), command, err, output)
	}
	return string(output), nil
}

// plan runs terraform plan and returns its duration in seconds. It returns an error if the plan doesn't show the
// output.
func (w *workDir) plan(ctx context.Context, output string, environment ...string) (float64, error) {
	started := time.Now()
	printed, err := w.run(ctx, "plan", environment...)
	seconds := time.Since(started).Seconds()
	if err == nil && !strings.Contains(printed, "+ "+output+"\n") {
		err = fmt.Errorf("the plan does not show %s:\n%s", output, printed)
	}
	return seconds, err
}

// measurement measures something once and returns the value.
type measurement func(ctx context.Context) (float64, error)

// expected describes the requests that a plan sends, to check that a measurement measured them.
type expected struct {
	least, most int
	delay       time.Duration // of each response
}

// check returns an error if the requests are not as expected.
func (e expected) check(requests []paisandbox.Request) error {
	if got := len(requests); got < e.least || got > e.most {
		return fmt.Errorf("%d requests reached the sandbox, want %d to %d", got, e.least, e.most)
	}
	for _, request := range requests {
		if took := request.Ended.Sub(request.At); took < e.delay {
			return fmt.Errorf("the response to %s took %s, want at least %s", request.Action, took, e.delay)
		}
	}
	return nil
}

// timePlan returns a measurement of a plan's duration in seconds. The measurement fails if the plan doesn't show the
// output, or if the requests that reach the sandbox are not as expected.
func (w *workDir) timePlan(sandbox *paisandbox.Sandbox, output string, requests expected) measurement {
	return func(ctx context.Context) (float64, error) {
		sandbox.TakeRequests()
		seconds, err := w.plan(ctx, output)
		return seconds, errors.Join(err, requests.check(sandbox.TakeRequests()))
	}
}

// countRequests returns a measurement of the number of requests that a plan sends. It fails as that of timePlan does.
func (w *workDir) countRequests(sandbox *paisandbox.Sandbox, output string, requests expected) measurement {
	return func(ctx context.Context) (float64, error) {
		sandbox.TakeRequests()
		_, err := w.plan(ctx, output)
		sent := sandbox.TakeRequests()
		return float64(len(sent)), errors.Join(err, requests.check(sent))
	}
}

// reverse is toggled by each call of takeTurns.
var reverse bool

// takeTurns runs each measurement once and returns the values in the order of measurements. Every second call runs them
// in reverse order, so that temporary slowness of the machine affects all of them equally.
func takeTurns(b *testing.B, measurements []measurement) []float64 {
	b.Helper()
	values := make([]float64, len(measurements))
	for i := range measurements {
		if reverse {
			i = len(measurements) - 1 - i
		}
		value, err := measurements[i](b.Context())
		if err != nil {
			b.Fatal(err)
		}
		values[i] = value
	}
	reverse = !reverse
	b.ReportMetric(0, "ns/op") // omits the total time of all measurements, which is meaningless
	return values
}

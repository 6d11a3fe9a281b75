// Command bench runs the Go benchmarks of the provider, compares their results with goals, and writes the report in
// docs/performance. `make bench` runs it.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	var b bench
	flag.StringVar(&b.benchstat, "benchstat", "", "the `path` of benchstat")
	flag.StringVar(&b.out, "out", "docs/performance", "the `folder` for page and chart, relative to the checkout")
	flag.BoolVar(&b.quick, "quick", false, "run each benchmark once, on small lists, to check that it works")
	flag.StringVar(&b.goals, "goals", "", "run only the benchmarks of these goals, such as `2,4`, and write no page")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := b.run(ctx)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

type bench struct {
	benchstat, out, goals string
	quick                 bool
}

// benchmarks are the benchmarks to run. Each run of a benchmark in tools/bench measures two or three things in turn, to
// compare them under the same load of the machine.
var benchmarks = []struct {
	goal            string
	folder, pkg     string
	pattern, quick  string // regular expressions of names; quick is used in a quick run
	count, duration string
}{
	{"1", root, "./internal/provider/images", "ReadDataSource", "ReadDataSource/fill=/images=(100|1000)$", "6", "500ms"},
	{"1", root, "./internal/provider/labels", "ReadLabels", "ReadLabels", "6", "500ms"},
	{"2", ".", ".", "Plan//images=1000$", "Plan//images=(100|1000)$", "11", "1x"},
	{"2", ".", ".", "Plan//images=(100|5000|10000)$", "", "3", "1x"},
	{"3", root, "./internal/paiclient", "ListImages", "ListImages", "6", "1x"},
	{"4", ".", ".", "Sharing", "Sharing", "11", "1x"},
	{"4", ".", ".", "RateLimit", "RateLimit", "3", "1x"},
	{"4", ".", ".", "Lookups", "Lookups", "15", "1x"},
	{"4", root, "./internal/provider/lookup", "SharedClient", "SharedClient", "6", "1s"},
	{"5", ".", ".", "Memory", "Memory/images=(100|1000)$", "3", "1x"},
	{"5", ".", ".", "Start", "Start", "31", "1x"},
}

// root is the path of the checkout. The program runs in tools/bench.
const root = "../.."

// run runs the benchmarks and prints the table. It also writes the report, unless the flag -goals limits the
// benchmarks.
func (b bench) run(ctx context.Context) error {
	started := time.Now()
	var output bytes.Buffer
	for _, benchmark := range benchmarks {
		pattern, count, duration := benchmark.pattern, benchmark.count, benchmark.duration
		if b.quick {
			pattern, count, duration = benchmark.quick, "1", "1x"
		}
		if pattern == "" || b.goals != "" && !slices.Contains(strings.Split(b.goals, ","), benchmark.goal) {
			continue
		}
		command := newGoTestCommand(ctx, benchmark.folder, "-run", "^$", "-bench", "^Benchmark"+pattern,
			"-count", count, "-benchtime", duration, "-timeout", "60m", benchmark.pkg)
		command.Stdout = io.MultiWriter(&output, os.Stderr)
		before := output.Len()
		if err := command.Run(); err != nil {
			return fmt.Errorf("run the benchmarks %s: %w", pattern, err)
		}
		if !bytes.Contains(output.Bytes()[before:], []byte("\nBenchmark")) {
			return fmt.Errorf("no benchmark in %s matches %s", benchmark.pkg, pattern)
		}
	}
	results, err := parseResults(output.String())
	if err != nil {
		return err
	}
	if b.goals == "" && !b.quick {
		if err := checkMeasured(results); err != nil {
			return err
		}
	}
	rows := judge(results, b.quick)
	fmt.Print("\n", formatTable(rows))
	if b.goals != "" {
		return nil
	}
	p, err := newPage(ctx, b, output.Bytes(), rows)
	if err != nil {
		return err
	}
	p.Duration = time.Since(started).Round(time.Second)
	folder := b.out
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(root, folder)
	}
	return p.write(folder, results)
}

// newGoTestCommand returns a command that runs go test in folder. It overrides GOWORK and GOFLAGS of the caller, and
// disables cgo, as release builds do.
func newGoTestCommand(ctx context.Context, folder string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "go", append([]string{"test"}, arguments...)...) //nolint:gosec // constants
	command.Dir, command.Stderr = folder, os.Stderr
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	// Interrupt, because a CLI that is killed does not stop its provider.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	return command
}

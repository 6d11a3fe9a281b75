// Command bench measures how fast and how light the provider is, against what it could be at best and against what is usual, all
// of it in one run on one machine. `make bench` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/tools/bench/measure"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	var o options
	flag.Func("cli", "a Terraform or OpenTofu to plan with, as a `path`; may be repeated", func(path string) error {
		o.clis = append(o.clis, path)
		return nil
	})
	flag.StringVar(&o.out, "out", filepath.Join("docs", "performance"), "the `folder` for page and chart, relative to the checkout")
	flag.BoolVar(&o.quick, "quick", false, "measure little, to see that measuring works")
	flag.StringVar(&o.goals, "goals", "", "only measure for these `numbers`, such as 2,4, and write nothing")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := bench(ctx, o)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

type options struct {
	clis  []string
	out   string
	quick bool
	goals string
}

// bench measures, prints the table, and writes the page if everything was measured.
func bench(ctx context.Context, o options) error {
	begun := time.Now()
	work, err := os.MkdirTemp("", "pai-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	b := &measure.Bench{Work: work, Effort: measure.Full, Say: func(format string, values ...any) {
		fmt.Fprintf(os.Stderr, "%4.0f s  "+format+"\n", append([]any{time.Since(begun).Seconds()}, values...)...)
	}}
	if o.quick {
		b.Effort = measure.Quick
	}
	if b.Root, err = measure.Root(ctx); err != nil {
		return err
	}
	if b.CLIs, err = findCLIs(ctx, o.clis); err != nil {
		return err
	}
	if err := b.Build(ctx); err != nil {
		return err
	}

	var found measure.Findings
	var failed error
	for i, goal := range measure.Goals {
		number := fmt.Sprint(i + 1)
		if o.goals != "" && !slices.Contains(strings.Split(o.goals, ","), number) {
			continue
		}
		b.Say("Goal %s: %s", number, goal.Name)
		more, err := goal.Measure(b, ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // the others are worth having, but not a page that lacks some
			failed = errors.Join(failed, fmt.Errorf("goal %s, %s, could not be measured: %w", number, goal.Name, err))
		}
		found.Lines, found.Panels = append(found.Lines, more.Lines...), append(found.Panels, more.Panels...)
	}
	fmt.Println(report.Table(found.Lines))
	for _, missed := range report.Missed(found.Lines) {
		fmt.Println(missed)
	}
	if failed != nil || o.goals != "" {
		return failed
	}
	folder := o.out
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(b.Root, folder)
	}
	machine, err := lookAround(ctx, b)
	if err != nil {
		return err
	}
	b.Say("Done. The page and the chart are in %s", folder)
	return write(folder, page{Machine: machine, Effort: b.Effort, Findings: found, Took: time.Since(begun)})
}

// findCLIs asks each which it is. One that is named twice, as where the pinned OpenTofu is also the only CLI, is one.
func findCLIs(ctx context.Context, paths []string) ([]measure.CLI, error) {
	if len(paths) == 0 {
		return nil, errors.New("plans need a Terraform or OpenTofu: say -cli, or let make bench say it")
	}
	var clis []measure.CLI
	for _, path := range paths {
		cli, err := measure.FindCLI(ctx, path)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(clis, func(other measure.CLI) bool { return other.Version == cli.Version }) {
			clis = append(clis, cli)
		}
	}
	return clis, nil
}

// Package measure has one file for each of the goals that `make bench` shows: what is run, how often, against what.
package measure

import (
	"context"
	"fmt"

	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

// Bench is what all of it shares.
type Bench struct {
	Root   string // of the checkout that is measured
	Work   string // a folder for everything that is made
	CLIs   []CLI  // for plans: whole plans are measured with each, the rest with the first
	Effort Effort
	Say    func(format string, values ...any) // tells how far it is

	programs programs
}

// Findings are what comes out of measuring.
type Findings struct {
	Lines  []report.Line
	Panels []report.Panel
}

func (f *Findings) add(line report.Line) { f.Lines = append(f.Lines, line) }

// Goals are what is measured, in the order of the table.
var Goals = []struct {
	Name    string
	Measure func(*Bench, context.Context) (Findings, error)
}{
	{"ReadDataSource against structs", (*Bench).reads},
	{"a whole plan against the floor", (*Bench).plans},
	{"listings with slow requests", (*Bench).listings},
	{"several lookups against one", (*Bench).lookups},
	{"memory, start-up and size", (*Bench).process},
}

// goal is the goal where this effort judges.
func (b *Bench) goal(goal *report.Goal) *report.Goal {
	if !b.Effort.Judge {
		return nil
	}
	return goal
}

// interleave measures several things in turn, so many rounds, after one that doesn't count: it fills caches. What makes the
// machine slower for a while hits all of them alike, and every other round goes backwards, so that none always has the place
// after the same one.
func interleave(ctx context.Context, unit report.Unit, rounds int, things ...func(context.Context) (float64, error)) ([]report.Sample, error) {
	samples := make([]report.Sample, len(things))
	for i := range samples {
		samples[i].Unit = unit
	}
	for round := range rounds + 1 {
		for i := range things {
			if round%2 == 1 {
				i = len(things) - 1 - i
			}
			value, err := things[i](ctx)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				samples[i].Values = append(samples[i].Values, value)
			}
		}
	}
	return samples, nil
}

// with names a number of images.
func with(what string, images int) string {
	return fmt.Sprintf("%s, %s images", what, report.Count(images))
}

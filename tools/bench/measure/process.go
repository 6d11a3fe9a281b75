package measure

import (
	"context"
	"os"
	"time"

	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
	"terraform.local/pai/terraform-provider-pai/tools/bench/wire"
)

const mb = 1e6

// process is goal 5: what the provider's process takes in memory, at its start, and on disk.
func (b *Bench) process(ctx context.Context) (Findings, error) {
	found, err := b.memory(ctx)
	if err != nil {
		return found, err
	}
	samples, err := interleave(ctx, report.Seconds, b.Effort.Starts, starts(b.programs.ours), starts(b.programs.empty))
	if err != nil {
		return found, err
	}
	b.Say("  start-up %s, of an empty provider %s", samples[0], samples[1])
	found.add(report.Line{
		Row: 5, Topic: report.StartUp, What: "start-up: handshake and schema", Ours: samples[0], Other: samples[1],
		Against: "of an empty provider", Goal: b.goal(report.AtMost(1.2)),
	}.Times())

	var sizes [2]report.Sample
	for i, program := range []string{b.programs.ours, b.programs.empty} {
		file, err := os.Stat(program)
		if err != nil {
			return found, err
		}
		sizes[i] = report.Of(report.Bytes, float64(file.Size()))
	}
	found.add(report.Line{
		Row: 5, Topic: report.Size, What: "binary, stripped", Ours: sizes[0], Other: sizes[1],
		Against: "of an empty provider", Goal: b.goal(report.AtMost(1.25)),
	}.Times())
	return found, nil
}

// starts times what a CLI waits for before it can do anything: the process, the handshake, the schema.
func starts(program string) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		begun := time.Now()
		provider, err := wire.Start(program)
		if err != nil {
			return 0, err
		}
		defer provider.Close()
		_, err = provider.Ask(ctx, wire.Schema, nil)
		return time.Since(begun).Seconds(), err
	}
}

package measure

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/tools/benchmark/parse"

	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

const readBenchmark = "BenchmarkReadDataSource"

// ways are how the provider fills the state, and how tutorials do: names that the benchmark gives its parts.
var ways = [2]string{"direct", "structs"}

// figures are the time and the bytes of one call, by the benchmark's part: way=direct/images=1000.
type figures map[string]struct{ time, bytes report.Sample }

// reads is goal 1: the provider's own benchmark, run and read here.
func (b *Bench) reads(ctx context.Context) (Findings, error) {
	var found Findings
	measured := figures{}
	for _, of := range b.Effort.Reads {
		pattern := fmt.Sprintf("^%s$/^way=(%s)$/^images=%d$", readBenchmark, strings.Join(ways[:], "|"), of.Images)
		printed, err := goCommand(ctx, b.Root, "test", "-run", "^$", "-bench", pattern, "-benchmem",
			"-count", fmt.Sprint(of.Runs), "-benchtime", b.Effort.Each.String(), "-timeout", "30m", "./internal/provider/images")
		if err != nil {
			return found, err
		}
		if err := measured.read(printed); err != nil {
			return found, err
		}
		for _, way := range ways {
			if _, is := measured[part(way, of.Images)]; !is {
				return found, fmt.Errorf("internal/provider/images has no %s/%s", readBenchmark, part(way, of.Images))
			}
		}
		ours, structs := measured[part(ways[0], of.Images)], measured[part(ways[1], of.Images)]
		took := report.Line{
			Row: 1, Topic: report.ReadTime, What: with("`ReadDataSource`", of.Images) + ": time",
			Ours: ours.time, Other: structs.time, Against: "with structs",
		}
		allocated := report.Line{
			Row: 1, Topic: report.ReadBytes, What: with("`ReadDataSource`", of.Images) + ": allocated",
			Ours: ours.bytes, Other: structs.bytes, Against: "with structs",
		}
		if of.Images == readGoalImages {
			took.Goal, allocated.Goal = b.goal(report.AtLeast(80)), b.goal(report.AtLeast(40))
		}
		found.add(took.TimesLess())
		found.add(allocated.TimesLess())
		b.Say("  %s images: %s, with structs %s", report.Count(of.Images), ours.time, structs.time)
	}
	found.Panels = measured.panels(b.Effort.Reads)
	return found, nil
}

func part(way string, images int) string { return fmt.Sprintf("way=%s/images=%d", way, images) }

// read takes the figures out of what `go test -bench` prints.
func (f figures) read(printed string) error {
	set, err := parse.ParseSet(strings.NewReader(printed))
	if err != nil {
		return err
	}
	for _, runs := range set {
		for _, one := range runs {
			name, is := strings.CutPrefix(one.Name, readBenchmark+"/")
			if !is {
				continue
			}
			if dash := strings.LastIndex(name, "-"); dash > 0 { // the number of processors, where it isn't one
				name = name[:dash]
			}
			known := f[name]
			known.time.Unit, known.bytes.Unit = report.Seconds, report.Bytes
			known.time.Values = append(known.time.Values, one.NsPerOp/1e9)
			known.bytes.Values = append(known.bytes.Values, float64(one.AllocedBytesPerOp))
			f[name] = known
		}
	}
	return nil
}

func (f figures) panels(sizes []Reads) []report.Panel {
	took := report.Panel{Title: "ReadDataSource: time", Y: "milliseconds", Scale: 1e-3, Logs: true}
	allocated := report.Panel{Title: "ReadDataSource: allocated", Y: "MB", Scale: 1e6, Logs: true}
	for i, way := range ways {
		name := []string{"ours", "structs with State.Set"}[i]
		times, sums := report.Series{Name: name}, report.Series{Name: name}
		for _, of := range sizes {
			at := f[part(way, of.Images)]
			times.Points = append(times.Points, report.Point{Images: of.Images, Sample: at.time})
			sums.Points = append(sums.Points, report.Point{Images: of.Images, Sample: at.bytes})
		}
		took.Series, allocated.Series = append(took.Series, times), append(allocated.Series, sums)
	}
	return []report.Panel{took, allocated}
}

package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

// memoryGoals are in MB, by the number of images.
var memoryGoals = map[int]float64{1000: 64, 10_000: 160}

// memory is how much of the machine's memory the provider's process has held at most when a plan is over.
func (b *Bench) memory(ctx context.Context) (Findings, error) {
	var found Findings
	grown := report.Series{Name: "ours"}
	for _, of := range b.Effort.Memory {
		line := report.Line{Row: 5, Topic: report.Memory, What: with("peak of resident memory", of.Images), In: "MB"}
		if limit, is := memoryGoals[of.Images]; is {
			line.Goal = b.goal(report.AtMost(limit))
		}
		peaks, err := b.peaks(ctx, of)
		switch {
		case errors.Is(err, errNotLinux):
			line.Note = err.Error()
		case err != nil:
			return found, err
		default:
			line.Ours = peaks
			line = line.Units(mb, "MB")
			grown.Points = append(grown.Points, report.Point{Images: of.Images, Sample: peaks})
			b.Say("  peak of resident memory, %s images: %s", report.Count(of.Images), peaks)
		}
		found.add(line)
	}
	if len(grown.Points) > 0 {
		found.Panels = []report.Panel{{
			Title: "Peak of resident memory of the provider's process", Y: "MB", Scale: mb, Series: []report.Series{grown},
		}}
	}
	return found, nil
}

func (b *Bench) peaks(ctx context.Context, of Plans) (report.Sample, error) {
	peaks := report.Sample{Unit: report.Bytes}
	sandbox, err := paisandbox.Start(ctx, paisandbox.Options{Catalogue: catalogue(of.Images)})
	if err != nil {
		return peaks, err
	}
	defer func() { _ = sandbox.Close() }()
	place, err := b.workplace(ctx, b.CLIs[0], "memory", b.programs.ours, allImages, sandbox.Environ())
	if err != nil {
		return peaks, err
	}
	for range of.Runs {
		peak, err := place.peak(ctx, b.programs.ours, showsCount(of.Images))
		if err != nil {
			return peaks, err
		}
		peaks.Values = append(peaks.Values, peak)
	}
	return peaks, nil
}

// peak runs a plan against a provider that was started by hand, as for a debugger: it is still there when the plan is over.
func (w *workplace) peak(ctx context.Context, program string, shows *regexp.Regexp) (float64, error) {
	command := exec.CommandContext(ctx, program, "-debug")
	command.Env = slices.Clone(w.environment)
	interruptible(command)
	printed, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := command.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait() // it was interrupted, and says so
	}()
	attach, err := reattach(printed)
	if err != nil {
		return 0, err
	}
	if _, err := w.plan(ctx, shows, attach); err != nil {
		return 0, err
	}
	return highWater(command.Process.Pid)
}

var (
	errNotLinux = errors.New("not measured: only Linux says")
	attachment  = regexp.MustCompile(`(TF_REATTACH_PROVIDERS=)'(.+)'`)
	mark        = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)
)

// reattach finds the variable that tells a CLI of a provider that runs already.
func reattach(printed io.Reader) (string, error) {
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		if variable := attachment.FindStringSubmatch(lines.Text()); variable != nil {
			return variable[1] + variable[2], nil
		}
	}
	return "", errors.Join(errors.New("the provider did not say how to attach to it"), lines.Err())
}

// highWater is the most memory that a process has held, in bytes.
func highWater(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, errNotLinux
	}
	if err != nil {
		return 0, err
	}
	said := mark.FindSubmatch(status)
	if said == nil {
		return 0, errNotLinux
	}
	kib, err := strconv.ParseFloat(string(said[1]), 64)
	return kib * 1024, err
}

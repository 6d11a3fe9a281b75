package measure

import (
	"context"
	"fmt"
	"os"
	"regexp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

// allImages is the same configuration for every provider: the plan shows how many images it got.
const allImages = `
provider "pai" {}

data "pai_images" "all" {}

output "count" {
  value = length(data.pai_images.all.images)
}
`

func showsCount(images int) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(?m)^\s*\+ count = %d$`, images))
}

// catalogue is made of images with 12 labels each.
func catalogue(images int) []paisandbox.Image {
	all := paisandbox.Numbered(images)
	for i := range all {
		all[i] = all[i].With(func(image *paisandbox.Image) {
			labels := image.Labels.Or(nil)
			for _, label := range [][2]string{
				{"origin", "PAI"},
				{"imageUri", image.ImageURI.Or("")},
				{"supported.dsw", "true"},
				{"supported.eas", "false"},
				{"language.Python", "3.12"},
				{"cuda", "13.0"},
				{"os", "ubuntu24.04"},
				{"eas.default.script", "python app.py --port=8000"},
			} {
				labels = append(labels, paisandbox.L("system."+label[0], label[1]))
			}
			image.Labels = paisandbox.Value(labels)
		})
	}
	return all
}

// plans is goal 2. The sizes beside the goal's own are there for the chart, with the first CLI.
func (b *Bench) plans(ctx context.Context) (Findings, error) {
	var found Findings
	growth := [2]report.Series{{Name: "ours"}, {Name: "the floor"}}
	for i, cli := range b.CLIs {
		for _, of := range b.Effort.Plans {
			if i > 0 && of.Images != b.Effort.Images {
				continue
			}
			samples, err := b.plansOf(ctx, cli, of)
			if err != nil {
				return found, err
			}
			line := report.Line{
				Row: 2, Topic: report.Plan, What: with("`"+cli.Command+" plan`", of.Images), Ours: samples[0], Other: samples[1], Against: "at the floor",
			}
			if of.Images == b.Effort.Images {
				line.Goal = b.goal(report.AtMost(1.15))
			}
			found.add(line.Times())
			for j := range growth {
				if i == 0 {
					growth[j].Points = append(growth[j].Points, report.Point{Images: of.Images, Sample: samples[j]})
				}
			}
			b.Say("  %s, %s images: %s, at the floor %s", cli.Command, report.Count(of.Images), samples[0], samples[1])
		}
	}
	found.Panels = []report.Panel{{
		Title: b.CLIs[0].Command + " plan, whole process", Y: "seconds", Scale: 1, Series: growth[:],
	}}
	return found, nil
}

// plansOf runs plans with ours and with the floor by turns.
func (b *Bench) plansOf(ctx context.Context, cli CLI, of Plans) ([]report.Sample, error) {
	sandbox, err := paisandbox.Start(ctx, paisandbox.Options{Catalogue: catalogue(of.Images)})
	if err != nil {
		return nil, err
	}
	defer func() { _ = sandbox.Close() }()
	ours, err := b.workplace(ctx, cli, "ours", b.programs.ours, allImages, sandbox.Environ())
	if err != nil {
		return nil, err
	}
	answers, err := os.MkdirTemp(b.Work, "answers-")
	if err != nil {
		return nil, err
	}
	floor, err := b.workplace(ctx, cli, "floor", b.programs.floor, allImages, append(sandbox.Environ(), "PAI_BENCH_ANSWERS="+answers))
	if err != nil {
		return nil, err
	}
	shows := showsCount(of.Images)
	// The floor passes one plan on to ours and keeps the answers. From then on it needs neither ours nor the sandbox.
	if _, err := floor.plan(ctx, shows, "PAI_BENCH_PROVIDER="+b.programs.ours); err != nil {
		return nil, fmt.Errorf("recording the floor's answers: %w", err)
	}
	return interleave(ctx, report.Seconds, of.Runs,
		func(ctx context.Context) (float64, error) { return ours.plan(ctx, shows) },
		func(ctx context.Context) (float64, error) { return floor.plan(ctx, shows) },
	)
}

package measure

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

// lookups is goal 4: plans with eight lookups, with one, and with none, where every request is slow.
//
// The plan with none has a lookup, too, with a count of zero: without any block of the provider's the CLI would neither
// configure it nor start it for the plan itself, and what it takes to start would be counted as a lookup's.
func (b *Bench) lookups(ctx context.Context) (Findings, error) {
	var found Findings
	sandbox, err := b.slowSandbox(ctx, paisandbox.Options{Region: paisandbox.DefaultRegion})
	if err != nil {
		return found, err
	}
	defer func() { _ = sandbox.Close() }()
	names, err := someNames(sandbox.Images())
	if err != nil {
		return found, err
	}
	var plans []func(context.Context) (float64, error)
	for _, number := range []int{0, 1, someLookups} {
		place, err := b.workplace(ctx, b.CLIs[0], "lookups", b.programs.ours, lookupConfiguration(names[:number]), sandbox.Environ())
		if err != nil {
			return found, err
		}
		shows := regexp.MustCompile(fmt.Sprintf(`(?m)^\s*\+ found = %d$`, number))
		plans = append(plans, func(ctx context.Context) (float64, error) {
			before := len(sandbox.Requests())
			took, err := place.plan(ctx, shows)
			if asked := len(sandbox.Requests()) - before; err == nil && asked != number {
				err = fmt.Errorf("%d lookups sent %d requests", number, asked)
			}
			return took, err
		})
	}
	samples, err := interleave(ctx, report.Seconds, b.Effort.Lookups, plans...)
	if err != nil {
		return found, err
	}
	none, one, several := samples[0], samples[1], samples[2]
	line := report.Line{
		Row: 4, Topic: report.Lookups, What: fmt.Sprintf("what %d `pai_image` lookups add to a plan", someLookups),
		Ours: several, Other: one, Against: "that one adds", Goal: b.goal(report.AtMost(1.2)),
	}.Added(none).Times()
	found.add(line)
	b.Say("  plans with none %s, with one %s, with %d %s", none, one, someLookups, several)
	return found, nil
}

// someNames are names of official images, each of one image alone.
func someNames(images []paisandbox.Image) ([]string, error) {
	times := map[string]int{}
	for _, image := range images {
		times[image.Name.Or("")]++
	}
	var names []string
	for _, image := range images {
		name, is := image.Name.Get()
		official := slices.Contains(image.Labels.Or(nil), paisandbox.L("system.official", "true"))
		if is && official && times[name] == 1 {
			names = append(names, name)
		}
	}
	if len(names) < someLookups {
		return nil, fmt.Errorf("the sandbox has only %d official images that can be told apart by name", len(names))
	}
	return names[:someLookups], nil
}

func lookupConfiguration(names []string) string {
	var text, found strings.Builder
	text.WriteString("\nprovider \"pai\" {}\n")
	count := ""
	if len(names) == 0 {
		names, count = []string{"none"}, "\n  count = 0\n"
	}
	for i, name := range names {
		fmt.Fprintf(&text, "\ndata \"pai_image\" \"image_%d\" {%s\n  name     = %q\n  official = true\n}\n", i, count, name)
		fmt.Fprintf(&found, "data.pai_image.image_%d[*].image_uri, ", i)
	}
	fmt.Fprintf(&text, "\noutput \"found\" {\n  value = length(concat(%s))\n}\n", strings.TrimSuffix(found.String(), ", "))
	return text.String()
}

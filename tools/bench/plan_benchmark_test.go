package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// listConfiguration lists all images. The plan shows how many there are.
const listConfiguration = `
provider "pai" {}

data "pai_images" "all" {}

output "count" {
  value = length(data.pai_images.all.images)
}
`

// BenchmarkPlan times whole plans with our provider and with the floor by turns.
func BenchmarkPlan(b *testing.B) {
	for _, cli := range clis(b) {
		for _, images := range []int{100, 1000, 5000, 10_000} {
			prepare := sync.OnceValues(func() ([]measurement, error) { return preparePlans(b, cli, images) })
			b.Run(fmt.Sprintf("cli=%s/images=%d", cliName(b, cli), images), func(b *testing.B) {
				plans, err := prepare()
				if err != nil {
					b.Fatal(err)
				}
				seconds := takeTurns(b, plans)
				b.ReportMetric(seconds[0], "ours-sec")
				b.ReportMetric(seconds[1], "floor-sec")
			})
		}
	}
}

// preparePlans returns measurements of a plan with our provider and with the floor, after one plan of each for warming
// up.
func preparePlans(b *testing.B, cli string, images int) ([]measurement, error) {
	b.Helper()
	sandbox := startSandbox(b, images)
	ours, err := newWorkplace(cli, buildOurs, listConfiguration, sandbox.Environ())
	if err != nil {
		return nil, err
	}
	environment := append(sandbox.Environ(), "PAI_BENCH_RESPONSES="+b.TempDir())
	floor, err := newWorkplace(cli, buildFloor, listConfiguration, environment)
	if err != nil {
		return nil, err
	}
	provider, err := buildOurs()
	if err != nil {
		return nil, err
	}
	output := fmt.Sprintf("count = %d", images)
	// The floor records the responses of our provider. From then on it needs neither our provider nor the sandbox.
	if _, err := floor.plan(b.Context(), output, "PAI_BENCH_PROVIDER="+provider); err != nil {
		return nil, err
	}
	if _, err := ours.plan(b.Context(), output); err != nil {
		return nil, err
	}
	requests := 2 * images / paiclient.MaxPageSize // two passes
	return []measurement{ours.timePlan(sandbox, output, requests), floor.timePlan(sandbox, output, 0)}, nil
}

// BenchmarkLookups times plans with no pai_image lookup, one and eight by turns. It reports what one and eight lookups
// add to a plan with none.
func BenchmarkLookups(b *testing.B) {
	cli := clis(b)[0]
	const delay = 200 * time.Millisecond
	sandbox := startSandbox(b, 8)
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(delay)})
	prepare := sync.OnceValues(func() (plans []measurement, err error) {
		for _, lookups := range []int{0, 1, 8} {
			configuration := lookupConfiguration(sandbox.Images()[:lookups])
			place, err := newWorkplace(cli, buildOurs, configuration, sandbox.Environ())
			if err != nil {
				return nil, err
			}
			plan := place.timePlan(sandbox, fmt.Sprintf("found = %d", lookups), lookups)
			if _, err := plan(b.Context()); err != nil { // for warming up
				return nil, err
			}
			plans = append(plans, plan)
		}
		return plans, nil
	})
	b.Run("delay="+delay.String(), func(b *testing.B) {
		plans, err := prepare()
		if err != nil {
			b.Fatal(err)
		}
		seconds := takeTurns(b, plans)
		b.ReportMetric(seconds[1]-seconds[0], "one-sec")
		b.ReportMetric(seconds[2]-seconds[0], "eight-sec")
	})
}

// lookupConfiguration looks up each image by its name. Without images, it has a lookup with a count of zero, because a
// CLI doesn't start the provider for a configuration without lookups, and the start would count as part of a lookup.
func lookupConfiguration(images []paisandbox.Image) string {
	var blocks, uris strings.Builder
	blocks.WriteString("\nprovider \"pai\" {}\n")
	if len(images) == 0 {
		blocks.WriteString("\ndata \"pai_image\" \"image_0\" {\n  count = 0\n  name  = \"none\"\n}\n")
		uris.WriteString("data.pai_image.image_0[*].image_uri")
	}
	for i, image := range images {
		fmt.Fprintf(&blocks, "\ndata \"pai_image\" \"image_%d\" {\n  name = %q\n}\n", i, image.Name.Or(""))
		fmt.Fprintf(&uris, "data.pai_image.image_%d[*].image_uri, ", i)
	}
	return blocks.String() + fmt.Sprintf("\noutput \"found\" {\n  value = length(concat(%s))\n}\n", &uris)
}

// startSandbox starts a sandbox with a number of images, each with 12 labels.
func startSandbox(tb testing.TB, number int) *paisandbox.Sandbox {
	tb.Helper()
	images := paisandbox.Numbered(number)
	for i := range images {
		images[i] = images[i].With(func(image *paisandbox.Image) {
			labels := image.Labels.Or(nil)
			for n := len(labels); n < 12; n++ {
				labels = append(labels, paisandbox.L(fmt.Sprintf("system.label.%d", n), fmt.Sprintf("value %d of %d", n, i%10)))
			}
			image.Labels = paisandbox.Value(labels)
		})
	}
	sandbox, err := paisandbox.Start(context.Background(), paisandbox.Options{Catalogue: images})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// clis returns the paths of the CLIs to measure with.
func clis(b *testing.B) []string {
	b.Helper()
	paths := filepath.SplitList(os.Getenv(clisVariable))
	if len(paths) == 0 {
		b.Skip("set " + clisVariable + " to the path of a Terraform or OpenTofu")
	}
	return paths
}

// cliName returns terraform or tofu.
func cliName(b *testing.B, path string) string {
	b.Helper()
	version, err := exec.CommandContext(b.Context(), path, "version").Output()
	if err != nil {
		b.Fatal(err)
	}
	if strings.HasPrefix(string(version), "OpenTofu") {
		return "tofu"
	}
	return "terraform"
}

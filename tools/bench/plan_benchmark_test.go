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

// listConfiguration is a configuration that lists all images and outputs their number.
const listConfiguration = `
provider "pai" {}

data "pai_images" "all" {}

output "count" {
  value = length(data.pai_images.all.images)
}
`

// BenchmarkPlan measures the time of whole plans, in turn with our provider and with the floor.
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

// preparePlans returns two measurements: a plan with our provider, and a plan with the floor. It runs each plan once
// before it returns, so that caches are warm.
func preparePlans(b *testing.B, cli string, images int) ([]measurement, error) {
	b.Helper()
	sandbox := startSandbox(b, images)
	ours, err := newWorkDir(cli, buildOurs, listConfiguration, sandbox.Environ())
	if err != nil {
		return nil, err
	}
	environment := append(sandbox.Environ(), "PAI_BENCH_RESPONSES="+b.TempDir())
	floor, err := newWorkDir(cli, buildFloor, listConfiguration, environment)
	if err != nil {
		return nil, err
	}
	provider, err := buildOurs()
	if err != nil {
		return nil, err
	}
	output := fmt.Sprintf("count = %d", images)
	// This plan records the responses of our provider. Later plans with the floor need neither the provider nor the
	// sandbox.
	if _, err := floor.plan(b.Context(), output, "PAI_BENCH_PROVIDER="+provider); err != nil {
		return nil, err
	}
	if _, err := ours.plan(b.Context(), output); err != nil {
		return nil, err
	}
	requests := 2 * images / paiclient.MaxPageSize // two passes
	return []measurement{ours.timePlan(sandbox, output, requests), floor.timePlan(sandbox, output, 0)}, nil
}

// BenchmarkLookups measures in turn plans with no pai_image lookup, with one and with eight. It reports the times that
// one lookup and eight lookups add to the plan without lookups.
func BenchmarkLookups(b *testing.B) {
	cli := clis(b)[0]
	const delay = 200 * time.Millisecond
	sandbox := startSandbox(b, 8)
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(delay)})
	prepare := sync.OnceValues(func() (plans []measurement, err error) {
		for _, lookups := range []int{0, 1, 8} {
			configuration := lookupConfiguration(sandbox.Images()[:lookups])
			dir, err := newWorkDir(cli, buildOurs, configuration, sandbox.Environ())
			if err != nil {
				return nil, err
			}
			plan := dir.timePlan(sandbox, fmt.Sprintf("found = %d", lookups), lookups)
			if _, err := plan(b.Context()); err != nil { // warms caches up
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

// lookupConfiguration returns a configuration that looks up each image by its name. Without images, it contains a data
// source with a count of zero. Without a data source, the CLI would not start the provider, and the reported times
// would include the start of the provider.
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

// startSandbox starts a sandbox with the given number of images. Each image has 12 labels.
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

// clis returns the paths of the CLIs to measure. It skips the benchmark if there are none.
func clis(b *testing.B) []string {
	b.Helper()
	paths := filepath.SplitList(os.Getenv(clisVariable))
	if len(paths) == 0 {
		b.Skip("set " + clisVariable + " to the path of a Terraform or OpenTofu")
	}
	return paths
}

// cliName returns "terraform" or "tofu", depending on the CLI's output.
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

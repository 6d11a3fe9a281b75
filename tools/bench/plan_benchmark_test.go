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
			prepared := sync.OnceValues(func() ([]measurement, error) { return preparePlans(b, cli, images) })
			b.Run(fmt.Sprintf("cli=%s/images=%d", cliName(b, cli), images), func(b *testing.B) {
				plans, err := prepared()
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

// preparePlans returns two measurements: a plan with our provider, and a plan with the floor.
func preparePlans(b *testing.B, cli string, images int) ([]measurement, error) {
	b.Helper()
	sandbox := startSandbox(b, images)
	output := fmt.Sprintf("count = %d", images)
	floor, err := prepareFloor(b, cli, listConfiguration, sandbox, output)
	if err != nil {
		return nil, err
	}
	pages := images / paiclient.MaxPageSize
	twoPasses := expected{least: 2 * pages, most: 2 * pages}
	ours, err := prepare(b, cli, listConfiguration, sandbox, output, twoPasses)
	return []measurement{ours, floor}, err
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

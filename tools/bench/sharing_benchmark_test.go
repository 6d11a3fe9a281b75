package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// sharingImages is the number of images for lookups that share lists. All are on one page, so a list needs one request.
const sharingImages = 99

// lookupConfiguration is a format string of a configuration with pai_images lookups. Its values are the number of
// lookups and the argument that differs between them. Each lookup finds one image, or none from number 99 on.
const lookupConfiguration = `
provider "pai" {}

data "pai_images" "numbered" {
  count = %d
  %s
}

output "found" {
  value = length(flatten(data.pai_images.numbered[*].ids))
}
`

const (
	equalRequests     = `name_regex = ":1[.]${count.index}[.]0"`
	differentRequests = `name = "numbered:1.${count.index}.0"`
)

// BenchmarkSharing counts the requests of 20 pai_images lookups with the same request in one plan.
func BenchmarkSharing(b *testing.B) {
	cli := clis(b)[0]
	const lookups = 20
	for _, delay := range []time.Duration{0, 100 * time.Millisecond} {
		prepared := sync.OnceValues(func() (measurement, error) {
			sandbox := startSlowSandbox(b, sharingImages, delay)
			dir, err := newWorkDir(cli, buildOurs, fmt.Sprintf(lookupConfiguration, lookups, equalRequests), sandbox.Environ())
			if err != nil {
				return nil, err
			}
			requests := expected{least: 1, most: lookups, delay: delay}
			return dir.countRequests(sandbox, fmt.Sprintf("found = %d", lookups), requests), nil
		})
		b.Run(fmt.Sprintf("delay=%s", delay), func(b *testing.B) {
			plan, err := prepared()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(takeTurns(b, []measurement{plan})[0], "requests")
		})
	}
}

// BenchmarkRateLimit measures in turn plans with one pai_images lookup, with 200 lookups that have the same request,
// and with 200 that have different ones. The service allows 20 requests per second.
func BenchmarkRateLimit(b *testing.B) {
	cli := clis(b)[0]
	const lookups, rate = 200, 20
	prepared := sync.OnceValues(func() (plans []measurement, err error) {
		sandbox := startSandbox(b, sharingImages)
		sandbox.AddFault(paisandbox.Fault{
			Do: paisandbox.LimitRate(rate, paisandbox.Throttle(http.StatusTooManyRequests, -1)),
		})
		for _, lookup := range []struct {
			count    int
			argument string
			requests expected
		}{
			{1, equalRequests, expected{least: 1, most: 1}},
			{lookups, equalRequests, expected{least: 1, most: lookups}},
			{lookups, differentRequests, expected{least: lookups, most: 2 * lookups}},
		} {
			dir, err := newWorkDir(
				cli, buildOurs, fmt.Sprintf(lookupConfiguration, lookup.count, lookup.argument), sandbox.Environ())
			if err != nil {
				return nil, err
			}
			plan := dir.timePlan(sandbox, fmt.Sprintf("found = %d", min(lookup.count, sharingImages)), lookup.requests)
			plans = append(plans, limited(plan, lookup.requests.least, rate))
		}
		return plans, nil
	})
	b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) {
		plans, err := prepared()
		if err != nil {
			b.Fatal(err)
		}
		seconds := takeTurns(b, plans)
		b.ReportMetric(seconds[0], "one-sec")
		b.ReportMetric(seconds[1], "equal-sec")
		b.ReportMetric(seconds[2], "different-sec")
	})
}

// limited returns a measurement of a plan that sends at least the given number of requests to a sandbox with a limited
// rate. The measurement fails if the plan is faster than the rate allows. It first waits for a second, because requests
// of the previous plan count towards the rate of this second.
func limited(plan measurement, requests, perSecond int) measurement {
	return func(ctx context.Context) (float64, error) {
		time.Sleep(time.Second)
		seconds, err := plan(ctx)
		if least := float64(requests)/float64(perSecond) - 1; err == nil && seconds < least {
			err = fmt.Errorf("%d requests took %.2f s, which exceeds the rate of %d per second", requests, seconds, perSecond)
		}
		return seconds, err
	}
}

// BenchmarkLookups measures in turn plans with no pai_image lookup, with one and with eight. It reports the times that
// one lookup and eight lookups add to the plan without lookups. It also measures plans with the floor, to report what
// seven more lookups cost the CLI.
func BenchmarkLookups(b *testing.B) {
	cli := clis(b)[0]
	const delay = 200 * time.Millisecond
	prepared := sync.OnceValues(func() (plans []measurement, err error) {
		sandbox := startSlowSandbox(b, 9, delay)
		for _, lookups := range []int{0, 1, 8} {
			requests := expected{least: min(lookups, 1), most: lookups, delay: delay}
			plan, err := prepare(b, cli, imageLookups(lookups), sandbox, fmt.Sprintf("found = %d", lookups), requests)
			if err != nil {
				return nil, err
			}
			plans = append(plans, plan)
		}
		for _, lookups := range []int{1, 8} {
			plan, err := prepareFloor(b, cli, imageLookups(lookups), sandbox, fmt.Sprintf("found = %d", lookups))
			if err != nil {
				return nil, err
			}
			plans = append(plans, plan)
		}
		return plans, nil
	})
	b.Run("delay="+delay.String(), func(b *testing.B) {
		plans, err := prepared()
		if err != nil {
			b.Fatal(err)
		}
		seconds := takeTurns(b, plans)
		one := seconds[1] - seconds[0]
		b.ReportMetric(one, "one-sec")
		b.ReportMetric(seconds[2]-seconds[0], "eight-sec")
		b.ReportMetric(one+seconds[4]-seconds[3], "least-sec")
	})
}

// imageLookups returns a configuration that looks up images by repository and version. If there are none, it contains a
// data source with a count of zero. Without a data source, the CLI would not start the provider, and the reported times
// would include the start of the provider.
func imageLookups(number int) string {
	var blocks, uris strings.Builder
	blocks.WriteString("\nprovider \"pai\" {}\n")
	count := ""
	if number == 0 {
		number, count = 1, "  count      = 0\n"
	}
	for i := range number {
		fmt.Fprintf(&blocks, `
data "pai_image" "image_%d" {
%s  repository = "numbered"
  version    = "1.%d.0"
}
`, i, count, i)
		fmt.Fprintf(&uris, "data.pai_image.image_%d[*].image_uri, ", i)
	}
	return blocks.String() + fmt.Sprintf("\noutput \"found\" {\n  value = length(concat(%s))\n}\n", &uris)
}

// startSlowSandbox starts a sandbox as startSandbox does, which delays each response.
func startSlowSandbox(tb testing.TB, images int, delay time.Duration) *paisandbox.Sandbox {
	tb.Helper()
	sandbox := startSandbox(tb, images)
	if delay > 0 {
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(delay)})
	}
	return sandbox
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// maxResident and maxInterrupt are the promises in docs/reliability.md.
	maxResident  = 256 << 20
	maxInterrupt = time.Second

	// cliOverhead is how long the CLI itself may need after an interrupt, even if the machine is busy.
	cliOverhead = 4 * time.Second

	// How long a plan runs before the test interrupts it.
	hostileTime = 5 * time.Second
	largeTime   = time.Minute

	hostileKey = "LTAI5tHostileEndpoint"
)

// hostileConfiguration has ten lookups, which the CLI runs at the same time. Their requests differ, because equal
// lookups share their requests.
const hostileConfiguration = `
provider "pai" {}

data "pai_images" "list" {
  count = 5
  query = "query ${count.index}"
}

data "pai_image" "newest" {
  count       = 5
  name        = "name ${count.index}"
  most_recent = true
}

output "count" {
  value = length(data.pai_images.list[0].images)
}
`

// TestHostileEndpoints plans ten lookups of endpoints that send too much, and interrupts them. It measures the highest
// resident memory of the provider's process, and the time from the interrupt to the end of the plan.
func TestHostileEndpoints(t *testing.T) { //nolint:paralleltest // other tests would delay the interrupt
	cli := testCLI(t)
	if runtime.GOOS != "linux" {
		t.Skip("only Linux reports the peak of a process's memory")
	}
	dir, err := newWorkDir(cli, buildOurs, hostileConfiguration, []string{
		"ALICLOUD_REGION=cn-hangzhou", "ALICLOUD_SECRET_KEY=secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	measure := func(t *testing.T, name string, endpoint http.Handler, limit time.Duration) hostileMeasurement {
		t.Helper()
		m, err := measureHostile(t, dir, endpoint, limit)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.0f MiB, interrupted: %t, %.2f s after that, %d requests, errors: %s", name, m.peak/(1<<20),
			m.interrupted, m.afterInterrupt.Seconds(), m.requests, m.errors)
		if m.peak > maxResident {
			t.Errorf("the peak of the resident memory is %.0f MiB, want at most %d", m.peak/(1<<20), maxResident>>20)
		}
		return m
	}
	for _, name := range slices.Sorted(maps.Keys(hostileEndpoints)) {
		t.Run(name, func(t *testing.T) {
			m := measure(t, name, hostileEndpoints[name], hostileTime)
			if m.afterInterrupt > maxInterrupt+cliOverhead {
				t.Errorf("the plan ended %s after the interrupt", m.afterInterrupt)
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(largeLists)) { //nolint:paralleltest // as above
		// The CLI needs many seconds for the lists, also after an interrupt.
		t.Run(name, func(t *testing.T) { measure(t, name, largeLists[name], largeTime) })
	}
}

// hostileMeasurement is the result of one plan.
type hostileMeasurement struct {
	peak           float64 // resident memory in bytes
	interrupted    bool
	afterInterrupt time.Duration // from the interrupt to the end of the plan
	requests       int64
	errors         string // the number of errors with each summary
}

// measureHostile runs a plan against an endpoint, with a provider in debug mode. It interrupts the plan after the
// limit.
//
// As for peakMemory, the environment of the CLI has a wrong access key. If the CLI starts a process of its own, the
// endpoint counts no requests, and measureHostile returns an error.
func measureHostile(
	tb testing.TB, dir *workDir, endpoint http.Handler, limit time.Duration,
) (hostileMeasurement, error) {
	tb.Helper()
	var m hostileMeasurement
	var requests atomic.Int64
	server := httptest.NewServer(countKeyRequests(hostileKey, &requests, endpoint))
	defer server.CloseClientConnections()
	program, err := buildOurs()
	if err != nil {
		return m, err
	}
	environment := append(slices.Clone(dir.environment), "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE="+server.URL)
	pid, attach, err := startDebugging(tb, program, append(slices.Clone(environment), "ALICLOUD_ACCESS_KEY="+hostileKey))
	if err != nil {
		return m, err
	}
	var interrupted time.Time
	var output bytes.Buffer
	ctx, cancel := context.WithTimeout(tb.Context(), limit)
	defer cancel()
	plan := exec.CommandContext(ctx, dir.cli, "plan", "-input=false", "-no-color")
	plan.Dir, plan.Stdout, plan.Stderr = dir.folder, &output, &output
	plan.Env = append(slices.Clone(environment), attach, "ALICLOUD_ACCESS_KEY=wrong")
	plan.Cancel = func() error {
		interrupted = time.Now()
		return plan.Process.Signal(os.Interrupt)
	}
	err = plan.Run()
	if m.interrupted = !interrupted.IsZero(); m.interrupted {
		m.afterInterrupt = time.Since(interrupted)
	}
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		return m, err
	}
	if m.requests = requests.Load(); m.requests == 0 {
		return m, fmt.Errorf("the endpoint got no request of the provider:\n%s", &output)
	}
	m.errors = countErrors(output.String())
	m.peak, err = highWaterMark(pid)
	return m, err
}

// countErrors returns the number of errors with each summary in the output of a CLI.
func countErrors(output string) string {
	counts := make(map[string]int)
	for _, match := range regexp.MustCompile(`(?m)Error: (.+)$`).FindAllStringSubmatch(output, -1) {
		counts[strings.TrimSpace(match[1])]++
	}
	var all []string
	for _, summary := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%d %s", counts[summary], summary))
	}
	return strings.Join(all, ", ")
}

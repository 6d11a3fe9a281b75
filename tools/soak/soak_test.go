// Package soak_test runs random lookups through the whole provider, while images change and requests fail. It checks
// each result against the images that existed during the lookup. `make soak` runs it for minutes, `make test` for
// seconds.
package soak_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

var (
	minutes = flag.Float64("minutes", 0, "how long to soak; 0 for two seconds without the check for leaks")
	seed    = flag.Uint64("seed", 0, "of lookups, changes and faults, but not of their timing; 0 for a random one")
)

const (
	concurrentLookups = 16
	// lastLookups is the maximum time that lookups may take after the last fault.
	lastLookups = 40 * time.Second
	// closing is the maximum time that connections may take to close.
	closing = 10 * time.Second
	// maxGrowth is the maximum growth of the provider's memory between start and end, in bytes. The provider keeps some
	// kilobytes of each session, to remove the session's secrets from texts. It keeps nothing of a lookup.
	maxGrowth = 2 << 20
)

func TestMain(m *testing.M) {
	providertest.UnsetAccount()
	os.Exit(m.Run())
}

func TestSoak(t *testing.T) { //nolint:paralleltest // it counts goroutines
	length := time.Duration(*minutes * float64(time.Minute))
	if length == 0 {
		checkReport(t, newSoak(t, 1), 2*time.Second) // faults are rare in the first seconds with some other seeds
		return
	}
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d, %s, %d concurrent lookups", *seed, length, concurrentLookups)
	// Run some lookups before the measurement, because the schemas and pools that they create are no leak.
	newSoak(t, *seed).run(t, min(length, 2*time.Second))
	goroutines, heap := measureUse(0, time.Second)

	s := newSoak(t, *seed)
	checkReport(t, s, length)
	goroutinesAfter, heapAfter := measureUse(goroutines, closing)
	const mebibyte = 1 << 20
	t.Logf("goroutines at the start and at the end: %d, %d", goroutines, goroutinesAfter)
	t.Logf("MiB in use at the start and at the end, with the provider still in memory: %.1f, %.1f",
		float64(heap)/mebibyte, float64(heapAfter)/mebibyte)
	runtime.KeepAlive(s)
	if goroutinesAfter > goroutines {
		_ = pprof.Lookup("goroutine").WriteTo(os.Stdout, 1)
		t.Errorf("%d goroutines leaked", goroutinesAfter-goroutines)
	}
	if heapAfter > heap+maxGrowth {
		t.Errorf("memory grew by more than %d MiB", maxGrowth/mebibyte)
	}
}

// checkReport runs the soak and fails the test if it ran too few lookups, requests or faults. The soak itself fails the
// test for wrong results.
func checkReport(t *testing.T, s *soak, length time.Duration) {
	t.Helper()
	s.run(t, length)
	t.Logf("%s", s.report)
	lookups, faults := sum(s.report.lookups), sum(s.report.faults)
	if lookups < 20 || faults == 0 || s.report.requests < lookups/2 {
		t.Errorf("%d lookups, %d faults and %d requests are too few to test anything", lookups, faults, s.report.requests)
	}
}

// measureUse waits until at most want goroutines remain, or until the limit is reached. It then returns the number of
// goroutines and the heap memory in use, in bytes.
func measureUse(want int, limit time.Duration) (goroutines int, heap uint64) {
	end := time.Now().Add(limit)
	for runtime.NumGoroutine() > want && time.Now().Before(end) {
		time.Sleep(50 * time.Millisecond)
	}
	goroutines = runtime.NumGoroutine()
	for range 3 { // a sync.Pool is empty only after two collections
		runtime.GC()
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return goroutines, memory.HeapAlloc
}

// soak is the state of a soak test: a provider, and a sandbox in which images change and requests fail.
type soak struct {
	seed     uint64
	provider *providertest.Terraform
	sandbox  *paisandbox.Sandbox
	churn    *churn.Churn[paisandbox.Image]
	faults   *faults
	report   *report
}

func newSoak(t *testing.T, seed uint64) *soak {
	t.Helper()
	return &soak{
		seed: seed, report: newReport(), provider: providertest.New(t, provider.NewServer("soak", "")()),
	}
}

// run runs lookups for the given time, and then closes everything except the provider.
func (s *soak) run(t *testing.T, length time.Duration) {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sidecar, err := identity.StartSidecar(t.Context(), sandbox, identity.SidecarOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.sandbox = sandbox
	s.churn = churn.StartImages(sandbox, churn.Options{Seed: s.seed, Items: 120, Likelihood: 0.025})
	s.faults = newFaults(sandbox, s.seed)
	providertest.WantNone(t, s.provider.Configure(providertest.Values{
		"endpoint": sandbox.URL(), "credentials_uri": sidecar.URL(), "request_timeout": requestTimeout.String(),
	}))

	var counting sync.WaitGroup
	done := make(chan struct{})
	counting.Go(func() { s.countRequests(t, done) })
	s.lookUp(t, length)
	close(done)
	counting.Wait()
	s.report.countFaults(s.faults)

	// StopProvider makes the framework release the contexts of all requests, as at the end of a Terraform run.
	if _, err := s.provider.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Error(err)
	}
	_ = sidecar.Close()
	_ = sandbox.Close()
	s.sandbox, s.churn, s.faults = nil, nil, nil
}

// lookUp runs concurrent lookups for the given time. It then stops the faults and checks that all lookups end.
func (s *soak) lookUp(t *testing.T, length time.Duration) {
	t.Helper()
	ctx := t.Context()
	end := time.Now().Add(length)
	var workers sync.WaitGroup
	for number := range concurrentLookups {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(s.seed, 100+uint64(number))) //nolint:gosec // the number is small
			for ctx.Err() == nil && time.Now().Before(end) {
				if problems := s.check(ctx, newLookup(random, s.sandbox.Images())); problems != "" {
					t.Error(problems)
				}
			}
		})
	}
	time.AfterFunc(length, s.faults.end)
	late := time.AfterFunc(length+lastLookups, func() { t.Error("lookups hang after the last fault") })
	defer late.Stop()
	workers.Wait()
}

// countRequests regularly counts the requests of the sandbox and removes them from its log, which would otherwise grow
// without limit.
func (s *soak) countRequests(t *testing.T, done <-chan struct{}) {
	t.Helper()
	second, minute := time.NewTicker(time.Second), time.NewTicker(time.Minute)
	defer second.Stop()
	defer minute.Stop()
	for {
		select {
		case <-done:
			s.report.countRequests(s.sandbox.TakeRequests(), s.faults.mustRetry)
			return
		case <-second.C:
			s.report.countRequests(s.sandbox.TakeRequests(), s.faults.mustRetry)
		case <-minute.C:
			t.Log(s.report.progress())
		}
	}
}

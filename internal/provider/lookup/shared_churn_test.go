package lookup

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
)

// Flags that `make schedules` sets.
var (
	schedules = flag.Uint64("schedules", 40, "number of schedules that TestSharedListsUnderChurn runs")
	firstSeed = flag.Uint64("seed", 0, "seed of the first schedule; the others follow")
)

// TestSharedListsUnderChurn runs schedules of concurrent reads, of which some are cancelled, while the catalogue
// changes. A seed determines each schedule, except for the timing of its requests.
//
// Each listed image must equal a version that existed at a request after the read began, so no list is older than its
// read. A complete list must contain every image that existed at all these requests. Only cancelled reads may fail.
func TestSharedListsUnderChurn(t *testing.T) {
	t.Parallel()
	var next, shared, single, cancelled, incomplete atomic.Uint64
	const workers = 8
	for worker := range workers {
		t.Run(fmt.Sprintf("%d of %d", worker+1, workers), func(t *testing.T) {
			t.Parallel()
			for n := next.Add(1); n <= *schedules; n = next.Add(1) {
				for _, read := range runSharedSchedule(t, *firstSeed+n-1) {
					switch {
					case read.err != nil:
						cancelled.Add(1)
					case read.list.Incomplete != nil:
						incomplete.Add(1)
					case read.reads > 1:
						shared.Add(1)
					default:
						single.Add(1)
					}
				}
			}
		})
	}
	t.Cleanup(func() { // runs after all workers have finished
		t.Logf("%d schedules: %d reads shared a complete list, %d had one of their own, %d had an incomplete list, "+
			"%d were cancelled", *schedules, shared.Load(), single.Load(), incomplete.Load(), cancelled.Load())
		if *schedules >= 40 && min(shared.Load(), single.Load(), cancelled.Load()) < *schedules/10 {
			t.Error("the schedules share too much or too little, or cancel too few reads")
		}
	})
}

// sharedRead is a read of a schedule and its result.
type sharedRead struct {
	in    paiclient.ListImagesInput
	list  *paiclient.ImageList
	reads int
	err   error
}

// runSharedSchedule runs the schedule of the seed, and checks the result of each read.
func runSharedSchedule(t *testing.T, seed uint64) []sharedRead {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 3))
	sandbox, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sandbox.Close() }() // not in t.Cleanup, because a test can run ten thousand schedules
	changes := churn.StartImages(sandbox, churn.Options{
		Seed: seed, Items: 10 + random.IntN(30), Likelihood: random.Float64() * 0.3,
	})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(time.Duration(random.IntN(4)) * time.Millisecond)})
	_, client := newClients(t, sandbox)

	reads := make([]sharedRead, 2+random.IntN(8))
	var group sync.WaitGroup
	for i := range reads {
		read := &reads[i]
		read.in = paiclient.ListImagesInput{PageSize: 10, Verbose: random.IntN(2) == 0}
		if random.IntN(4) == 0 {
			read.in.Order = paiclient.Descending // another list
		}
		delay, limit := time.Duration(random.IntN(60))*time.Millisecond, time.Minute
		if random.IntN(3) == 0 {
			delay = 0 // together with other reads
		}
		if random.IntN(4) == 0 {
			limit = time.Duration(random.IntN(40)) * time.Millisecond
		}
		group.Go(func() {
			time.Sleep(delay)
			started := &Read{limit: time.Minute}
			ctx, cancel := context.WithTimeout(started.begin(t.Context()), limit)
			defer started.cancel()
			defer cancel()
			watch := changes.Watch()
			read.list, read.err = client.ListImages(ctx, read.in)
			history := watch.End()
			read.reads = started.sharingReads()
			if _, ok := errors.AsType[*paiclient.InterruptedError](read.err); read.err != nil && (!ok || limit == time.Minute) {
				t.Errorf("seed %d, read %d: %v", seed, i, read.err)
			}
			if read.err == nil {
				for _, mistake := range checkShared(read, history) {
					t.Errorf("seed %d, read %d: %s", seed, i, mistake)
				}
			}
		})
	}
	group.Wait()
	return reads
}

// newClients returns a client for the sandbox, and a client that shares its requests.
func newClients(tb testing.TB, sandbox *paisandbox.Sandbox) (plain, shared Client) {
	tb.Helper()
	session := sandbox.Issue(paisandbox.Session{By: "a test"}, 0)
	service, err := paiclient.NewService(paiclient.Options{
		Credentials: paiclient.StaticCredentials{
			AccessKeyID: session.AccessKeyID, AccessKeySecret: session.AccessKeySecret, SecurityToken: session.SecurityToken,
		},
		MaxRetries: paiclient.DefaultMaxRetries, RequestTimeout: time.Minute, MaxConcurrency: paiclient.DefaultMaxConcurrency,
	})
	if err != nil {
		tb.Fatal(err)
	}
	endpoint, err := url.Parse(sandbox.URL())
	if err != nil {
		tb.Fatal(err)
	}
	client := service.Client(endpoint)
	return client, NewSharedClient(client, client.Interrupted)
}

// checkShared compares the list of a read with the history since the read began. It returns a description of each
// mistake.
func checkShared(read *sharedRead, history *churn.History[paisandbox.Image]) []string {
	var mistakes []string
	listed := make(map[string]bool)
	for i := range read.list.Images {
		image := &read.list.Images[i]
		listed[*image.ImageID] = true
		if !existed(image, history.Versions(*image.ImageID), read.in.Verbose) {
			mistakes = append(mistakes, *image.ImageID+" is older than the read, or never existed")
		}
	}
	if read.list.Incomplete != nil {
		return mistakes
	}
	for _, id := range history.AlwaysMatched(func(*paisandbox.Image) bool { return true }) {
		if !listed[id] {
			mistakes = append(mistakes, id+" existed all the time and is missing")
		}
	}
	return mistakes
}

// existed reports whether the image equals one of the versions. Without verbose, the image may also have no labels.
func existed(image *pai.Image, versions []paisandbox.Image, verbose bool) bool {
	for _, version := range versions {
		hasLabels := len(image.Labels) == len(version.Labels.Or(nil))
		if *image.Name == version.Name.Or("") && *image.GmtModifiedTime == version.GmtModifiedTime.Or("") &&
			(hasLabels || !verbose && len(image.Labels) == 0) {
			return true
		}
	}
	return false
}

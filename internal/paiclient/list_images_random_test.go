package paiclient_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestListImagesUnderRandomChanges deletes and adds images between any two requests, by a seeded schedule. A list that
// comes without a warning holds every image that was there from the first request to the last, none that never was
// there, and none twice.
func TestListImagesUnderRandomChanges(t *testing.T) {
	t.Parallel()
	const schedules = 100
	var settled atomic.Int32
	for seed := range uint64(schedules) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			if listUnderRandomChanges(t, seed) {
				settled.Add(1)
			}
		})
	}
	t.Cleanup(func() { // after all of them
		if count := settled.Load(); count < schedules/10 || count == schedules {
			t.Errorf("%d of %d listings settled: the schedules are too wild or too tame to tell anything", count, schedules)
		}
	})
}

// listUnderRandomChanges says whether the listing came without a warning.
func listUnderRandomChanges(t *testing.T, seed uint64) bool {
	t.Helper()
	const images, size = 60, 7
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(images)})
	stays, ever := make(map[string]bool), make(map[string]bool)
	for _, id := range oldestFirst(sandbox.Images()) {
		stays[id], ever[id] = true, true
	}
	var mu sync.Mutex // requests come side by side
	random := rand.New(rand.NewPCG(seed, 1))
	likelihood := random.Float64() * 0.3
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Change(func(s *paisandbox.Sandbox) {
		mu.Lock()
		defer mu.Unlock()
		changed := random.Float64() < likelihood
		if changed {
			all := s.Images()
			gone := all[random.IntN(len(all))].ImageID.Or("")
			s.Remove(gone)
			delete(stays, gone)
		}
		// Half of the time both at once, which no count tells.
		if both := changed && random.IntN(2) == 0; both || random.Float64() < likelihood {
			created := time.Date(2020+random.IntN(10), 1, 1, 0, 0, 0, 0, time.UTC)
			added := paisandbox.Official(fmt.Sprintf("example.com/new:%d", random.Uint64())).CreatedAt(created)
			s.Put(added)
			ever[added.ImageID.Or("")] = true
		}
	})})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{PageSize: size})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]bool)
	for _, id := range idsOf(listing) {
		if got[id] || !ever[id] {
			t.Errorf("%s is there twice, or never was", id)
		}
		got[id] = true
	}
	if listing.Unsettled != nil {
		return false
	}
	for id := range stays {
		if !got[id] {
			t.Errorf("%s was there all along and is missing", id)
		}
	}
	return true
}

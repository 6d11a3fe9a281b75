package soak_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// maxShown is the maximum number of wrong results to show.
const maxShown = 5

// report counts lookups, requests and faults.
type report struct {
	mu         sync.Mutex
	lookups    map[string]int // by data source
	outcomes   map[string]int
	faults     map[string]int // by name
	incomplete int            // number of lookups with a warning that images may be missing
	requests   int
	broken     int            // number of requests that the provider must retry
	retries    int            // number of retries
	pending    map[string]int // number of broken requests that have no retry yet, by URL
}

func newReport() *report {
	return &report{
		lookups: make(map[string]int), outcomes: make(map[string]int), faults: make(map[string]int),
		pending: make(map[string]int),
	}
}

// countLookup counts a lookup. It reports whether to show the result: only the first maxShown wrong results are shown.
func (r *report) countLookup(l *lookup, o outcome, incomplete bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lookups[l.dataSource]++
	r.outcomes[string(o)]++
	if incomplete {
		r.incomplete++
	}
	return o == outcomeWrong && r.outcomes[string(outcomeWrong)] <= maxShown
}

// countRequests counts requests and retries. A request with the same URL as an earlier request that failed counts as a
// retry, even if a different lookup sent it.
func (r *report) countRequests(requests []paisandbox.Request, mustRetry func(paisandbox.Request) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, request := range requests {
		r.requests++
		url := request.Path + "?" + request.Query.Encode()
		if r.pending[url] > 0 {
			r.pending[url]--
			r.retries++
		}
		if mustRetry(request) {
			r.broken++
			r.pending[url]++
		}
		if r.pending[url] == 0 {
			delete(r.pending, url)
		}
	}
}

func (r *report) countFaults(f *faults) {
	for index, injected := range f.count() {
		r.faults[f.kinds[index].name] = injected
	}
}

// progress returns a line with the most important counts.
func (r *report) progress() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	wrong := r.outcomes[string(outcomeWrong)]
	return fmt.Sprintf("%d lookups, %d requests, %d wrong results", sum(r.lookups), r.requests, wrong)
}

func (r *report) String() string {
	var text strings.Builder
	line := func(name string, count int) { fmt.Fprintf(&text, "\n%8d  %s", count, name) }
	lines := func(counts map[string]int) {
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			line("  "+name, counts[name])
		}
	}
	line("lookups", sum(r.lookups))
	lines(r.lookups)
	lines(r.outcomes)
	line("  with a warning that images may be missing", r.incomplete)
	line("requests", r.requests)
	line("  broken by a fault", r.broken)
	line("  retries", r.retries)
	line("faults", sum(r.faults))
	lines(r.faults)
	line("wrong results", r.outcomes[string(outcomeWrong)])
	return text.String()
}

func sum(counts map[string]int) int {
	total := 0
	for _, count := range counts {
		total += count
	}
	return total
}

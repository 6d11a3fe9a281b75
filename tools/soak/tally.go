package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// mostTold is how many wrong results are told in full.
const mostTold = 5

// tally counts everything.
type tally struct {
	mu       sync.Mutex
	lookups  map[string]int // by data source
	ends     map[string]int // by how they ended
	faulty   map[string]int // hits by kind of fault
	warnings int
	wrong    int
	sent     int            // requests
	broken   int            // of them
	again    int            // requests for what had failed
	owed     map[string]int // by what was asked for: attempts that failed
}

func newTally() *tally {
	return &tally{lookups: make(map[string]int), ends: make(map[string]int), faulty: make(map[string]int), owed: make(map[string]int)}
}

// add counts a lookup, and says whether it is to be told.
func (t *tally) add(l *lookup) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lookups[l.source]++
	if l.warned {
		t.warnings++
	}
	if len(l.wrong) > 0 {
		t.wrong++
		return t.wrong <= mostTold
	}
	t.ends[l.ended]++
	return false
}

// requests counts those that have ended. One is a retry where another for the same has failed before. The last attempts of a lookup
// that came to nothing are taken for such, too, where another lookup asks for the very same later.
func (t *tally) requests(ended []paisandbox.Request, broke func(paisandbox.Request) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range ended {
		t.sent++
		what := r.Path + "?" + r.Query.Encode()
		if t.owed[what] > 0 {
			t.owed[what]--
			t.again++
		}
		if broke(r) {
			t.broken++
			t.owed[what]++
		}
		if t.owed[what] == 0 {
			delete(t.owed, what)
		}
	}
}

func (t *tally) faults(w *weather) {
	for kind, hits := range w.soFar() {
		t.faulty[w.kinds[kind].name] = hits
	}
}

// short is how far it is.
func (t *tally) short() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("%d lookups, %d requests, %d wrong results", sum(t.lookups), t.sent, t.wrong)
}

func (t *tally) String() string {
	var b strings.Builder
	line := func(what string, count int) { fmt.Fprintf(&b, "%8d  %s\n", count, what) }
	each := func(counts map[string]int) {
		for _, what := range slices.Sorted(maps.Keys(counts)) {
			line("  "+what, counts[what])
		}
	}
	line("lookups", sum(t.lookups))
	each(t.lookups)
	each(t.ends)
	line("  with a warning that images may be missing", t.warnings)
	line("requests", t.sent)
	line("  that had to be sent again, or failed for good", t.broken)
	line("  that were retries", t.again)
	line("faults", sum(t.faulty))
	each(t.faulty)
	line("wrong results", t.wrong)
	return b.String()
}

func sum(counts map[string]int) int {
	all := 0
	for _, count := range counts {
		all += count
	}
	return all
}

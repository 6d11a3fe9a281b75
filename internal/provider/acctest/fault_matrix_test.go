package acctest

import (
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Settings of the lookups in the matrix. Requests are sent one by one, so that the cost of a fault is exact. The
// catalogue has three pages, so that one is neither the first nor the last.
const (
	matrixRetries  = 2
	matrixLimit    = "3m" // timeouts.read, which no cell reaches
	matrixPageSize = 10
	matrixPages    = 3
	matrixTimeout  = 30 * time.Second // request_timeout of all faults that are not about it
	matrixPasses   = 2                // over all pages
)

var matrixCatalogue = paisandbox.Numbered(25)

// matrixPlace is the request of a lookup at which a fault occurs.
type matrixPlace struct {
	name   string
	page   int // 0: GetImage
	before int // number of requests before it
}

var matrixPlaces = []matrixPlace{
	{name: "first page", page: 1, before: 0},
	{name: "middle page", page: 2, before: 1},
	{name: "last page", page: matrixPages, before: 2},
	{name: "GetImage"},
}

// visits returns how often a complete lookup sends the request.
func (p matrixPlace) visits() int {
	if p.page == 0 {
		return 1
	}
	return matrixPasses
}

// requests returns the number of requests of a lookup without a fault.
func (p matrixPlace) requests() int {
	if p.page == 0 {
		return 1
	}
	return matrixPages * matrixPasses
}

func (p matrixPlace) match(r paisandbox.Request) bool {
	if p.page == 0 {
		return r.Action == "GetImage"
	}
	return paisandbox.OnPage(p.page)(r)
}

// matrixCells returns every fault at every place, once and always.
func matrixCells() []*matrixCell {
	var cells []*matrixCell
	for i := range matrixFaults {
		for _, place := range matrixPlaces {
			for _, always := range []bool{false, true} {
				cells = append(cells, &matrixCell{fault: &matrixFaults[i], place: place, always: always})
			}
		}
	}
	return cells
}

// TestFaultMatrix runs each fault through the whole provider, from Terraform's protocol to HTTP. A lookup returns the
// same state as without the fault, or an error that names the fault (design rule 1). It keeps the time limits of its
// settings and sends as many requests as the fault's row states.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	states := make(map[string]map[string]any)
	for _, place := range matrixPlaces {
		states[place.name] = stateWithoutFault(t, place)
	}
	quick, slow := make(map[string]func(*testing.T)), make(map[string]func(*testing.T))
	for _, c := range matrixCells() {
		c.want = states[c.place.name]
		if c.fault.timeout == 0 {
			quick[c.name()] = c.run
		} else {
			slow[c.name()] = c.run
		}
	}
	runConcurrently(t, quick)
	runConcurrently(t, slow) // alone, so that no other request exceeds the short request_timeout on a busy machine
}

// runConcurrently runs tests that wait most of the time, more than the number of processors allows t.Parallel to run.
func runConcurrently(t *testing.T, tests map[string]func(*testing.T)) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(64)
	for name, run := range tests {
		group.Go(func() error {
			t.Run(name, run)
			return nil
		})
	}
	_ = group.Wait() // failures are reported to t
}

// TestFaultMatrixRows checks that each cell has a name of its own, an outcome and exactly one fault.
func TestFaultMatrixRows(t *testing.T) {
	t.Parallel()
	names := make(map[string]bool)
	for _, c := range matrixCells() {
		if names[c.name()] {
			t.Errorf("%s: two cells have this name", c.name())
		}
		names[c.name()] = true
		if outcome := c.outcome(); outcome == nil || (outcome.summary == "") != (len(outcome.facts) == 0) {
			t.Errorf("%s: no outcome, or an error without facts", c.name())
		}
		if (c.fault.inject != nil) == (c.fault.effect != nil) {
			t.Errorf("%s: want either effect or inject", c.name())
		}
	}
}

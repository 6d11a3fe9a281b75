package acctest

import (
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// What the lookups of the matrix have in common. Requests go one by one, so that the cost of a fault is exact; three pages,
// so that there is one in the middle.
const (
	matrixRetries  = 2
	matrixLimit    = "3m" // timeouts.read: nothing comes near it
	matrixPageSize = 10
	matrixPages    = 3
	matrixTimeout  = 30 * time.Second // request_timeout, but for faults that are about it
	matrixPasses   = 2                // over all pages: "Two passes that must agree" in DESIGN.md
)

var matrixCatalogue = paisandbox.Numbered(25)

// matrixPlace is where in a lookup a fault strikes.
type matrixPlace struct {
	name   string
	page   int // 0: GetImage
	before int // requests until it is reached
}

var matrixPlaces = []matrixPlace{
	{name: "first page", page: 1, before: 0},
	{name: "middle page", page: 2, before: 1},
	{name: "last page", page: matrixPages, before: 2},
	{name: "GetImage"},
}

// visits is how often a whole lookup asks for the place.
func (p matrixPlace) visits() int {
	if p.page == 0 {
		return 1
	}
	return matrixPasses
}

// requests is what the lookup costs without a fault.
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

// matrixCells is every fault at every place, once and always.
func matrixCells() []*matrixCell {
	var cells []*matrixCell
	for i := range matrixFaults {
		for _, place := range matrixPlaces {
			for _, always := range []bool{false, true} {
				cells = append(cells, &matrixCell{fault: &matrixFaults[i], at: place, always: always})
			}
		}
	}
	return cells
}

// TestFaultMatrix takes each fault through the whole provider, from Terraform's protocol to HTTP. A lookup ends complete,
// with the very state that it has without the fault, or with an error that names the fault; within the time that its
// settings allow, and for as many requests as the table says.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	healthy := make(map[string]map[string]any)
	for _, place := range matrixPlaces {
		healthy[place.name] = healthyState(t, place)
	}
	quick, slow := make(map[string]func(*testing.T)), make(map[string]func(*testing.T))
	for _, c := range matrixCells() {
		c.healthy = healthy[c.at.name]
		if c.fault.timeout == 0 {
			quick[c.name()] = c.run
		} else {
			slow[c.name()] = c.run
		}
	}
	sideBySide(t, quick)
	sideBySide(t, slow) // after the others, or a busy machine would make time-outs of answers that are only slow
}

// sideBySide runs many tests at once, whatever the number of processors: they wait more than they work.
func sideBySide(t *testing.T, tests map[string]func(*testing.T)) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(32)
	for name, run := range tests {
		group.Go(func() error {
			t.Run(name, run)
			return nil
		})
	}
	_ = group.Wait() // they report to t
}

// TestFaultMatrixIsWhole: there is a cell for every combination, and it says how it ends.
func TestFaultMatrixIsWhole(t *testing.T) {
	t.Parallel()
	const faults, places, kinds = 43, 4, 2
	cells := matrixCells()
	if len(cells) != faults*places*kinds {
		t.Errorf("%d cells instead of %d: a fault that was added or taken out has to be counted here", len(cells), faults*places*kinds)
	}
	names := make(map[string]bool)
	for _, c := range cells {
		names[c.name()] = true
		if end := c.end(); end == nil || (end.summary == "") != (len(end.says) == 0) {
			t.Errorf("%s: no end is expected, or an error that says nothing", c.name())
		}
		if isArmed := c.fault.arm != nil; isArmed == (c.fault.do != nil) {
			t.Errorf("%s: nothing goes wrong, or two things do", c.name())
		}
	}
	if len(names) != len(cells) {
		t.Errorf("%d cells have %d names", len(cells), len(names))
	}
}

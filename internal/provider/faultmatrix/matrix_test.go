package faultmatrix

import (
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Settings of the lookups in the matrix. max_concurrency is 1, so that the number of requests is exact. The catalogue
// has three pages, so that a page is neither the first nor the last.
const (
	matrixRetries  = 2
	matrixLimit    = 3 * time.Minute // timeouts.read; no lookup takes so long, except those with endlessLimit
	endlessLimit   = 8 * time.Second // timeouts.read of a lookup that the client retries until then
	matrixPageSize = 10
	matrixPages    = 3
	matrixTimeout  = 30 * time.Second // request_timeout, except for faults that exceed it
	matrixPasses   = 2                // number of passes over the pages
)

var matrixCatalogue = paisandbox.Numbered(25)

// matrixPlace is the request of a lookup at which a fault occurs.
type matrixPlace struct {
	name   string // the operation, unless page is set
	page   int    // page of ListImages; 0 for other operations
	second bool   // the request of the second pass, and not of the first
	single bool   // the lookup has a page number
	before int    // number of requests before this request

	lookup lookup // the lookup that sends only this request, if page is 0
	list   string // member of the response with a list
	group  string // key of exceptions that several places share
}

// lookup is a data source and its arguments.
type lookup struct {
	dataSource string
	arguments  values
}

// notPaged is the group of the places whose operation has no pages.
const notPaged = "not paged"

var matrixPlaces = []matrixPlace{
	{name: "first page", page: 1, before: 0, list: "Images"},
	{name: "middle page", page: 2, before: 1, list: "Images"},
	{name: "last page", page: matrixPages, before: 2, list: "Images"},
	{name: "second pass", page: 2, second: true, before: matrixPages + 1, list: "Images"},
	{name: "single page", page: 2, single: true, list: "Images"},
	{name: "ListWorkspaces", list: "Workspaces", lookup: lookup{"pai_workspaces", values{}}},
	{name: "GetImage", list: "Labels", group: notPaged, lookup: lookupByID(matrixCatalogue[0])},
	{name: "ListImageLabels", list: "Labels", group: notPaged, lookup: lookup{"pai_image_labels", values{}}},
	{name: "GetWorkspace", list: "EnvTypes", group: notPaged, lookup: lookup{"pai_workspace", values{
		"workspace_id": paisandbox.Workspaces()[0].WorkspaceID.Or(""),
	}}},
	{name: "GetDefaultWorkspace", list: "EnvTypes", group: notPaged, lookup: lookup{"pai_workspace", values{
		"default": true,
	}}},
}

// lookupByID returns a lookup that sends one GetImage request.
func lookupByID(image paisandbox.Image) lookup {
	return lookup{"pai_image", values{"image_id": image.ImageID.Or("")}}
}

// visits returns how often a lookup without a fault sends the request.
func (p matrixPlace) visits() int {
	if p.page == 0 || p.second || p.single {
		return 1
	}
	return matrixPasses
}

// requests returns the number of requests of a lookup without a fault.
func (p matrixPlace) requests() int {
	if p.page == 0 || p.single {
		return 1
	}
	return matrixPages * matrixPasses
}

// action returns the API's name of the operation.
func (p matrixPlace) action() string {
	if p.page == 0 {
		return p.name
	}
	return "ListImages"
}

// warningPath returns the path of a warning about the count.
func (p matrixPlace) warningPath() string {
	if p.single {
		return "page_number"
	}
	return ""
}

// match reports whether the request is the one of the place.
func (p matrixPlace) match(r paisandbox.Request) bool {
	if p.page == 0 {
		return r.Action == p.action()
	}
	return p.matchPage(p.page)(r)
}

// matchPage returns a function that matches the request for a page. In the second pass, the client requests no labels.
func (p matrixPlace) matchPage(page int) func(paisandbox.Request) bool {
	if p.second {
		return paisandbox.OnAll(paisandbox.OnPage(page), paisandbox.OnQuery("Verbose", "false"))
	}
	return paisandbox.OnPage(page)
}

// matrixCells returns two cells for every fault at every place: the fault occurs once, or always.
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

// TestFaultMatrix tests each fault with the whole provider, from Terraform's protocol to HTTP. A lookup must return the
// same state as without the fault, or an error that names the fault (design rule 1). It must respect the time limits of
// its settings, and send the number of requests in the fault's row.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	states := make(map[string]map[string]any)
	for _, place := range matrixPlaces {
		states[place.name] = stateWithoutFault(t, place)
	}
	busy, waiting := make(map[string]func(*testing.T)), make(map[string]func(*testing.T))
	for _, c := range matrixCells() {
		c.want = states[c.place.name]
		if c.fault.timeout != 0 || c.fault.always.summary == throttled {
			waiting[c.name()] = c.run
		} else {
			busy[c.name()] = c.run
		}
	}
	runConcurrently(t, busy)
	// Cells that mostly wait come last, so that a busy machine doesn't exceed the short request_timeout of some of them.
	runConcurrently(t, waiting)
}

// runConcurrently runs tests that mostly wait. It runs more of them at the same time than t.Parallel would, which is
// limited by the number of processors.
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

// TestFaultMatrixRows checks that each cell has a unique name, an outcome, and either an effect or a function inject.
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

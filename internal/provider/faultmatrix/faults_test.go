package faultmatrix

import (
	"slices"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// matrixFault is a row of the matrix.
type matrixFault struct {
	name string

	// effect is the fault of a response. inject starts any other fault. Each fault has exactly one of them.
	effect func(c *matrixCell) paisandbox.Effect
	inject func(c *matrixCell)

	once, always *matrixOutcome

	// Exceptions, by matrixCell.position of the place or its group: outcomes that differ from once or always, and the
	// total number of requests of lookups that read other pages because of the fault.
	exceptions map[string]*matrixOutcome
	total      map[string]int

	connection connectionKind      // kind of connection on which the fault occurs
	tls        bool                // requests use TLS, and therefore HTTP/2
	timeout    time.Duration       // request_timeout; 0 for matrixTimeout, which no fault exceeds
	retryAfter time.Duration       // wait that the service requests
	prepare    func(c *matrixCell) // changes the provider block or the sandbox before the provider is configured
	check      func(c *matrixCell) // makes further checks after the lookup; may be nil
}

// connectionKind distinguishes new connections from connections that have served a request.
type connectionKind int

const (
	anyConnection connectionKind = iota
	newConnection
	reusedConnection
)

// matrixOutcome is the result of a lookup.
type matrixOutcome struct {
	requests int      // number of attempts of the request at the place, if the fault occurs
	endless  bool     // the client retries until timeouts.read; requests is then the minimum
	summary  string   // summary of the error, with ACTION as a placeholder; empty if the lookup succeeds
	path     string   // attribute of the error; usually empty
	facts    []string // texts that the error's detail contains
	warning  string   // summary of the warning about total_count, which is then wrong in the state; empty if there is none
}

func passes(requests int) *matrixOutcome { return &matrixOutcome{requests: requests} }

func fails(requests int, summary string, facts ...string) *matrixOutcome {
	return &matrixOutcome{requests: requests, summary: summary, facts: facts}
}

// Summaries of the errors.
const (
	apiFailed         = "PAI API returned an error"
	throttled         = "Requests throttled by the PAI API"
	unavailable       = "PAI API unavailable"
	unreachable       = "Cannot reach the PAI API"
	invalidResponse   = "Unexpected response from the PAI API"
	redirected        = "Redirect from the PAI API endpoint"
	wrongClock        = "Wrong system clock"
	expiredToken      = "Expired security token"
	missingPermission = "Missing permission for ACTION"
)

// Texts of the number of attempts in the error's detail.
const (
	oneAttempt    = "1 attempt"
	threeAttempts = "3 attempts"
)

// requestedWait is longer than the client waits before the first retry if the service requests no wait.
const requestedWait = 900 * time.Millisecond

// shortTimeout is the request_timeout for slow responses. Other responses are faster, even on a busy machine.
const shortTimeout = 3 * time.Second

// anywhere returns a function for matrixFault.effect that returns the same effect for every cell.
func anywhere(effect paisandbox.Effect) func(*matrixCell) paisandbox.Effect {
	return func(*matrixCell) paisandbox.Effect { return effect }
}

// retried returns a fault after which the client retries. If the fault occurs once, the lookup succeeds. If it always
// occurs, the lookup fails after all attempts.
func retried(name string, effect paisandbox.Effect, summary string, facts ...string) matrixFault {
	return matrixFault{name: name, effect: anywhere(effect), once: passes(2), always: fails(3, summary, facts...)}
}

// throttling returns a fault after which the client retries. If the fault always occurs, the client retries more often
// than max_retries, until timeouts.read.
func throttling(name string, effect paisandbox.Effect, facts ...string) matrixFault {
	always := fails(2+matrixRetries, throttled, append(facts, `timeouts = { read = `)...)
	always.endless = true
	return matrixFault{name: name, effect: anywhere(effect), once: passes(2), always: always}
}

// notRetried returns a fault with which the lookup fails after the first attempt.
func notRetried(name string, effect paisandbox.Effect, summary string, facts ...string) matrixFault {
	outcome := fails(1, summary, facts...)
	return matrixFault{name: name, effect: anywhere(effect), once: outcome, always: outcome}
}

// retriedAfter returns a copy of the fault, for which the service requests the wait.
func retriedAfter(wait time.Duration, fault matrixFault) matrixFault {
	fault.retryAfter = wait
	return fault
}

// matrixFaults are the rows of the matrix. Most faults change the response to the request at the place. Faults of the
// name server, the certificate, the clock and the session start directly before that request.
var matrixFaults = slices.Concat(responseFaults, errorFormatFaults, connectionFaults, serverFaults)

// responseFaults are responses of the service, or of a gateway in front of the service.
var responseFaults = []matrixFault{
	retriedAfter(requestedWait, throttling("throttled with 400, wait requested", paisandbox.Throttle(400, requestedWait),
		"HTTP 400, code Throttling.User", "request ID ")),
	throttling("throttled with 400", paisandbox.Throttle(400, -1), "HTTP 400, code Throttling.User", "request ID "),
	retriedAfter(requestedWait, throttling("throttled with 429, wait requested", paisandbox.Throttle(429, requestedWait),
		"HTTP 429, code Throttling.User", "request ID ")),
	throttling("throttled with 429", paisandbox.Throttle(429, -1), "HTTP 429, code Throttling.User", "request ID "),
	throttling("throttled with 429 by a gateway", paisandbox.ServerError(429), "HTTP 429"),
	// The wait that the service requests is longer than timeouts.read.
	notRetried("throttled for an hour", paisandbox.Throttle(429, time.Hour), throttled,
		"HTTP 429, code Throttling.User", "1h0m0s", `timeouts = { read = "65m" }`),
	notRetried("unavailable for an hour", paisandbox.ServerError(503).WithHeader("Retry-After", "3600"), unavailable,
		"HTTP 503", "1h0m0s", `timeouts = { read = "65m" }`),

	retried("500", paisandbox.APIError(500, "100600001", "database"), unavailable,
		"HTTP 500, code 100600001", "request ID ", "database"),
	retried("502 with HTML", paisandbox.ServerError(502), unavailable, "HTTP 502", `"text/html"`),
	retried("503", paisandbox.ServerError(503), unavailable, "HTTP 503"),
	retried("504", paisandbox.ServerError(504), unavailable, "HTTP 504"),

	notRetried("JSON of another API", paisandbox.Body(200, `{"RequestId":"R-1","data":{"items":[]}}`), invalidResponse,
		"HTTP 200", "request ID R-1"),
	{
		name: "wrong type of a member",
		effect: func(c *matrixCell) paisandbox.Effect {
			return paisandbox.SetMember("none", c.place.list)
		},
		once:   fails(1, invalidResponse, "HTTP 200", "request ID "),
		always: fails(1, invalidResponse, "HTTP 200", "request ID "),
	},
	readInSmallerPages("body too long", paisandbox.PadBody(65), "16 MiB"),
	readInSmallerPages("gzip bomb", paisandbox.GzipBomb(65), "16 MiB"),
	tooManyItems(),
	{
		name:   "smaller pages than requested",
		inject: func(c *matrixCell) { c.sandbox.AddFault(paisandbox.Fault{Do: paisandbox.ClampPageSize(4)}) },
		once:   passes(1), always: passes(1),
		// Seven pages of four images in each pass, and page 2 of ten images, which shows the page size. The single page
		// needs page 1 for that, too, and then three pages.
		total: map[string]int{
			"first page/once": 15, "middle page/once": 15, "last page/once": 15, "second pass/once": 15,
			"first page/always": 15, "middle page/always": 15, "last page/always": 15, "second pass/always": 15,
			"single page/once": 5, "single page/always": 5,
			// Five workspaces: page 1 again, and two pages in each pass.
			"ListWorkspaces/once": 5, "ListWorkspaces/always": 5,
		},
	},
	countOfEachPage(),
}

// countOfEachPage is the fault of a service that counts the images of each page. The client reads page 4, which is
// empty, because it knows no total.
func countOfEachPage() matrixFault {
	warns := &matrixOutcome{warning: "The list may not be complete"}
	single, unaffected := &matrixOutcome{warning: "Page contradicts the count of images"}, passes(1)
	return matrixFault{
		name:   "count of each page",
		inject: func(c *matrixCell) { c.sandbox.AddFault(paisandbox.Fault{Do: paisandbox.CountPage()}) },
		once:   warns, always: warns,
		exceptions: map[string]*matrixOutcome{
			"single page/once": single, "single page/always": single,
			"ListWorkspaces/once": unaffected, "ListWorkspaces/always": unaffected, // the only page has all workspaces
			notPaged + "/once": unaffected, notPaged + "/always": unaffected,
		},
		total: map[string]int{
			"first page/once": 8, "middle page/once": 8, "last page/once": 8, "second pass/once": 8,
			"first page/always": 8, "middle page/always": 8, "last page/always": 8, "second pass/always": 8,
			"single page/once": 1, "single page/always": 1,
		},
	}
}

// readInSmallerPages returns a fault for responses that are too long. The client then reads the list again with a page
// size of four, in seven pages, and if that fails, with a page size of one, in 25 pages. For ListWorkspaces, which has
// a larger page size, one page of 20 has all workspaces.
func readInSmallerPages(name string, effect paisandbox.Effect, limit string) matrixFault {
	fault := notRetried(name, effect, invalidResponse, "HTTP 200", limit)
	fault.exceptions = map[string]*matrixOutcome{
		notPaged + "/once": fault.always, "single page/always": passes(1), // the smaller pages have other numbers
	}
	fault.once = passes(1)
	fault.total = map[string]int{
		"first page/once": 1 + 14, "middle page/once": 2 + 14, "last page/once": 3 + 14, "second pass/once": 5 + 14,
		"first page/always": 1 + 1 + 1, "middle page/always": 2 + 2 + 2, "last page/always": 3 + 3 + 3,
		"second pass/always": 5 + 9 + 27, "single page/once": 1 + 3, "single page/always": 1 + 3,
		"ListWorkspaces/once": 1 + 1, "ListWorkspaces/always": 1 + 1 + 1 + 1,
	}
	return fault
}

// tooManyItems is the fault of a page with many more images or workspaces than requested. Lists in the responses of
// other operations have no such limit.
func tooManyItems() matrixFault {
	fault := readInSmallerPages("too many items on a page", paisandbox.Effect{}, "1000 items")
	fault.effect = func(c *matrixCell) paisandbox.Effect {
		member := c.place.list
		if c.place.group == notPaged {
			member = "Images" // which the client ignores
		}
		return paisandbox.SetMember(make([]struct{}, 1001), member)
	}
	fault.exceptions[notPaged+"/once"], fault.exceptions[notPaged+"/always"] = passes(1), passes(1)
	return fault
}

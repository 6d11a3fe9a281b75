package acctest

import (
	"slices"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// matrixFault is a row of the matrix.
type matrixFault struct {
	name string

	// effect is the fault of a response. A fault of anything else is started by inject.
	effect func(c *matrixCell) paisandbox.Effect
	inject func(c *matrixCell)

	once, always *matrixOutcome

	connection connectionKind      // on which the fault occurs
	tls        bool                // over TLS, and so HTTP/2
	timeout    time.Duration       // request_timeout, which the fault exceeds; 0: matrixTimeout
	retryAfter time.Duration       // wait that the service requests
	prepare    func(c *matrixCell) // changes the provider block or the sandbox before the provider is configured
	check      func(c *matrixCell) // called at the end of the lookup
}

// connectionKind is whether a connection has served a request before.
type connectionKind int

const (
	anyConnection connectionKind = iota
	newConnection
	reusedConnection
)

// matrixOutcome is the result of a lookup.
type matrixOutcome struct {
	requests int      // for the place, each time that the lookup needs it
	summary  string   // of the error; empty: the lookup is complete
	facts    []string // in the error's detail
}

func passes(requests int) *matrixOutcome { return &matrixOutcome{requests: requests} }

func fails(requests int, summary string, facts ...string) *matrixOutcome {
	return &matrixOutcome{requests: requests, summary: summary, facts: facts}
}

// summaries of the errors.
const (
	throttled         = "Requests throttled by the image API"
	unavailable       = "Image API unavailable"
	unreachable       = "Cannot reach the image API"
	invalidResponse   = "Unexpected response from the image API"
	redirected        = "Redirect from the image API endpoint"
	wrongClock        = "Wrong system clock"
	expiredToken      = "Expired security token"
	missingPermission = "Missing permission to look up images"
)

// What the error says about the number of attempts.
const (
	oneAttempt    = "1 attempt"
	threeAttempts = "3 attempts"
)

// requestedWait exceeds the longest wait that the client chooses itself before the first retry.
const requestedWait = 900 * time.Millisecond

// shortTimeout is the request_timeout of the faults that exceed it. Other requests take less, even on a busy machine.
const shortTimeout = 1500 * time.Millisecond

// anywhere returns the effect for every cell.
func anywhere(effect paisandbox.Effect) func(*matrixCell) paisandbox.Effect {
	return func(*matrixCell) paisandbox.Effect { return effect }
}

// retried returns a fault that a retry overcomes if it occurs once, and that is an error after all attempts otherwise.
func retried(name string, effect paisandbox.Effect, summary string, facts ...string) matrixFault {
	return matrixFault{name: name, effect: anywhere(effect), once: passes(2), always: fails(3, summary, facts...)}
}

// notRetried returns a fault that is an error after the first attempt.
func notRetried(name string, effect paisandbox.Effect, summary string, facts ...string) matrixFault {
	outcome := fails(1, summary, facts...)
	return matrixFault{name: name, effect: anywhere(effect), once: outcome, always: outcome}
}

// retriedAfter returns the fault with a wait that the service requests.
func retriedAfter(wait time.Duration, fault matrixFault) matrixFault {
	fault.retryAfter = wait
	return fault
}

// matrixFaults are the rows. A fault occurs once or always, with the response to the request of its place. Faults of
// the name server, the certificate, the clock and the session start directly before that request.
var matrixFaults = slices.Concat(responseFaults, errorFormatFaults, connectionFaults, serverFaults)

// responseFaults are responses of the service, or of a gateway before it.
var responseFaults = []matrixFault{
	retriedAfter(requestedWait, retried("throttled with 400, wait requested", paisandbox.Throttle(400, requestedWait),
		throttled, "HTTP 400, code Throttling.User", "request ID ")),
	retried("throttled with 400", paisandbox.Throttle(400, -1), throttled, "HTTP 400, code Throttling.User",
		"request ID "),
	retriedAfter(requestedWait, retried("throttled with 429, wait requested", paisandbox.Throttle(429, requestedWait),
		throttled, "HTTP 429, code Throttling.User", "request ID ")),
	retried("throttled with 429", paisandbox.Throttle(429, -1), throttled, "HTTP 429, code Throttling.User",
		"request ID "),
	retried("throttled with 429 by a gateway", paisandbox.ServerError(429), throttled, "HTTP 429"),

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
			if c.place.page == 0 {
				return paisandbox.SetMember("large", "Size")
			}
			return paisandbox.SetMember("many", "TotalCount")
		},
		once:   fails(1, invalidResponse, "HTTP 200", "request ID "),
		always: fails(1, invalidResponse, "HTTP 200", "request ID "),
	},
	notRetried("body too long", paisandbox.PadBody(65), invalidResponse, "HTTP 200", "16 MiB"),
	notRetried("gzip bomb", paisandbox.GzipBomb(65), invalidResponse, "HTTP 200", "16 MiB"),
}

// errorFormatFaults are errors in formats that the reference of the API does not describe.
var errorFormatFaults = []matrixFault{
	{
		name:   "no request ID",
		effect: anywhere(paisandbox.OmitMember("RequestId").WithoutHeader("X-Acs-Request-Id")),
		once:   passes(1), always: passes(1),
	},
	notRetried("error without a request ID",
		paisandbox.Status(403, "application/json", `{"Code":"Forbidden.RAM","Message":"no"}`),
		missingPermission, "HTTP 403, code Forbidden.RAM"),
	notRetried("request ID in the header only", paisandbox.Body(403, `{"Code":"Forbidden.RAM","Message":"no"}`),
		missingPermission, "HTTP 403, code Forbidden.RAM", "request ID "),
	retried("error in XML", paisandbox.XMLError(400, "Throttling.User", "slow down"),
		throttled, "HTTP 400, code Throttling.User", "request ID ", "slow down"),
	retried("error with lower-case keys",
		paisandbox.Body(400, `{"code":"Throttling.User","message":"slow down","requestId":"R-1"}`),
		throttled, "HTTP 400, code Throttling.User", "slow down", "request ID R-1"),
	notRetried("error with a numeric code", paisandbox.Body(404,
		`{"Code":100700008,"Message":"denied","RequestId":"R-1"}`),
		missingPermission, "HTTP 404, code 100700008", "denied", "request ID R-1"),
	notRetried("denied with 404", paisandbox.APIError(404, "100700008", "denied"),
		missingPermission, "HTTP 404, code 100700008", "request ID ", "denied"),
	retried("error with 200", paisandbox.Body(200, `{"Code":"Throttling.User","Message":"slow down","RequestId":"R-1"}`),
		throttled, "HTTP 200, code Throttling.User", "slow down", "request ID R-1"),
}

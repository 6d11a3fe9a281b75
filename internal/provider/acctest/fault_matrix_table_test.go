package acctest

import (
	"slices"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Summaries of errors, as users see them.
const (
	endThrottled   = "Requests throttled by the image API"
	endInTrouble   = "Image API unavailable"
	endUnreachable = "Cannot reach the image API"
	endNotTheAPI   = "Unexpected response from the image API"
	endElsewhere   = "Redirect from the image API endpoint"
	endClock       = "Wrong system clock"
	endExpired     = "Expired security token"
	endNotAllowed  = "Missing permission to look up images"
	allAttempts    = "no response after 3 attempts"
	firstAttempt   = "no response after 1 attempt"
)

// toldToWait is longer than the client would wait by itself before a first retry, so that whoever doesn't listen comes too soon.
const toldToWait = 900 * time.Millisecond

// shortTimeout is a request_timeout that faults exceed, and that other requests keep to even on a busy machine.
const shortTimeout = 3 * time.Second

// everywhere is a fault that is the same at every place.
func everywhere(effect paisandbox.Effect) func(*matrixCell) paisandbox.Effect {
	return func(*matrixCell) paisandbox.Effect { return effect }
}

// matrixFaults are the rows. A fault strikes "once" or "always" when the request for its place comes; the name server, the
// certificate, the clock and the end of a session go wrong right before it. Where it is an error once, too, the provider does
// not try again, for what is wrong stays wrong.
var matrixFaults = slices.Concat(answerFaults, errorFaults, connectionFaults, partyFaults)

// answerFaults are what the service, and what stands before it, may answer.
var answerFaults = []matrixFault{
	// The service throttles, in both ways and with and without saying for how long.
	{
		name: "throttled by 400, told to wait", do: everywhere(paisandbox.Throttle(400, toldToWait)), told: toldToWait,
		once: passes(2), always: fails(3, endThrottled, "HTTP 400, code Throttling.User: ", "request ID "),
	},
	{
		name: "throttled by 400", do: everywhere(paisandbox.Throttle(400, -1)),
		once: passes(2), always: fails(3, endThrottled, "HTTP 400, code Throttling.User: ", "request ID "),
	},
	{
		name: "throttled by 429, told to wait", do: everywhere(paisandbox.Throttle(429, toldToWait)), told: toldToWait,
		once: passes(2), always: fails(3, endThrottled, "HTTP 429, code Throttling.User: ", "request ID "),
	},
	{
		name: "throttled by 429", do: everywhere(paisandbox.Throttle(429, -1)),
		once: passes(2), always: fails(3, endThrottled, "HTTP 429, code Throttling.User: ", "request ID "),
	},
	{
		name: "throttled by 429 of a gateway", do: everywhere(paisandbox.ServerError(429)),
		once: passes(2), always: fails(3, endThrottled, "HTTP 429: not an API error"),
	},

	// The service is in trouble, or a gateway doesn't reach it.
	{
		name: "500", do: everywhere(paisandbox.APIError(500, "100600001", "database")),
		once: passes(2), always: fails(3, endInTrouble, "HTTP 500, code 100600001: ", "request ID ", "database"),
	},
	{
		name: "502 with HTML", do: everywhere(paisandbox.ServerError(502)),
		once: passes(2), always: fails(3, endInTrouble, `HTTP 502: not an API error, content type "text/html"`),
	},
	{
		name: "503", do: everywhere(paisandbox.ServerError(503)),
		once: passes(2), always: fails(3, endInTrouble, "HTTP 503: "),
	},
	{
		name: "504", do: everywhere(paisandbox.ServerError(504)),
		once: passes(2), always: fails(3, endInTrouble, "HTTP 504: "),
	},

	// The answer is no answer.
	{
		name: "JSON of the wrong shape", do: everywhere(paisandbox.Body(200, `{"RequestId":"R-1","data":{"items":[]}}`)), decoded: true,
		once:   fails(1, endNotTheAPI, "HTTP 200: cannot read the response", "request ID R-1"),
		always: fails(1, endNotTheAPI, "HTTP 200: cannot read the response", "request ID R-1"),
	},
	{
		name: "wrong types in fields", do: wrongTypes, decoded: true,
		once:   fails(1, endNotTheAPI, "HTTP 200: ", "request ID ", "cannot read the response"),
		always: fails(1, endNotTheAPI, "HTTP 200: ", "request ID ", "cannot read the response"),
	},
	{
		name: "body past the bound", do: everywhere(paisandbox.PadBody(65)),
		once:   fails(1, endNotTheAPI, "HTTP 200", "exceeds 16 MiB"),
		always: fails(1, endNotTheAPI, "HTTP 200", "exceeds 16 MiB"),
	},
	{
		name: "gzip bomb", do: everywhere(paisandbox.GzipBomb(65)),
		once:   fails(1, endNotTheAPI, "HTTP 200", "exceeds 16 MiB"),
		always: fails(1, endNotTheAPI, "HTTP 200", "exceeds 16 MiB"),
	},
}

// wrongTypes leaves the answer as it is but for one field.
func wrongTypes(c *matrixCell) paisandbox.Effect {
	if c.at.page == 0 {
		return paisandbox.SetMember("large", "Size")
	}
	return paisandbox.SetMember("many", "TotalCount")
}

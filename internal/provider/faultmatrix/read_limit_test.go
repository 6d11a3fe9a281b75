package faultmatrix

import (
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestReadTimeoutBoundsEverything tests faults that never end, with max_retries = 100. Each lookup must end after
// timeouts.read, at every place of the fault, while the client waits for a response or for the next attempt. The error
// must contain the setting and the last attempt's error.
func TestReadTimeoutBoundsEverything(t *testing.T) {
	t.Parallel()
	tests := make(map[string]func(*testing.T))
	for name, fault := range map[string]endlessFault{
		"throttling":                    {paisandbox.Throttle(400, -1), time.Minute, "code Throttling.User", 21},
		"throttling, short Retry-After": {paisandbox.Throttle(400, short), time.Minute, "code Throttling.User", 21},
		"server error":                  {paisandbox.ServerError(503), time.Minute, "HTTP 503", 50},
		"connection reset":              {paisandbox.ResetInBody(), time.Minute, "connection reset", 50},
		"incomplete body":               {paisandbox.Truncate(), time.Minute, "unexpected EOF", 50},
		"no header, many attempts":      {paisandbox.Hang(), attempt, " attempt", 20},
		"no header, one attempt":        {paisandbox.Hang(), time.Minute, "", 1},
		"slow body, many attempts":      {paisandbox.Trickle(10 * time.Millisecond), attempt, " attempt", 20},
		"slow body, one attempt":        {paisandbox.Trickle(short), time.Minute, "", 1},
	} {
		for _, place := range matrixPlaces {
			tests[name+"/"+place.name] = func(t *testing.T) {
				t.Helper()
				fault.run(t, place)
			}
		}
	}
	runConcurrently(t, tests)
}

const (
	short   = 100 * time.Millisecond // a wait that the service requests
	attempt = 400 * time.Millisecond // time limit of an attempt, which is long enough to connect on a busy machine
)

// endlessFault is a fault that only timeouts.read ends.
type endlessFault struct {
	effect         paisandbox.Effect
	requestTimeout time.Duration
	lastError      string // part of the last attempt's error; empty if the first attempt never ends
	requests       int    // maximum number of requests at the place of the fault
}

// run tests the fault at a place.
func (f endlessFault) run(t *testing.T, place matrixPlace) {
	t.Helper()
	const limit, tolerance = 2 * time.Second, 5 * time.Second
	c := &matrixCell{
		place: place, always: true, fault: &matrixFault{effect: anywhere(f.effect), timeout: f.requestTimeout},
	}
	c.fault.prepare = func(c *matrixCell) { c.block["max_retries"] = 100 }
	c.configure(t)
	c.startFault()
	begin := time.Now()
	diagnostic := providertest.Only(t, c.read(limit.String()).Diagnostics)
	// A lookup ends before its limit if the service then requests a wait that would end after the limit.
	if took := time.Since(begin); took < limit-short || took > limit+tolerance {
		t.Errorf("took %s, want %s to %s", took, limit, limit+tolerance)
	}
	requests := slices.DeleteFunc(c.sandbox.Requests(), func(r paisandbox.Request) bool { return !place.match(r) })
	if len(requests) > f.requests {
		t.Errorf("%d requests, want at most %d", len(requests), f.requests)
	}
	facts := []string{`timeouts = { read = `}
	// On a busy machine, the first attempt may start late and not end before the lookup does.
	if f.lastError != "" && len(requests) > 0 && requests[0].At.Sub(begin) < limit/2 {
		facts = append(facts, f.lastError)
	}
	if want := []string{"Lookup timed out", throttled}; !slices.Contains(want, diagnostic.Summary) {
		t.Errorf("summary is %q, want one of %q", diagnostic.Summary, want)
	}
	for _, fact := range facts {
		if !strings.Contains(diagnostic.Detail, fact) {
			t.Errorf("detail lacks %q: %s", fact, diagnostic.Detail)
		}
	}
}

package acctest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestReadTimeoutBoundsEverything: with more retries than anybody could wait for, what stays wrong ends when
// timeouts.read says, wherever it is and whatever the client does at that time: it waits for an answer, or to try
// again, as told or by itself. The error says what the limit is called, and what the last attempt had met.
func TestReadTimeoutBoundsEverything(t *testing.T) {
	t.Parallel()
	tests := make(map[string]func(*testing.T))
	for name, test := range map[string]boundFault{
		"throttled, short waits": {paisandbox.Throttle(400, 100*time.Millisecond), time.Minute, "code Throttling.User",
			21},
		"throttled, one long wait":   {paisandbox.Throttle(429, time.Hour), time.Minute, "code Throttling.User", 1},
		"in trouble":                 {paisandbox.ServerError(503), time.Minute, "HTTP 503", 50},
		"reset":                      {paisandbox.ResetInBody(), time.Minute, "connection reset", 50},
		"body cut off":               {paisandbox.Truncate(), time.Minute, "unexpected EOF", 50},
		"slow header, many attempts": {paisandbox.Hang(), 100 * time.Millisecond, "no response after", 20},
		"slow header, one attempt":   {paisandbox.Hang(), time.Minute, "", 1},
		"body that trickles":         {paisandbox.Trickle(100 * time.Millisecond), time.Minute, "", 1},
		"body that trickles, and again": {paisandbox.Trickle(10 * time.Millisecond), 100 * time.Millisecond,
			"no response after", 20},
	} {
		for _, place := range matrixPlaces {
			tests[name+"/"+place.name] = func(t *testing.T) {
				t.Helper()
				test.run(t, place)
			}
		}
	}
	runConcurrently(t, tests)
}

// boundFault is one that only timeouts.read ends.
type boundFault struct {
	do       paisandbox.Effect
	timeout  time.Duration // request_timeout
	met      string        // by the last attempt; empty: the first has no end
	requests int           // for the place, at most
}

func (b boundFault) run(t *testing.T, at matrixPlace) {
	t.Helper()
	const limit, busy = 2 * time.Second, 5 * time.Second
	c := &matrixCell{place: at, always: true, fault: &matrixFault{effect: anywhere(b.do), timeout: b.timeout}}
	c.fault.prepare = func(c *matrixCell) { c.block["max_retries"] = 100 }
	c.configure(t)
	c.start()
	begun := time.Now()
	diagnostic := providertest.Only(t, c.read(limit.String()).Diagnostics)
	if took := time.Since(begun); took < limit || took > limit+busy {
		t.Errorf("took %s", took)
	}
	says := []string{"interrupted after ", `timeouts = { read = "10m" }`}
	asked := slices.DeleteFunc(c.sandbox.Requests(), func(r paisandbox.Request) bool { return !at.match(r) })
	if len(asked) > b.requests {
		t.Errorf("%d requests", len(asked))
	}
	// Where the machine is so busy that the first attempt began late, it may not have ended.
	if b.met != "" && len(asked) > 0 && asked[0].At.Sub(begun) < limit/2 {
		says = append(says, "; last error: ", b.met)
	}
	for _, part := range says {
		if diagnostic.Summary != "Lookup timed out" || !strings.Contains(diagnostic.Detail, part) {
			t.Errorf("%q is not in %s: %s", part, diagnostic.Summary, diagnostic.Detail)
		}
	}
}

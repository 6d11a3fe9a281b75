package faultmatrix

import (
	"cmp"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// matrixCell is a test of the matrix: a fault that occurs at a place, once or always.
type matrixCell struct {
	fault  *matrixFault
	place  matrixPlace
	always bool
	want   map[string]any // the state without the fault

	t        *testing.T
	sandbox  *paisandbox.Sandbox
	host     string              // host name in the endpoint; empty if the endpoint has the sandbox's address
	gate     *gate               // server in front of the sandbox; nil if there is none
	target   *paisandbox.Sandbox // target of redirects
	sidecar  *identity.Sidecar   // nil if the provider has static keys
	block    values              // the provider block
	tf       *terraform
	clockOff atomic.Int64 // number of the first request with a wrong sandbox clock, counted from 1; 0 if none
	hits     atomic.Int64 // number of requests with the fault
}

func (c *matrixCell) name() string {
	return c.fault.name + "/" + c.position(c.place.name)
}

// position returns the name of a place or a group, and whether the fault occurs once or always.
func (c *matrixCell) position(place string) string {
	return place + "/" + map[bool]string{false: "once", true: "always"}[c.always]
}

func (c *matrixCell) outcome() *matrixOutcome {
	for _, place := range []string{c.place.name, c.place.group} {
		if exception, ok := c.fault.exceptions[c.position(place)]; ok {
			return exception
		}
	}
	if c.always {
		return c.fault.always
	}
	return c.fault.once
}

// requests returns the expected number of requests of the lookup.
func (c *matrixCell) requests() int {
	if total, ok := c.fault.total[c.position(c.place.name)]; ok {
		return total
	}
	outcome := c.outcome()
	switch {
	case outcome.summary != "":
		return c.place.before + outcome.requests
	case c.always:
		return c.place.requests() + (outcome.requests-1)*c.place.visits()
	}
	return c.place.requests() + outcome.requests - 1
}

// run reads the data source with the fault, and checks the result, the requests and the time.
func (c *matrixCell) run(t *testing.T) {
	t.Helper()
	c.configure(t)
	if c.fault.connection == reusedConnection || c.sidecar != nil {
		// This lookup opens a connection and fetches credentials, before the test counts requests.
		providertest.WantNone(c.t, c.readLookup(lookupByID(matrixCatalogue[1]), matrixLimit.String()).Diagnostics)
	}
	first := len(c.sandbox.Requests())
	c.startFault()
	started := time.Now()
	read := c.read(c.readLimit().String())
	took := time.Since(started)

	requests := c.sandbox.Requests()[first:]
	c.checkOutcome(read)
	if want := c.requests(); len(requests) < want || len(requests) > want && !c.outcome().endless {
		t.Errorf("%d requests, want %d", len(requests), want)
	}
	if limit := c.timeLimit(); took > limit {
		t.Errorf("took %s, want at most %s", took, limit)
	}
	c.checkWaits(requests)
	for _, request := range requests {
		if c.fault.tls != (request.Proto == "HTTP/2.0") {
			t.Errorf("got protocol %s with TLS %t", request.Proto, c.fault.tls)
		}
	}
	if hits := c.hits.Load(); c.fault.effect != nil && (hits == 0 || hits > 1 && !c.always) {
		t.Errorf("%d requests with the fault", hits)
	}
	if c.fault.check != nil {
		c.fault.check(c)
	}
}

// configure starts the sandbox and configures the provider.
func (c *matrixCell) configure(t *testing.T) {
	t.Helper()
	c.t = t
	c.sandbox = providertest.Start(t, paisandbox.Options{
		TLS: c.fault.tls, Catalogue: matrixCatalogue, Authority: matrixAuthority, Now: c.now,
	})
	c.block = providertest.SignedIn(c.sandbox)
	c.block["max_retries"], c.block["max_concurrency"] = matrixRetries, 1
	c.block["request_timeout"] = c.requestTimeout().String()
	if c.fault.prepare != nil {
		c.fault.prepare(c)
	}
	c.tf = newTerraform(t)
	providertest.WantNone(t, c.tf.Configure(c.block))
}

func (c *matrixCell) requestTimeout() time.Duration { return cmp.Or(c.fault.timeout, matrixTimeout) }

// readLimit returns the value of timeouts.read.
func (c *matrixCell) readLimit() time.Duration {
	if c.outcome().endless {
		return endlessLimit
	}
	return matrixLimit
}

// read reads the data source that sends the request of the place. limit is the value of timeouts.read.
func (c *matrixCell) read(limit string) *tfprotov6.ReadDataSourceResponse {
	if c.place.page == 0 {
		return c.readLookup(c.place.lookup, limit)
	}
	arguments := values{"page_size": matrixPageSize}
	if c.place.single {
		arguments["page_number"] = c.place.page
	}
	return c.readLookup(lookup{"pai_images", arguments}, limit)
}

func (c *matrixCell) readLookup(l lookup, limit string) *tfprotov6.ReadDataSourceResponse {
	arguments := maps.Clone(l.arguments)
	arguments["timeouts"] = map[string]any{"read": limit}
	c.tf.DataSource = l.dataSource
	return c.tf.Read(c.t.Context(), arguments)
}

// startFault adds the fault to the sandbox.
func (c *matrixCell) startFault() {
	if c.fault.connection == newConnection && c.place.page > 1 {
		c.sandbox.AddFault(paisandbox.Fault{
			Match: c.place.matchPage(c.place.page - 1), Times: 1, Do: paisandbox.CloseAfter(),
		})
	}
	if c.fault.inject != nil {
		c.fault.inject(c)
		return
	}
	match := func(r paisandbox.Request) bool {
		return c.place.match(r) &&
			(c.fault.connection == anyConnection || r.Reused == (c.fault.connection == reusedConnection))
	}
	count := paisandbox.Call(func(*paisandbox.Sandbox) { c.hits.Add(1) })
	c.sandbox.AddFault(paisandbox.Fault{Match: match, Times: c.times(), Do: count})
	c.sandbox.AddFault(paisandbox.Fault{Match: match, Times: c.times(), Do: c.fault.effect(c)})
}

// times returns the value of paisandbox.Fault.Times: 1, or 0 if the fault always occurs.
func (c *matrixCell) times() int {
	if c.always {
		return 0
	}
	return 1
}

// beforePlace has the sandbox call change directly before the request of the place. This request uses a new connection.
func (c *matrixCell) beforePlace(change func(*paisandbox.Sandbox)) {
	if c.place.before == 0 {
		change(c.sandbox)
		return
	}
	last := c.place.matchPage(c.place.page - 1)
	c.sandbox.AddFault(paisandbox.Fault{Match: last, Times: 1, Do: paisandbox.Call(change)})
	c.sandbox.AddFault(paisandbox.Fault{Match: last, Times: 1, Do: paisandbox.CloseAfter()})
}

// checkOutcome checks that the lookup's result is the outcome in the fault's row.
func (c *matrixCell) checkOutcome(read *tfprotov6.ReadDataSourceResponse) {
	c.t.Helper()
	outcome := c.outcome()
	if outcome.summary != "" {
		summary := strings.ReplaceAll(outcome.summary, "ACTION", c.place.action())
		providertest.WantError(c.t, read.Diagnostics, outcome.path, summary, outcome.facts...)
		return
	}
	state := c.tf.Decode(read)
	if outcome.warning == "" {
		providertest.WantNone(c.t, read.Diagnostics)
	} else {
		providertest.WantWarning(c.t, read.Diagnostics, c.place.warningPath(), outcome.warning)
		state["total_count"] = c.want["total_count"]
	}
	if diff := gocmp.Diff(c.want, state); diff != "" {
		c.t.Errorf("the state differs from that without the fault (-want +got):\n%s", diff)
	}
}

// timeLimit returns the longest time that the lookup may take with its settings. It is the sum of request_timeout for
// every attempt, the longest waits between attempts, and a reserve for a busy machine.
func (c *matrixCell) timeLimit() time.Duration {
	const reserve = 10 * time.Second
	if c.outcome().endless {
		return c.readLimit() + reserve
	}
	wait := 500*time.Millisecond + time.Second // before the first retry and before the second
	if c.fault.retryAfter > 0 {
		wait = matrixRetries * c.fault.retryAfter * 11 / 10
	}
	return (1+matrixRetries)*c.requestTimeout() + wait + reserve
}

// checkWaits checks that the client waited before each retry for at least the time that the service requested.
func (c *matrixCell) checkWaits(requests []paisandbox.Request) {
	c.t.Helper()
	var hits []paisandbox.Request
	for _, request := range requests {
		if c.place.match(request) && len(hits) < c.outcome().requests {
			hits = append(hits, request)
		}
	}
	for i := 1; i < len(hits); i++ {
		if wait := hits[i].At.Sub(hits[i-1].At); wait < c.fault.retryAfter {
			c.t.Errorf("retried after %s, want at least %s", wait, c.fault.retryAfter)
		}
	}
}

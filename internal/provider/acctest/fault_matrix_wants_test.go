package acctest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// wantEnd holds what the lookup came to against the table.
func (c *matrixCell) wantEnd(read *tfprotov6.ReadDataSourceResponse) {
	c.t.Helper()
	end := c.end()
	if end.summary == "" {
		providertest.WantNone(c.t, read.Diagnostics) // nor a warning
		if diff := cmp.Diff(c.healthy, c.state(read)); diff != "" {
			c.t.Errorf("the state is not that of a lookup without the fault: %s", diff)
		}
		return
	}
	diagnostic := providertest.Only(c.t, read.Diagnostics)
	if diagnostic.Severity != tfprotov6.DiagnosticSeverityError || diagnostic.Summary != end.summary {
		c.t.Errorf("%s instead of %q: %s", diagnostic.Summary, end.summary, diagnostic.Detail)
	}
	for _, says := range end.says {
		if !strings.Contains(diagnostic.Detail, says) {
			c.t.Errorf("%q is not in %s", says, diagnostic.Detail)
		}
	}
}

// timeLimit is what the settings allow: every attempt its request_timeout, the longest waits in between, and something for
// a busy machine. That those who needn't wait for a time-out don't is seen by the number of requests.
func (c *matrixCell) timeLimit() time.Duration {
	const busy = 10 * time.Second
	wait := 500*time.Millisecond + time.Second // before the first retry and the second
	if c.fault.told > 0 {
		wait = matrixRetries * c.fault.told * 11 / 10
	}
	return (1+matrixRetries)*c.timeout() + wait + busy
}

// wantWaits looks from the sandbox's side how long the client stayed away after each time that the fault struck.
func (c *matrixCell) wantWaits(requests []paisandbox.Request) {
	c.t.Helper()
	var hits []paisandbox.Request
	for _, request := range requests {
		if c.at.match(request) && len(hits) < c.end().requests {
			hits = append(hits, request)
		}
	}
	for i := 1; i < len(hits); i++ {
		if apart := hits[i].At.Sub(hits[i-1].At); apart < c.fault.told {
			c.t.Errorf("asked again after %s instead of %s", apart, c.fault.told)
		}
	}
}

// healthyState is the state of the lookup without a fault, which has to be whole and to cost what the place says.
func healthyState(t *testing.T, at matrixPlace) map[string]any {
	t.Helper()
	c := &matrixCell{fault: &matrixFault{}, at: at}
	c.prepare(t)
	read := c.look(matrixLimit)
	providertest.WantNone(t, read.Diagnostics)
	if asked := len(c.sandbox.Requests()); asked != at.requests() {
		t.Fatalf("%s: %d requests instead of %d", at.name, asked, at.requests())
	}
	state := c.state(read)
	if ids, is := state["ids"].([]any); at.page > 0 && (!is || len(ids) != len(matrixCatalogue)) {
		t.Fatalf("%s: %d images", at.name, len(ids))
	}
	return state
}

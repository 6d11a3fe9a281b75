package acctest

import (
	"cmp"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// matrixCell is a fault at a place, once or always.
type matrixCell struct {
	fault   *matrixFault
	at      matrixPlace
	always  bool
	healthy map[string]any // the state without the fault

	t         *testing.T
	sandbox   *paisandbox.Sandbox
	host      string              // the sandbox's name, where it has one
	elsewhere *paisandbox.Sandbox // where redirects lead
	sidecar   *identity.Sidecar
	block     values
	tf        *terraform
	clockOff  atomic.Int64 // number of the request from which on the sandbox's clock is off, from 1; 0: it is right
	struck    atomic.Int64 // how often the fault hit
}

func (c *matrixCell) name() string {
	return fmt.Sprintf("%s/%s/%s", c.fault.name, c.at.name, map[bool]string{false: "once", true: "always"}[c.always])
}

func (c *matrixCell) end() *matrixEnd {
	if c.always {
		return c.fault.always
	}
	return c.fault.once
}

// cost is how many requests the lookup may send.
func (c *matrixCell) cost() int {
	end := c.end()
	switch {
	case end.summary != "":
		return c.at.before + end.requests
	case c.always:
		return c.at.requests() + (end.requests-1)*c.at.visits()
	}
	return c.at.requests() + end.requests - 1
}

// spare is how many requests of the second pass may be sent before the first is found to be unfinished, when its last answer is in
// and yet to be decoded: those of one pass, and where the fault strikes there, too, its retries.
func (c *matrixCell) spare() int {
	if c.fault.decoded && c.at.name == "last page" {
		return c.at.page + matrixRetries
	}
	return 0
}

// run is the test of the cell.
func (c *matrixCell) run(t *testing.T) {
	t.Helper()
	c.prepare(t)
	if c.fault.on == reusedConnection || c.sidecar != nil {
		c.warmUp()
	}
	asked := len(c.sandbox.Requests())
	c.strike()
	begun := time.Now()
	read := c.look(matrixLimit)
	took := time.Since(begun)

	requests := c.sandbox.Requests()[asked:]
	c.wantEnd(read)
	if cost := c.cost(); len(requests) < cost || len(requests) > cost+c.spare() {
		t.Errorf("%d requests instead of %d", len(requests), cost)
	}
	if limit := c.timeLimit(); took > limit {
		t.Errorf("took %s, of %s at most", took, limit)
	}
	c.wantWaits(requests)
	for _, request := range requests {
		if c.fault.secure != (request.Proto == "HTTP/2.0") {
			t.Errorf("spoke %s", request.Proto)
		}
	}
	if struck := c.struck.Load(); c.fault.do != nil && (struck == 0 || struck > 1 && !c.always) {
		t.Errorf("the fault hit %d times", struck)
	}
	if c.fault.check != nil {
		c.fault.check(c)
	}
}

func (c *matrixCell) prepare(t *testing.T) {
	t.Helper()
	c.t = t
	c.sandbox = providertest.Start(t, paisandbox.Options{TLS: c.fault.secure, Catalogue: matrixCatalogue, Authority: matrixAuthority, Now: c.now})
	c.block = providertest.SignedIn(c.sandbox)
	c.block["max_retries"], c.block["max_concurrency"], c.block["request_timeout"] = matrixRetries, 1, c.timeout().String()
	if c.fault.scene != nil {
		c.fault.scene(c)
	}
	c.tf = newTerraform(t)
	providertest.WantNone(t, c.tf.Configure(c.block))
}

// timeout is the request_timeout.
func (c *matrixCell) timeout() time.Duration { return cmp.Or(c.fault.timeout, matrixTimeout) }

// look reads the data source that comes to the place, with this as timeouts.read.
func (c *matrixCell) look(limit string) *tfprotov6.ReadDataSourceResponse {
	if c.at.page == 0 {
		return c.get(matrixCatalogue[0], limit)
	}
	c.tf.DataSource = "pai_images"
	return c.tf.Read(c.t.Context(), values{"page_size": matrixPageSize, "timeouts": map[string]any{"read": limit}})
}

func (c *matrixCell) get(image paisandbox.Image, limit string) *tfprotov6.ReadDataSourceResponse {
	c.tf.DataSource = "pai_image"
	return c.tf.Read(c.t.Context(), values{"image_id": image.ImageID.Or(""), "timeouts": map[string]any{"read": limit}})
}

func (c *matrixCell) state(read *tfprotov6.ReadDataSourceResponse) map[string]any {
	c.t.Helper()
	return c.tf.Decode(read)
}

// warmUp has the provider make a connection, and fetch credentials, before it counts.
func (c *matrixCell) warmUp() {
	providertest.WantNone(c.t, c.get(matrixCatalogue[1], matrixLimit).Diagnostics)
}

// strike turns the fault on.
func (c *matrixCell) strike() {
	if c.fault.on == newConnection && c.at.page > 1 {
		c.sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(c.at.page - 1), Times: 1, Do: paisandbox.CloseAfter()})
	}
	if c.fault.arm != nil {
		c.fault.arm(c)
		return
	}
	match := func(r paisandbox.Request) bool {
		return c.at.match(r) && (c.fault.on == anyConnection || r.Reused == (c.fault.on == reusedConnection))
	}
	count := paisandbox.Call(func(*paisandbox.Sandbox) { c.struck.Add(1) })
	c.sandbox.AddFault(paisandbox.Fault{Match: match, Times: c.times(), Do: count})
	c.sandbox.AddFault(paisandbox.Fault{Match: match, Times: c.times(), Do: c.fault.do(c)})
}

// times is how often the fault strikes, as the sandbox counts: 0 is always.
func (c *matrixCell) times() int {
	if c.always {
		return 0
	}
	return 1
}

// beforePlace changes the sandbox after all that comes before the place, which is then asked for on a new connection.
func (c *matrixCell) beforePlace(change func(*paisandbox.Sandbox)) {
	if c.at.before == 0 {
		change(c.sandbox)
		return
	}
	last := paisandbox.OnPage(c.at.page - 1)
	c.sandbox.AddFault(paisandbox.Fault{Match: last, Times: 1, Do: paisandbox.Call(change)})
	c.sandbox.AddFault(paisandbox.Fault{Match: last, Times: 1, Do: paisandbox.CloseAfter()})
}

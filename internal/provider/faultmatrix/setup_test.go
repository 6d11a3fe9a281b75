package faultmatrix

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// now returns the time of the sandbox's clock. The clock is 20 minutes fast for the request with the number clockOff.
// If the fault always occurs, the clock is also fast for all later requests.
func (c *matrixCell) now() time.Time {
	first := int(c.clockOff.Load())
	if first > 0 && (c.always || len(c.sandbox.Requests()) <= first) {
		return time.Now().Add(20 * time.Minute)
	}
	return time.Now()
}

func setClockOff(c *matrixCell) {
	c.beforePlace(func(s *paisandbox.Sandbox) { c.clockOff.Store(int64(len(s.Requests()) + 1)) })
}

// signInBySidecar configures a sidecar, from which the provider can get another session.
func signInBySidecar(c *matrixCell) {
	sidecar, err := identity.StartSidecar(c.t.Context(), c.sandbox, identity.SidecarOptions{})
	if err != nil {
		c.t.Fatal(err)
	}
	c.sidecar = sidecar
	delete(c.block, "access_key")
	delete(c.block, "secret_key")
	c.block["credentials_uri"] = sidecar.URL()
}

// signInBySession configures the keys of a session in the provider block. The provider can't renew such a session.
func signInBySession(c *matrixCell) {
	session := c.sandbox.Issue(paisandbox.Session{By: "a test"}, 0)
	c.block["access_key"], c.block["secret_key"] = session.AccessKeyID, session.AccessKeySecret
	c.block["security_token"] = session.SecurityToken
}

// expireSessions expires the provider's session. A session that the provider gets later is valid, unless the fault
// always occurs.
func expireSessions(c *matrixCell) {
	if c.sidecar != nil && c.always {
		c.sandbox.AddFault(paisandbox.Fault{
			Match: c.place.match, Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired"),
		})
		return
	}
	c.beforePlace((*paisandbox.Sandbox).ExpireSessions)
}

// checkTwoSessions checks that the provider replaced the expired session once.
func checkTwoSessions(c *matrixCell) {
	if got := len(c.sidecar.Requests()); got != 2 {
		c.t.Errorf("%d sessions were fetched, want 2", got)
	}
}

func startRedirectTarget(c *matrixCell) {
	c.target = providertest.Start(c.t, paisandbox.Options{Catalogue: matrixCatalogue, Authority: matrixAuthority})
}

func checkRedirectTarget(c *matrixCell) {
	for _, request := range c.target.Requests() {
		c.t.Errorf("the redirect was followed: %s", request.Path)
	}
}

// presentOtherCertificate configures the sandbox to present a certificate for another host name, directly before the
// request at the place.
func presentOtherCertificate(c *matrixCell) {
	c.beforePlace(func(s *paisandbox.Sandbox) { s.PresentCertificateFor("other.example.com", c.times()) })
}

// namedSandboxes counts the host names of sandboxes. Each cell needs its own host name, because ports are reused.
var namedSandboxes atomic.Int64

// nameSandbox configures an endpoint with a host name for the sandbox, instead of its address.
func nameSandbox(c *matrixCell) {
	_, port, _ := strings.Cut(c.sandbox.Host(), ":")
	c.host = fmt.Sprintf("sandbox-%d%s", namedSandboxes.Add(1), matrixDomain)
	c.block["endpoint"] = "https://" + c.host + ":" + port
}

// failLookups returns a function for matrixFault.inject. With this function, lookups of the sandbox's host name fail
// with the code.
func failLookups(code byte) func(*matrixCell) {
	return func(c *matrixCell) {
		c.beforePlace(func(*paisandbox.Sandbox) { matrixNames.fail(c.t, c.host, code, c.always) })
	}
}

// stateWithoutFault returns the state of the lookup without a fault. It checks that the state is complete, and that the
// lookup sends the number of requests that the place states.
func stateWithoutFault(t *testing.T, place matrixPlace) map[string]any {
	t.Helper()
	c := &matrixCell{fault: &matrixFault{}, place: place}
	c.configure(t)
	read := c.read(matrixLimit.String())
	providertest.WantNone(t, read.Diagnostics)
	if got := len(c.sandbox.Requests()); got != place.requests() {
		t.Fatalf("%s: %d requests, want %d", place.name, got, place.requests())
	}
	state := c.tf.Decode(read)
	images := len(matrixCatalogue)
	if place.single {
		images = matrixPageSize
	}
	if ids, ok := state["ids"].([]any); place.page > 0 && (!ok || len(ids) != images) {
		t.Fatalf("%s: %d images, want %d", place.name, len(ids), images)
	}
	return state
}

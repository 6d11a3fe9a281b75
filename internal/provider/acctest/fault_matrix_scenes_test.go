package acctest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// now is the sandbox's clock, which may be 20 minutes off from some request on, or for that one.
func (c *matrixCell) now() time.Time {
	off := int(c.clockOff.Load())
	if off == 0 {
		return time.Now()
	}
	if number := len(c.sandbox.Requests()); c.always || number <= off {
		return time.Now().Add(20 * time.Minute)
	}
	return time.Now()
}

func setClockOff(c *matrixCell) {
	c.beforePlace(func(s *paisandbox.Sandbox) { c.clockOff.Store(int64(len(s.Requests()) + 1)) })
}

// signInBySidecar has the provider fetch sessions, so that it can fetch another.
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

// signInBySession gives the provider a session as keys, which nobody can renew.
func signInBySession(c *matrixCell) {
	session := c.sandbox.Issue(paisandbox.Session{By: "a test"}, 0)
	c.block["access_key"], c.block["secret_key"] = session.AccessKeyID, session.AccessKeySecret
	c.block["security_token"] = session.SecurityToken
}

// expireSessions ends the session that the provider has. One that is fetched anew is good, unless the service says of
// every one that it has expired.
func expireSessions(c *matrixCell) {
	if c.sidecar != nil && c.always {
		c.sandbox.AddFault(paisandbox.Fault{Match: c.at.match, Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired")})
		return
	}
	c.beforePlace((*paisandbox.Sandbox).ExpireSessions)
}

// wantTwoSessions: the one that expired was replaced, once.
func wantTwoSessions(c *matrixCell) {
	if asked := len(c.sidecar.Requests()); asked != 2 {
		c.t.Errorf("%d sessions were fetched", asked)
	}
}

// startElsewhere starts a server of somebody else.
func startElsewhere(c *matrixCell) {
	c.elsewhere = providertest.Start(c.t, paisandbox.Options{Catalogue: matrixCatalogue, Authority: matrixAuthority})
}

func wantNothingElsewhere(c *matrixCell) {
	for _, request := range c.elsewhere.Requests() {
		c.t.Errorf("the redirect was followed: %s", request.Path)
	}
}

// showAnotherName has the sandbox show the certificate of another server at the next handshake.
func showAnotherName(c *matrixCell) {
	c.beforePlace(func(s *paisandbox.Sandbox) { s.PresentCertificateFor("other.example.com", c.times()) })
}

// namedSandboxes is for names that no two cells share: ports come again.
var namedSandboxes atomic.Int64

// nameSandbox has the provider look the sandbox up under a name.
func nameSandbox(c *matrixCell) {
	_, port, _ := strings.Cut(c.sandbox.Host(), ":")
	c.host = fmt.Sprintf("sandbox-%d%s", namedSandboxes.Add(1), matrixDomain)
	c.block["endpoint"] = "https://" + c.host + ":" + port
}

// loseName has the sandbox's name looked up in vain, as the code says.
func loseName(code byte) func(*matrixCell) {
	return func(c *matrixCell) {
		c.beforePlace(func(*paisandbox.Sandbox) { matrixNames.fail(c.t, c.host, code, c.always) })
	}
}

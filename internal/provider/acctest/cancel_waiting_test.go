package acctest

import (
	"maps"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// waiting is something that a lookup waits for, for longer than anyone would.
type waiting struct {
	lookups int    // side by side
	block   values // more of the provider block
	begin   func(t *testing.T, sandbox *paisandbox.Sandbox) waitingFor
	library bool // a call of the credentials library, which takes no context, goes on until it has its answer
}

// waitingFor is what a prepared sandbox has the lookups wait for.
type waitingFor struct {
	block       values
	certificate []byte      // that the library must trust; nil: none
	reached     func() bool // the lookups wait for it now
	end         func()      // ends what the library may still wait for
}

// waitings are all that a lookup waits for.
var waitings = map[string]waiting{
	"a request":                                {lookups: 1, begin: forFault(1, paisandbox.Fault{Do: paisandbox.Hang()})},
	"the rest of an answer":                    {lookups: 1, begin: forFault(1, paisandbox.Fault{Do: paisandbox.Stall()})},
	"a page of the second pass":                {lookups: 1, begin: forFault(6, paisandbox.Fault{Skip: 4, Do: paisandbox.Hang()})},
	"the time that a throttling service names": {lookups: 2, begin: forFault(1, paisandbox.Fault{Do: paisandbox.Throttle(429, time.Minute)})},
	"the next attempt": {
		lookups: 2, block: values{"max_retries": 100}, begin: forFault(4, paisandbox.Fault{Do: paisandbox.ServerError(503)}),
	},
	"a place": {
		lookups: 5, block: values{"max_concurrency": 1}, begin: forFault(1, paisandbox.Fault{Do: paisandbox.Hang()}),
	},
	"a sidecar": {lookups: 3, library: true, begin: func(t *testing.T, sandbox *paisandbox.Sandbox) waitingFor {
		t.Helper()
		sidecar, err := identity.StartSidecar(t.Context(), sandbox, identity.SidecarOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sidecar.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
		return waitingFor{
			block:   values{"access_key": nil, "secret_key": nil, "credentials_uri": sidecar.URL()},
			reached: func() bool { return len(sidecar.Requests()) > 0 },
			end:     func() { _ = sidecar.Close() },
		}
	}},
	"STS": {lookups: 3, library: true, begin: func(t *testing.T, sandbox *paisandbox.Sandbox) waitingFor {
		t.Helper()
		sts, err := identity.StartSTS(t.Context(), sandbox, identity.STSOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sts.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
		return waitingFor{
			block:       values{"sts_endpoint": sts.Host(), "assume_role": map[string]any{"role_arn": "acs:ram::1234567890123456:role/reader"}},
			certificate: sts.CertificatePEM(),
			reached:     func() bool { return len(sts.Requests()) > 0 },
			end:         func() { _ = sts.Close() },
		}
	}},
}

// forFault waits for the sandbox, once it has been asked as often.
func forFault(asked int, fault paisandbox.Fault) func(*testing.T, *paisandbox.Sandbox) waitingFor {
	return func(_ *testing.T, sandbox *paisandbox.Sandbox) waitingFor {
		sandbox.AddFault(fault)
		return waitingFor{reached: func() bool { return len(sandbox.Requests()) >= asked }, end: func() {}}
	}
}

// providerBlock is the one with which a lookup comes to wait.
func (w waiting) providerBlock(sandbox *paisandbox.Sandbox, told waitingFor) values {
	block := providertest.SignedIn(sandbox)
	maps.Copy(block, w.block)
	maps.Copy(block, told.block)
	return block
}

package acctest

import (
	"context"
	"maps"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"go.uber.org/goleak"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// cancelSummary is the summary of the error of a cancelled lookup.
const cancelSummary = "Lookup cancelled"

// cancelCase describes lookups that wait until the test cancels them.
type cancelCase struct {
	lookups int    // number of concurrent lookups
	block   values // arguments added to the provider block
	prepare func(*testing.T, *paisandbox.Sandbox) *preparation
	equal   bool // the lookups share a list; otherwise, their requests differ
	library bool // the lookups wait for the credentials library, whose calls can't be cancelled
}

// preparation is the result of preparing a cancelCase.
type preparation struct {
	block       values      // arguments added to the provider block
	certificate []byte      // certificate that the credentials library must trust; nil for none
	reached     func() bool // reports whether the lookups wait
	end         func()      // ends the call of the credentials library; nil if there is no such call
}

// cancelCases contains every reason for which a lookup can wait.
var cancelCases = map[string]cancelCase{
	"response": {lookups: 1, prepare: newFaultPreparer(1, paisandbox.Fault{Do: paisandbox.Hang()})},
	"response to a shared request": {
		lookups: 3, equal: true, prepare: newFaultPreparer(1, paisandbox.Fault{Do: paisandbox.Hang()}),
	},
	"rest of the response": {lookups: 1, prepare: newFaultPreparer(1, paisandbox.Fault{Do: paisandbox.Stall()})},
	"page of the second pass": {
		lookups: 1, prepare: newFaultPreparer(6, paisandbox.Fault{Skip: 4, Do: paisandbox.Hang()}),
	},
	"Retry-After": {
		lookups: 2, prepare: newFaultPreparer(1, paisandbox.Fault{Do: paisandbox.Throttle(429, time.Minute)}),
	},
	"retry": {
		lookups: 2, block: values{"max_retries": 100},
		prepare: newFaultPreparer(4, paisandbox.Fault{Do: paisandbox.ServerError(503)}),
	},
	"slot": {
		lookups: 5, block: values{"max_concurrency": 1},
		prepare: newFaultPreparer(1, paisandbox.Fault{Do: paisandbox.Hang()}),
	},
	"sidecar": {lookups: 3, prepare: func(t *testing.T, sandbox *paisandbox.Sandbox) *preparation {
		t.Helper()
		sidecar, err := identity.StartSidecar(t.Context(), sandbox, identity.SidecarOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sidecar.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
		return &preparation{
			block:   values{"access_key": nil, "secret_key": nil, "credentials_uri": sidecar.URL()},
			reached: func() bool { return len(sidecar.Requests()) > 0 },
		}
	}},
	"STS": {lookups: 3, library: true, prepare: func(t *testing.T, sandbox *paisandbox.Sandbox) *preparation {
		t.Helper()
		sts, err := identity.StartSTS(t.Context(), sandbox, identity.STSOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sts.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
		return &preparation{
			block:       values{"sts_endpoint": sts.Host(), "assume_role": map[string]any{"role_arn": readerRole}},
			certificate: sts.CertificatePEM(),
			reached:     func() bool { return len(sts.Requests()) > 0 },
			end:         func() { _ = sts.Close() },
		}
	}},
}

// newFaultPreparer returns a function for cancelCase.prepare, which adds the fault to the sandbox. The lookups count as
// waiting when the sandbox has received the given number of requests.
func newFaultPreparer(requests int, fault paisandbox.Fault) func(*testing.T, *paisandbox.Sandbox) *preparation {
	return func(_ *testing.T, sandbox *paisandbox.Sandbox) *preparation {
		sandbox.AddFault(fault)
		return &preparation{reached: func() bool { return len(sandbox.Requests()) >= requests }}
	}
}

// providerBlock returns the provider block: the sandbox's arguments, and those of the case and its preparation.
func (c cancelCase) providerBlock(sandbox *paisandbox.Sandbox, p *preparation) values {
	block := providertest.SignedIn(sandbox)
	maps.Copy(block, c.block)
	maps.Copy(block, p.block)
	return block
}

// TestCancelLeavesNothing cancels lookups through their context or with Terraform's request to stop. It checks that the
// lookups return an error within a second, and that no goroutines remain (design rule 7).
//
// The test inspects all goroutines of the program, so no other test may run at the same time.
func TestCancelLeavesNothing(t *testing.T) { //nolint:paralleltest // see above
	for name, test := range cancelCases { //nolint:paralleltest // see above
		t.Run(name+", context", func(t *testing.T) { test.run(t, false) })
		t.Run(name+", StopProvider", func(t *testing.T) { test.run(t, true) })
	}
}

// run starts the lookups, cancels them while they wait, and checks their errors and the remaining goroutines.
func (c cancelCase) run(t *testing.T, stopProvider bool) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
	p := c.prepare(t, sandbox)
	if p.certificate != nil {
		providertest.TrustCertificate(t, p.certificate)
	}
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(c.providerBlock(sandbox, p)))

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	responses := make(chan *tfprotov6.ReadDataSourceResponse, c.lookups)
	for i := range c.lookups {
		block := values{}
		if i > 0 && !c.equal {
			block["query"] = strconv.Itoa(i) // otherwise, the lookups would share a list
		}
		go func() { responses <- tf.Read(ctx, block) }()
	}
	for !p.reached() {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // reached does not detect lookups that wait before their first request

	begin := time.Now()
	if stopProvider {
		_, err := tf.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
		tf.Must(err)
	} else {
		cancel()
	}
	for range c.lookups {
		select {
		case response := <-responses:
			if got := providertest.Only(t, response.Diagnostics); got.Summary != cancelSummary {
				t.Errorf("summary is %q, want %q: %s", got.Summary, cancelSummary, got.Detail)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("a lookup didn't return after 10 s")
		}
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("lookups returned after %s, want at most 1 s", took)
	}
	cancel()
	checkGoroutines(t, c.library)
	if p.end != nil {
		p.end()
	}
	_ = sandbox.Close() // also closes the idle connections, which have goroutines
	goleak.VerifyNone(t, before)
}

// checkGoroutines checks that all goroutines of the provider end within a second. If library is true, one goroutine
// must remain, which waits for the credentials library.
func checkGoroutines(t *testing.T, library bool) {
	t.Helper()
	want := 0
	if library {
		want = 1
	}
	var left []string
	for range 100 {
		left = providerStacks()
		if len(left) == want {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(left) != want || library && !strings.Contains(left[0], "singleflight") {
		t.Errorf("%d goroutines are left, want %d:\n%s", len(left), want, strings.Join(left, "\n\n"))
	}
}

// providerStacks returns the stacks of the goroutines that run code of the provider.
func providerStacks() []string {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	var stacks []string
	for stack := range strings.SplitSeq(string(all), "\n\n") {
		if strings.Contains(stack, "created by net/http.(*Transport).") {
			continue // reads from a connection of the credentials library, which signin limits
		}
		for _, name := range []string{"paiclient", "signin", "selection", "wirestate"} {
			if strings.Contains(stack, "terraform-provider-pai/internal/"+name+".") {
				stacks = append(stacks, stack)
				break
			}
		}
	}
	return stacks
}

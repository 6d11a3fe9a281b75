package acctest

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"go.uber.org/goleak"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestCancelLeavesNothing ends lookups by their context and by Terraform's request to stop, whatever they wait for: they return
// within a second, say that they were cancelled, and nothing of them is left. It looks at every goroutine of the program, so
// nothing may run beside it.
func TestCancelLeavesNothing(t *testing.T) { //nolint:paralleltest // see above
	for name, waits := range waitings { //nolint:paralleltest // as above
		for how, stops := range map[string]bool{"context": false, "StopProvider": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				before := goleak.IgnoreCurrent()
				sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
				told := waits.begin(t, sandbox)
				if told.certificate != nil {
					providertest.TrustCertificate(t, told.certificate)
				}
				tf := newTerraform(t)
				providertest.WantNone(t, tf.Configure(waits.providerBlock(sandbox, told)))

				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan *tfprotov6.ReadDataSourceResponse, waits.lookups)
				for range waits.lookups {
					go func() { ended <- tf.Read(ctx, values{}) }()
				}
				for !told.reached() {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(50 * time.Millisecond) // those that don't reach the sandbox come to wait, too

				begun := time.Now()
				if stops {
					_, err := tf.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
					tf.Must(err)
				} else {
					cancel()
				}
				for range waits.lookups {
					select {
					case read := <-ended:
						diagnostic := providertest.Only(t, read.Diagnostics)
						if diagnostic.Summary != "Lookup cancelled" || !strings.Contains(diagnostic.Detail, "interrupted after ") {
							t.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
						}
					case <-time.After(10 * time.Second):
						t.Fatal("a lookup goes on")
					}
				}
				if took := time.Since(begun); took > time.Second {
					t.Errorf("ended after %s", took)
				}
				cancel()
				checkLeft(t, waits.library)
				told.end()
				_ = sandbox.Close() // with the connections that were kept for the next request
				goleak.VerifyNone(t, before)
			})
		}
	}
}

// checkLeft: no goroutine of ours is left a moment after the last lookup has ended, but the one that waits for the library.
func checkLeft(t *testing.T, library bool) {
	t.Helper()
	want := 0
	if library {
		want = 1
	}
	var left []string
	for range 100 {
		left = ours()
		if len(left) == want {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(left) != want || library && !strings.Contains(left[0], "singleflight") {
		t.Errorf("%d goroutines are left instead of %d:\n%s", len(left), want, strings.Join(left, "\n\n"))
	}
}

// ours are the goroutines that run the code of the provider, or wait in it.
func ours() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var found []string
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		for _, part := range []string{"paiclient", "signin", "selection", "wirestate"} {
			if strings.Contains(stack, "terraform-provider-pai/internal/"+part+".") {
				found = append(found, stack)
				break
			}
		}
	}
	return found
}

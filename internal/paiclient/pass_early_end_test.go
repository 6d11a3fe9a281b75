package paiclient_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestNothingIsLeftOfAnEarlyPass: when a listing has failed, the second pass that was begun early is over, at once, and nobody is
// told of its requests. The decoding that fails may be over before any of them is sent, so it is tried until one was.
func TestNothingIsLeftOfAnEarlyPass(t *testing.T) {
	t.Parallel()
	for range 10 {
		if failsWithASecondPassUnderWay(t) {
			return
		}
	}
	t.Error("no second pass was begun before the first was decoded")
}

func failsWithASecondPassUnderWay(t *testing.T) bool {
	t.Helper()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnQuery("Verbose", "false"), Do: paisandbox.Delay(5 * time.Second)})
	// The last answer to come, and one that takes a while to decode.
	broken := `{"TotalCount":437,"Images":[` + strings.Repeat(" ", 8<<20) + `5]}`
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(3), Do: paisandbox.Delay(200 * time.Millisecond)})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(3), Do: paisandbox.Body(200, broken)})
	var failed atomic.Int64
	client := connect(t, sandbox, func(o *paiclient.Options) {
		o.Observe = func(_ context.Context, attempt paiclient.Attempt) {
			if attempt.Err != nil {
				failed.Add(1)
			}
		}
	})
	begun := time.Now()
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
	if took := time.Since(begun); err == nil || took > 4*time.Second {
		t.Errorf("%v after %s", err, took)
	}
	if failed.Load() != 1 {
		t.Errorf("%d failed requests were told of, and not the broken one alone", failed.Load())
	}
	return slices.ContainsFunc(sandbox.Requests(), paisandbox.OnQuery("Verbose", "false"))
}

package paiclient_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestNothingIsLeftOfAnEarlyPass: when a listing has failed, the second pass that was begun early is over, at once.
func TestNothingIsLeftOfAnEarlyPass(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnQuery("Verbose", "false"), Do: paisandbox.Delay(3 * time.Second)})
	big := make([]byte, 8<<20) // decoding takes a while
	for i := range big {
		big[i] = ' '
	}
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(3), Do: paisandbox.Body(200, `{"TotalCount":437,"Images":[`+string(big)+`5]}`)})
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
	if took := time.Since(begun); err == nil || took > 2500*time.Millisecond {
		t.Errorf("%v after %s", err, took)
	}
	var second []paisandbox.Request
	for _, request := range sandbox.Requests() {
		if request.Query.Get("Verbose") == "false" {
			second = append(second, request)
		}
	}
	if len(second) == 0 {
		t.Error("no second pass was begun before the first was decoded")
	}
	if failed.Load() != 1 {
		t.Errorf("%d failed requests were told of, and not the broken one alone", failed.Load())
	}
}

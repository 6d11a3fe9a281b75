package provider

import (
	"context"
	"runtime"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

const (
	// largeState is the length of an encoded state whose memory the next large lookup waits for.
	largeState = 4 << 20

	// lowMemory is the number of bytes in use by the process at which that wait ends. It also ends after maxMemoryWait.
	// The memory of a state is in use until the CLI has received it.
	lowMemory     = 96 << 20
	maxMemoryWait = 2 * time.Second
)

// boundedServer limits the memory of the results of all requests in a read together, until the state is encoded.
type boundedServer struct {
	tfprotov6.ProviderServer
}

// ReadDataSource calls the server's ReadDataSource with the context of one lookup.
func (s boundedServer) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, end := paijson.WithLookup(ctx)
	resp, err := s.ProviderServer.ReadDataSource(ctx, req)
	if resp == nil || resp.State == nil || len(resp.State.MsgPack) < largeState {
		end()
		return resp, err
	}
	go func() {
		defer end()
		waitForMemory()
	}()
	return resp, err
}

// waitForMemory waits until less than lowMemory bytes are in use, but at most maxMemoryWait.
func waitForMemory() {
	for begin := time.Now(); time.Since(begin) < maxMemoryWait; time.Sleep(maxMemoryWait / 20) {
		runtime.GC() // so that only the memory in use counts
		var stats runtime.MemStats
		if runtime.ReadMemStats(&stats); stats.HeapAlloc < lowMemory {
			return
		}
	}
}

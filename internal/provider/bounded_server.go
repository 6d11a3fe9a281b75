package provider

import (
	"context"
	"runtime"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

const (
	// largeState is the length in bytes from which the memory of an encoded state delays the next large lookup. The memory
	// is in use until the CLI has received the state.
	largeState = 4 << 20

	// lowMemory is the number of bytes below which the memory of the process ends the delay. The delay also ends after
	// maxMemoryWait.
	lowMemory     = 96 << 20
	maxMemoryWait = 2 * time.Second
)

// boundedServer limits the memory of each read of a data source. All requests of a read belong to one lookup of
// paijson, which ends when the state is encoded. If the state is large, the lookup ends when its memory is free again.
type boundedServer struct {
	tfprotov6.ProviderServer
}

// ReadDataSource calls the server's ReadDataSource with the context of a lookup.
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

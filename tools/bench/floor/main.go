// Command floor is a provider that replays recorded responses. In a plan with it, the CLI needs almost all the time, so
// no provider can be much faster.
//
// If PAI_BENCH_PROVIDER contains the path of a provider, the program forwards each request to that provider and records
// the responses in the folder PAI_BENCH_RESPONSES. Otherwise it replays the responses in that folder.
package main

import (
	"context"
	"errors"
	"io/fs"
	"log"
	"os"
	"path"
	"path/filepath"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terraform.local/pai/terraform-provider-pai/tools/bench/wire"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("floor: ")
	folder := recording(os.Getenv("PAI_BENCH_RESPONSES"))
	if folder == "" {
		log.Fatal("set PAI_BENCH_RESPONSES to the folder of the responses")
	}
	program := os.Getenv("PAI_BENCH_PROVIDER")
	if program == "" {
		wire.Serve(folder.replay)
		return
	}
	provider, err := wire.Start(program)
	if err != nil {
		log.Fatal(err)
	}
	defer provider.Close()
	wire.Serve(func(ctx context.Context, method string, request []byte) ([]byte, error) {
		response, err := provider.Call(ctx, method, request)
		if err != nil {
			return nil, err
		}
		return response, os.WriteFile(folder.file(method), response, 0o600) //nolint:gosec // make bench sets the folder
	})
}

// recording is the path of a folder with one recorded response for each method.
type recording string

func (r recording) file(method string) string { return filepath.Join(string(r), path.Base(method)) }

func (r recording) replay(_ context.Context, method string, _ []byte) ([]byte, error) {
	response, err := os.ReadFile(r.file(method))
	if errors.Is(err, fs.ErrNotExist) { // no response was recorded, so the provider does not implement the method
		return nil, status.Errorf(codes.Unimplemented, "no recorded response for %s", method)
	}
	return response, err
}

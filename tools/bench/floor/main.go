// Command floor is the least that a provider can be: each answer is bytes that were made beforehand. What a plan with it takes
// is the CLI's own time, and no provider can be faster.
//
// The answers are recorded from a real provider. With $PAI_BENCH_PROVIDER set the program passes every call on to that
// provider, and keeps its answer in the folder $PAI_BENCH_ANSWERS; without it, it answers from there.
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
	kept := answers{folder: os.Getenv("PAI_BENCH_ANSWERS")}
	if kept.folder == "" {
		log.Fatal("make bench runs this program: PAI_BENCH_ANSWERS names the folder of the answers")
	}
	program := os.Getenv("PAI_BENCH_PROVIDER")
	if program == "" {
		wire.Serve(kept.replay)
		return
	}
	provider, err := wire.Start(program)
	if err != nil {
		log.Fatal(err)
	}
	defer provider.Close()
	wire.Serve(kept.record(provider))
}

// answers are files in a folder, one for each call that the CLI makes.
type answers struct {
	folder string
}

// file goes by the last part of a call's name, such as ReadDataSource.
func (a answers) file(call string) string { return filepath.Join(a.folder, path.Base(call)) }

func (a answers) replay(_ context.Context, call string, _ []byte) ([]byte, error) {
	answer, err := os.ReadFile(a.file(call))
	if errors.Is(err, fs.ErrNotExist) { // the provider had none either
		return nil, status.Errorf(codes.Unimplemented, "%s was not recorded", call)
	}
	return answer, err
}

func (a answers) record(provider *wire.Provider) wire.Answer {
	return func(ctx context.Context, call string, question []byte) ([]byte, error) {
		answer, err := provider.Ask(ctx, call, question)
		if err != nil {
			return nil, err
		}
		return answer, os.WriteFile(a.file(call), answer, 0o600) //nolint:gosec // the folder is the caller's, and the call is one of the protocol's
	}
}

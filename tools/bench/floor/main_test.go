package main

import (
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terraform.local/pai/terraform-provider-pai/tools/bench/wire"
)

func TestReplay(t *testing.T) {
	t.Parallel()
	kept := answers{folder: t.TempDir()}
	if err := os.WriteFile(filepath.Join(kept.folder, "GetProviderSchema"), []byte("the schema"), 0o600); err != nil {
		t.Fatal(err)
	}
	answer, err := kept.replay(t.Context(), wire.Schema, []byte("a question"))
	if err != nil || string(answer) != "the schema" {
		t.Errorf("got %q, %v", answer, err)
	}
	_, err = kept.replay(t.Context(), "/tfplugin6.Provider/GetFunctions", nil)
	if status.Code(err) != codes.Unimplemented {
		t.Errorf("a call that was not recorded is answered %v", err)
	}
}

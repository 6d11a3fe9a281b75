package lookup

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRAMPolicy checks that examples/ram-policy.json allows the actions that the errors about missing permissions name.
func TestRAMPolicy(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../examples/ram-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	type statement struct {
		Effect, Resource string
		Action           []string
	}
	type policy struct {
		Version   string
		Statement []statement
	}
	var got policy
	if err := json.Unmarshal(content, &got); err != nil {
		t.Fatal(err)
	}
	actions := slices.Sorted(maps.Values(ramActions))
	want := policy{Version: "1", Statement: []statement{{Effect: "Allow", Resource: "*", Action: actions}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("examples/ram-policy.json differs (-want +got):\n%s", diff)
	}
}

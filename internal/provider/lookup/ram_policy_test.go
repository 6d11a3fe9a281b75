package lookup

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRAMPolicy checks that the policy in the error about a missing permission equals examples/ram-policy.json.
func TestRAMPolicy(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../examples/ram-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := json.Unmarshal(content, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(ramPolicy), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the policy differs from examples/ram-policy.json (-want +got):\n%s", diff)
	}
}

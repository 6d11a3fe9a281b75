package labels

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestReadKeepsSharedLabels checks that a read doesn't change a list that it may share with other reads.
func TestReadKeepsSharedLabels(t *testing.T) {
	t.Parallel()
	newList := func() []pai.Label {
		return []pai.Label{{Key: new("team")}, {Key: new("cafe\u0301")}, {Key: new("b")}, {Key: new("a")}}
	}
	list := newList()
	resultValues(list)
	config := labelsConfig{labelKeys: types.SetValueMust(types.StringType, []attr.Value{types.StringValue("a")})}
	if got := config.apply(list); len(got) != 1 {
		t.Errorf("got %d labels, want 1", len(got))
	}
	if diff := cmp.Diff(newList(), list); diff != "" {
		t.Errorf("the read changed the list (-want +got):\n%s", diff)
	}
}

package images

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestIncompleteWarning checks the reason in the warning. The count can be right although no two passes agree.
func TestIncompleteWarning(t *testing.T) {
	t.Parallel()
	for want, total := range map[string]*int64{
		"never returns a count": nil, "count is wrong": new(int64(130)), "images change": new(int64(120)),
	} {
		var diags diag.Diagnostics
		addIncompleteWarning(&diags, &paiclient.Incomplete{Passes: 4, TotalCount: total, Listed: 120})
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), want) {
			t.Errorf("%s is not in %v", want, diags)
		}
	}
}

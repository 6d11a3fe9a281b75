package images

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
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

// TestContradictedWarning checks that the warning counts only the images that contradict a filter, and names only the
// filters that they contradict.
func TestContradictedWarning(t *testing.T) {
	t.Parallel()
	fs := slices.Concat(argumentFilters("chip_type", types.StringValue("GPU")),
		argumentFilters("framework", types.StringValue("PyTorch")))
	const torch = pai.LabelFrameworkPrefix + "PyTorch"
	gpu, cpu := labeled(pai.LabelChipType, "GPU", torch, "2.9"), labeled(pai.LabelChipType, "CPU", torch, "2.9")
	var diags diag.Diagnostics
	fs.addContradictedWarning(&diags, []pai.Image{gpu, cpu, {}, gpu}, "")
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "dropped 1 image ") ||
		!strings.Contains(diags[0].Detail(), "chip_type") || strings.Contains(diags[0].Detail(), "framework") {
		t.Errorf("got %v, want a warning about one image and chip_type", diags)
	}
}

package images

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

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

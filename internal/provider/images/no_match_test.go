package images_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestNoMatchRequests checks the requests that pai_image sends if no image matches. It sends one request for each
// filter that the API evaluates. If the removal of one filter is not enough, it also lists all images.
func TestNoMatchRequests(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	providertest.Only(t, newImageTerraform(t, sandbox).Read(t.Context(), values{
		"framework": "PyTorch", "chip_type": "PPU", "official": true, "version": "~> 9.0", "name_regex": "^x",
	}).Diagnostics)
	var got []string
	for _, request := range sandbox.Requests() {
		got = append(got, request.Query.Get("Labels"))
	}
	slices.Sort(got[1:]) // pai_image sends these requests concurrently
	want := []string{
		"system.chipType=PPU,system.framework.PyTorch=*,system.official=true",
		"",
		"system.chipType=PPU,system.framework.PyTorch=*",
		"system.chipType=PPU,system.official=true",
		"system.framework.PyTorch=*,system.official=true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels of the requests (-want +got):\n%s", diff)
	}
}

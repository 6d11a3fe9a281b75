package acctest

import (
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccRefreshOnlyFindsNoChange checks that `plan -refresh-only -detailed-exitcode` finds no change in outputs with
// each numeric attribute. Terraform 1.11 would find one if the provider sent integers in MessagePack: see
// wirestate.EncodeInt64.
func TestAccRefreshOnlyFindsNoChange(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	dir := newWorkingDir(t, providertest.Start(t, paisandbox.Options{}), `
data "pai_images" "all" {
  official  = true
  page_size = 50
}

data "pai_image" "newest" {
  official    = true
  most_recent = true
}

data "pai_workspaces" "all" {
}

output "numbers" {
  value = {
    total_count   = data.pai_images.all.total_count
    page_size     = data.pai_images.all.page_size
    sizes         = data.pai_images.all.images[*].size
    size          = data.pai_image.newest.size
    matched_count = data.pai_image.newest.matched_count
    workspaces    = data.pai_workspaces.all.total_count
  }
}
`)
	dir.apply()
	dir.plan(0, "-refresh-only")
}

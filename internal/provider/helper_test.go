package provider

import (
	"os"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

type (
	values    = providertest.Values
	unknown   = providertest.Unknown
	terraform = providertest.Terraform
)

func TestMain(m *testing.M) {
	providertest.UnsetAccount()
	os.Exit(m.Run())
}

// newTerraform returns a Terraform that is connected to a new server of the provider.
func newTerraform(tb testing.TB) *terraform {
	tb.Helper()
	return providertest.New(tb, NewServer("1.2.3", "0a1b2c3")())
}

// smallestBlocks maps each data source to a block with only the arguments that it requires.
var smallestBlocks = map[string]values{
	"pai_image": {}, "pai_images": {}, "pai_image_labels": {}, "pai_workspace": {"default": true}, "pai_workspaces": {},
}

package images_test

import (
	"os"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
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
	return providertest.New(tb, provider.NewServer("1.2.3", "0a1b2c3")())
}

// newConfiguredTerraform returns a Terraform whose provider sends requests to the sandbox.
func newConfiguredTerraform(t *testing.T, sandbox *paisandbox.Sandbox) *terraform {
	t.Helper()
	return providertest.NewSignedIn(t, provider.NewServer("1.2.3", "0a1b2c3")(), sandbox, "pai_images")
}

// imageHasArguments reports whether pai_image has all arguments of the block.
func imageHasArguments(t *testing.T, block values) bool {
	t.Helper()
	attributes := newTerraform(t).Schemas.DataSourceSchemas["pai_image"].Block.Attributes
	for argument := range block {
		if !slices.ContainsFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == argument }) {
			return false
		}
	}
	return true
}

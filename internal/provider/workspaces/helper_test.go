package workspaces_test

import (
	"os"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

type values = providertest.Values

func TestMain(m *testing.M) {
	providertest.UnsetAccount()
	os.Exit(m.Run())
}

// newTerraform returns a Terraform whose provider sends requests to the sandbox, and which reads the data source.
func newTerraform(t *testing.T, sandbox *paisandbox.Sandbox, dataSource string) *providertest.Terraform {
	t.Helper()
	return providertest.NewSignedIn(t, provider.NewServer("1.2.3", "0a1b2c3")(), sandbox, dataSource)
}

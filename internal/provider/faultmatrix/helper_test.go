// Package faultmatrix tests the whole provider with faults of the service and of the network, each at several requests
// of a lookup.
package faultmatrix

import (
	"os"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

type (
	values    = providertest.Values
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

package lookup_test

import (
	"os"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
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

func newTerraform(tb testing.TB) *terraform {
	tb.Helper()
	return providertest.New(tb, provider.NewServer("1.2.3", "0a1b2c3")())
}

// reading returns a Terraform whose provider is configured for the sandbox.
func reading(t *testing.T, sandbox *paisandbox.Sandbox) *terraform {
	t.Helper()
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	return tf
}

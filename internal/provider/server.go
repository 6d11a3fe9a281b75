package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// NewServer makes the provider and what speaks the protocol for it: the framework's server, with the lists of images brought
// past it. Version and commit, which may be empty, go to the user agent.
func NewServer(version, commit string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		return serverOf(&paiProvider{version: version, commit: commit})
	}
}

func serverOf(p provider.Provider) tfprotov6.ProviderServer {
	return wirestate.NewServer(providerserver.NewProtocol6(p)())
}

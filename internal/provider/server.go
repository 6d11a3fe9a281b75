package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// NewServer makes the provider and what speaks the protocol for it: the framework's server, with the lists of images brought
// past it. The version goes to the user agent.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		return serverOf(&paiProvider{version: version})
	}
}

func serverOf(p provider.Provider) tfprotov6.ProviderServer {
	return wirestate.NewServer(providerserver.NewProtocol6(p)())
}

// Package lookup contains the code that all data sources share: access to the provider's client and to the
// configuration, the errors and the log of requests, and time limits.
package lookup

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Client sends the requests of all data sources. *paiclient.Client implements it.
type Client interface {
	ListImages(context.Context, paiclient.ListImagesInput) (*paiclient.ImageList, error)
	GetImage(ctx context.Context, id string, verbose bool) (*pai.Image, error)
}

// ProviderData is the value that the provider passes to its data sources.
type ProviderData struct {
	Client  Client   // nil if an argument of the provider is unknown
	Unknown []string // names of the provider's arguments that are unknown
}

// Configured receives the ProviderData for a data source, which embeds it.
type Configured struct {
	data *ProviderData
}

// Configure implements datasource.DataSourceWithConfigure.
func (c *Configured) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	c.data, _ = req.ProviderData.(*ProviderData) // nil if Terraform validates before it configures the provider
}

// Client returns the provider's client. If the provider has no client, it adds an error and returns nil.
func (c *Configured) Client(diags *diag.Diagnostics) Client {
	switch {
	case c.data == nil:
		diags.AddError("Provider not configured",
			"Terraform requested data before it configured the provider. This is a bug, please report it.")
		return nil
	case c.data.Client == nil:
		diags.AddError("Unknown provider configuration", fmt.Sprintf(
			"The provider block has arguments whose values are unknown until apply: `%s`. Without them, the provider could "+
				"use another region or account. First apply the resources that the values come from, with `-target`, or use "+
				"values that are known at plan time.", strings.Join(c.data.Unknown, "`, `")))
	}
	return c.data.Client
}

// Package lookup has what all data sources share: the client that the provider passes to them, the errors of its requests,
// time limits, the log of requests, and access to the configuration.
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

// Client sends the requests of all data sources. A *paiclient.Client is one.
type Client interface {
	ListImages(context.Context, paiclient.ListImagesInput) (*paiclient.ImageList, error)
	GetImage(ctx context.Context, id string, verbose bool) (*pai.Image, error)
}

// ProviderData is what the provider passes to its data sources.
type ProviderData struct {
	Client  Client   // nil if an argument of the provider is unknown
	Unknown []string // the provider's arguments that are unknown
}

// Configured is the part of a data source that receives the ProviderData.
type Configured struct {
	data *ProviderData
}

// Configure implements datasource.DataSourceWithConfigure.
func (c *Configured) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	c.data, _ = req.ProviderData.(*ProviderData) // nil while Terraform only validates
}

// Client returns the provider's client. If there is none, it returns nil and adds an error.
func (c *Configured) Client(diags *diag.Diagnostics) Client {
	switch {
	case c.data == nil:
		diags.AddError("The provider isn't configured", "Terraform asked for data before it configured the provider. Please report this.")
		return nil
	case c.data.Client == nil:
		diags.AddError("The provider's configuration isn't known yet", fmt.Sprintf(
			"The value of the provider's %s comes from something that is not created yet, and without it images would be looked up "+
				"in another place or with another account. Apply what it comes from first (-target), or use a value that is known "+
				"when planning.", strings.Join(c.data.Unknown, ", ")))
	}
	return c.data.Client
}

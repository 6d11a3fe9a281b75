package images

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

var (
	_ datasource.DataSource                   = (*imageDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imageDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imageDataSource)(nil)
)

// NewImageDataSource returns the data source pai_image.
func NewImageDataSource() datasource.DataSource { return &imageDataSource{} }

// imageDataSource implements pai_image, which finds exactly one image.
type imageDataSource struct {
	lookup.Configured
}

// imageConfig holds the arguments of pai_image.
type imageConfig struct {
	filters       filters
	imageID       types.String
	mostRecent    types.Bool
	latestVersion types.Bool
}

func newImageConfig(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) imageConfig {
	return imageConfig{
		filters:       readFilters(ctx, config, diags),
		imageID:       lookup.Argument[types.String](ctx, config, "image_id", diags),
		mostRecent:    lookup.Argument[types.Bool](ctx, config, "most_recent", diags),
		latestVersion: lookup.Argument[types.Bool](ctx, config, "latest_version", diags),
	}
}

func (d *imageDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

func (d *imageDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imageSchema(ctx)
}

func (d *imageDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	config := newImageConfig(ctx, req.Config, &resp.Diagnostics)
	query := lookup.Argument[types.String](ctx, req.Config, "query", &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	checkDuplicateLabels(ctx, req.Config, config.filters, &resp.Diagnostics)
	config.checkConflicts(query, &resp.Diagnostics)
}

func (d *imageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config := newImageConfig(ctx, req.Config, &resp.Diagnostics)
	config.filters.addErrors(&resp.Diagnostics)
	ctx, read := d.StartRead(ctx, "pai_image", logArguments(config.filters, config.arguments()), req, resp)
	if read == nil {
		return
	}
	defer read.End(ctx)
	search := imageLookup{imageConfig: config, connection: read.Connection, diags: &resp.Diagnostics}
	image, matched := search.run(ctx)
	read.LogFields = logFields(search.list, matched, image)
	if image == nil || resp.Diagnostics.HasError() {
		return
	}
	parsed := selection.ParseImage(image, config.filters.framework())
	if pai.OrEmpty(image.ImageURI) == "" {
		resp.Diagnostics.AddWarning("Image without a URI", fmt.Sprintf(
			"The API returned no URI for image %s, so `image_uri` has no value for a job or service. Select another "+
				"image: add a filter, or set another `image_id`.",
			hcltext.Quote(describeID(&parsed))))
	}
	results := map[string]attr.Value{
		"region": read.Region, "matched_count": types.Int64Value(int64(matched)),
	}
	for _, a := range imageAttributes {
		results[a.name] = a.value(&parsed)
	}
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
}

// arguments returns the arguments other than filters, in the order of diagnostics.
func (c *imageConfig) arguments() lookup.RequestArguments {
	return lookup.RequestArguments{
		{Name: "image_id", Parameter: "ImageId", Value: c.imageID},
		{Name: "most_recent", Value: c.mostRecent},
		{Name: "latest_version", Value: c.latestVersion},
	}
}

package images

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
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
	timeouts      timeouts.Value
}

func newImageConfig(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) imageConfig {
	return imageConfig{
		filters:       readFilters(ctx, config, diags),
		imageID:       lookup.Argument[types.String](ctx, config, "image_id", diags),
		mostRecent:    lookup.Argument[types.Bool](ctx, config, "most_recent", diags),
		latestVersion: lookup.Argument[types.Bool](ctx, config, "latest_version", diags),
		timeouts:      lookup.Argument[timeouts.Value](ctx, config, "timeouts", diags),
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
	connection := d.Connect(ctx, req, resp)
	if connection == nil || resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := config.timeouts.Read(ctx, lookup.DefaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	config.filters.addErrors(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := lookup.StartRead(ctx, timeout)
	defer cancel()

	start := time.Now()
	search := imageLookup{imageConfig: config, connection: connection, diags: &resp.Diagnostics}
	image, matched := search.run(ctx)
	entry := logEntry{
		ReadLog: lookup.ReadLog{
			DataSource: "pai_image", Region: connection.Region, Start: start, Arguments: config.hcl(),
			Failed: resp.Diagnostics.HasError(),
		},
		list: search.list, images: matched, selected: image,
	}
	entry.write(ctx)
	if image == nil || resp.Diagnostics.HasError() {
		return
	}
	parsed := selection.ParseImage(image, config.filters.framework())
	if image.ImageURI == nil || *image.ImageURI == "" {
		resp.Diagnostics.AddWarning("Image without a URI", fmt.Sprintf(
			"The API returned no URI for image %s, so `image_uri` has no value for a job or service. Select another "+
				"image: add a filter, or set another `image_id`.",
			hcltext.Quote(describeID(&parsed))))
	}
	results := map[string]attr.Value{
		"region": connection.Region, "matched_count": types.Int64Value(int64(matched)),
	}
	for _, a := range imageAttributes {
		results[a.name] = a.value(&parsed)
	}
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
}

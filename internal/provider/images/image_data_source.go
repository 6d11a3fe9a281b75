package images

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

var (
	_ datasource.DataSource                   = (*imageDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imageDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imageDataSource)(nil)
)

// NewImageDataSource returns the data source pai_image.
func NewImageDataSource() datasource.DataSource { return &imageDataSource{} }

// imageDataSource is `pai_image`: exactly one image.
type imageDataSource struct {
	lookup.Configured
}

// imageModel has the arguments. The results are those of imageAttributes and matched_count.
type imageModel struct {
	ImageID types.String `tfsdk:"image_id"`
	imageArguments
	MostRecent    types.Bool     `tfsdk:"most_recent"`
	LatestVersion types.Bool     `tfsdk:"latest_version"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

func (d *imageDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

func (d *imageDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = singleImageSchema(ctx)
}

func (d *imageDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config imageModel
	resp.Diagnostics.Append(lookup.ReadArguments(ctx, req.Config, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.checkLabels(ctx, &resp.Diagnostics)
	config.checkChoice(&resp.Diagnostics)
	lookup.CheckTimeouts(config.Timeouts, &resp.Diagnostics)
}

func (d *imageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config imageModel
	resp.Diagnostics.Append(lookup.ReadArguments(ctx, req.Config, &config)...)
	client := d.Client(&resp.Diagnostics)
	if client == nil || resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := config.Timeouts.Read(ctx, lookup.DefaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(lookup.WithRequestLog(ctx), timeout)
	defer cancel()

	begun := time.Now()
	search := imageLookup{client: client, config: &config, isSet: lookup.SetIn(ctx, req.Config), diags: &resp.Diagnostics}
	image, matched := search.one(ctx)
	lookupLog{
		dataSource: "pai_image", begun: begun, asked: config.askedLine(search.asks), listing: search.listing, images: matched,
		chosen: image, failed: resp.Diagnostics.HasError(),
	}.write(ctx)
	if image == nil || resp.Diagnostics.HasError() {
		return
	}
	if image.ImageURI == nil || *image.ImageURI == "" {
		resp.Diagnostics.AddWarning("The image has no URI", "The API gives none for the image "+cell(image, "image_id")+", so image_uri has "+
			"nothing that a job or service could take.")
	}
	results := map[string]attr.Value{"matched_count": types.Int64Value(int64(matched))}
	for _, a := range imageAttributes {
		results[a.name] = a.value(image)
	}
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
}

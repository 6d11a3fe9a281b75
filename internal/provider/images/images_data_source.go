package images

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

var (
	_ datasource.DataSource                   = (*imagesDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imagesDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imagesDataSource)(nil)
)

// NewImagesDataSource returns the data source pai_images.
func NewImagesDataSource() datasource.DataSource { return &imagesDataSource{} }

// imagesDataSource is `pai_images`: every image that meets the arguments.
type imagesDataSource struct {
	lookup.Configured
}

// imagesModel has the arguments and the results. The lists stay null here, and come into state by writeImages.
type imagesModel struct {
	listArguments
	Images     types.List  `tfsdk:"images"`
	IDs        types.List  `tfsdk:"ids"`
	Names      types.List  `tfsdk:"names"`
	ImageURIs  types.List  `tfsdk:"image_uris"`
	TotalCount types.Int64 `tfsdk:"total_count"`
}

// listArguments are those that say which images are meant, and those that only a list has.
type listArguments struct {
	imageArguments
	SortBy     types.String   `tfsdk:"sort_by"`
	Order      types.String   `tfsdk:"order"`
	Verbose    types.Bool     `tfsdk:"verbose"`
	PageSize   types.Int64    `tfsdk:"page_size"`
	PageNumber types.Int64    `tfsdk:"page_number"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (d *imagesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

func (d *imagesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imagesSchema(ctx)
}

func (d *imagesDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config imagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.checkLabels(ctx, &resp.Diagnostics)
	if !config.Verbose.IsNull() && !config.Verbose.IsUnknown() && !config.Verbose.ValueBool() {
		config.checkNeedsLabels(&resp.Diagnostics)
	}
	lookup.CheckTimeouts(config.Timeouts, &resp.Diagnostics)
}

func (d *imagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config imagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client := d.Client(&resp.Diagnostics)
	if client == nil || resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := config.Timeouts.Read(ctx, lookup.DefaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	input := config.listRequest(ctx, &resp.Diagnostics)
	criteria, err := config.criteria()
	if err != nil {
		resp.Diagnostics.AddError("Invalid criteria", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := context.WithTimeout(lookup.WithRequestLog(ctx), timeout)
	defer cancel()
	asked := askedLine(config.conditions(ctx, &resp.Diagnostics))
	line := lookupLog{dataSource: "pai_images", begun: time.Now(), asked: asked, failed: true}
	defer func() { line.write(ctx) }()
	listing, err := client.ListImages(ctx, input)
	if err != nil {
		lookup.AddRequestError(&resp.Diagnostics, err, input.String(), lookup.SetIn(ctx, req.Config))
		return
	}
	addUnsettledWarning(&resp.Diagnostics, listing.Incomplete)
	addShortWarning(&resp.Diagnostics, listing.ShortPage)
	config.TotalCount = types.Int64PointerValue(listing.TotalCount)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
	images := selection.Filter(listing.Images, criteria)
	line.listing, line.images = listing, len(images)
	if err := config.writeImages(ctx, images); err != nil {
		resp.Diagnostics.AddError("The images can't be written", err.Error())
	}
	line.failed = resp.Diagnostics.HasError()
}

func (m *listArguments) listRequest(ctx context.Context, diags *diag.Diagnostics) paiclient.ListImagesInput {
	input := m.request(ctx, diags)
	input.SortBy = m.SortBy.ValueString()
	input.Order = m.Order.ValueString()
	input.Verbose = m.Verbose.IsNull() || m.Verbose.ValueBool()
	input.PageSize = int(m.PageSize.ValueInt64())
	input.PageNumber = int(m.PageNumber.ValueInt64())
	return input
}

// writeImages sets the lists of the state, past the framework. What was not asked for stays out, even where the service sends it.
func (m *imagesModel) writeImages(ctx context.Context, images []pai.Image) error {
	if !m.Verbose.IsNull() && !m.Verbose.ValueBool() {
		for i := range images {
			images[i].Labels = nil
		}
	}
	err := wirestate.Set(ctx, "images", wirestate.List(images, encodeImage))
	for name, of := range imageLists {
		err = errors.Join(err, wirestate.Set(ctx, name, wirestate.List(images, attributeNamed(of).encode)))
	}
	return err
}

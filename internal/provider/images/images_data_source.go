package images

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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

// imagesDataSource implements pai_images, which lists all matching images.
type imagesDataSource struct {
	lookup.Configured
}

// imagesConfig holds the arguments of pai_images.
type imagesConfig struct {
	filters    filters
	sortBy     types.String
	order      types.String
	verbose    types.Bool
	pageSize   types.Int64
	pageNumber types.Int64
}

func newImagesConfig(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) imagesConfig {
	return imagesConfig{
		filters:    readFilters(ctx, config, diags),
		sortBy:     lookup.Argument[types.String](ctx, config, "sort_by", diags),
		order:      lookup.Argument[types.String](ctx, config, "order", diags),
		verbose:    lookup.Argument[types.Bool](ctx, config, "verbose", diags),
		pageSize:   lookup.Argument[types.Int64](ctx, config, "page_size", diags),
		pageNumber: lookup.Argument[types.Int64](ctx, config, "page_number", diags),
	}
}

func (d *imagesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

func (d *imagesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imagesSchema(ctx)
}

func (d *imagesDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	config := newImagesConfig(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	checkDuplicateLabels(ctx, req.Config, config.filters, &resp.Diagnostics)
	if config.omitsLabels() {
		config.checkLabelsNotNeeded(&resp.Diagnostics)
	}
	if config.sortBy.ValueString() == sortByVersion && lookup.IsSet(config.pageNumber) {
		resp.Diagnostics.AddAttributeError(path.Root("page_number"), "Conflicting arguments", fmt.Sprintf(
			"The pages of the API are ordered by creation time, so one page can't be sorted by version. Remove "+
				"`page_number`, or `sort_by = %q`.", sortByVersion))
	}
}

func (d *imagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config := newImagesConfig(ctx, req.Config, &resp.Diagnostics)
	config.filters.addErrors(&resp.Diagnostics)
	ctx, read := d.StartRead(ctx, "pai_images", logArguments(config.filters, config.arguments()), req, resp)
	if read == nil {
		return
	}
	defer read.End(ctx)
	list, err := read.ListImages(ctx, config.listInput())
	if err != nil {
		read.AddRequestError(&resp.Diagnostics, err, config.requested(), config.parameterPath)
		return
	}
	lookup.AddIncompleteWarning(&resp.Diagnostics, list.Incomplete, "images")
	addPageMismatchWarning(&resp.Diagnostics, list.PageMismatch)
	if len(list.Images) == 0 && (list.TotalCount == nil || *list.TotalCount == 0) {
		config.filters.addEmptyWarnings(ctx, read, &resp.Diagnostics)
	}
	listed := config.requestedLabels(list.Images)
	config.filters.addContradictedWarning(&resp.Diagnostics, listed, " `total_count` includes them.")
	images := config.filters.apply(listed)
	config.fillWorkspaces(images)
	read.LogFields = logFields(list, len(images), nil)
	parsed := config.parse(images)
	if config.sortBy.ValueString() == sortByVersion {
		images = selection.Tied(parsed)
	}
	addUndatedWarning(&resp.Diagnostics, images, "", "Their place in the list may therefore be wrong. If the "+
		"configuration uses the order of the list, exclude these images, for example with `exclude_name_regex`.")
	results := map[string]attr.Value{
		"region": read.Region, "total_count": types.Int64PointerValue(list.TotalCount),
	}
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
	if err := config.writeImages(ctx, parsed); err != nil {
		resp.Diagnostics.AddError("Cannot write the images to the state", err.Error())
	}
}

// arguments returns the arguments other than filters, in the order of diagnostics.
func (c *imagesConfig) arguments() lookup.RequestArguments {
	return lookup.RequestArguments{
		{Name: "sort_by", Parameter: "SortBy", Value: c.sortBy},
		{Name: "order", Parameter: "Order", Value: c.order},
		{Name: "verbose", Parameter: "Verbose", Value: c.verbose},
		{Name: "page_size", Parameter: "PageSize", Value: c.pageSize},
		{Name: "page_number", Parameter: "PageNumber", Value: c.pageNumber},
	}
}

// requested returns the arguments of the request in HCL, as a paragraph of a diagnostic. It returns "" if none is set.
func (c *imagesConfig) requested() string {
	paragraph := c.arguments().Paragraph()
	if len(c.filters) > 0 {
		paragraph = strings.TrimSpace(c.filters.paragraph()) + strings.TrimPrefix(paragraph, "Arguments:")
	}
	return paragraph
}

// omitsLabels reports whether verbose is false.
func (c *imagesConfig) omitsLabels() bool { return lookup.IsSet(c.verbose) && !c.verbose.ValueBool() }

func (c *imagesConfig) listInput() paiclient.ListImagesInput {
	input := c.filters.listInput()
	if c.sortBy.ValueString() != sortByVersion {
		input.SortBy = c.sortBy.ValueString()
	}
	input.Order = c.order.ValueString()
	input.Verbose = !c.omitsLabels()
	input.PageSize = int(c.pageSize.ValueInt64())
	input.PageNumber = int(c.pageNumber.ValueInt64())
	return input
}

// parameterPath returns the path of the argument that sets the request parameter, and whether the argument is set.
func (c *imagesConfig) parameterPath(parameter string) (path.Path, bool) {
	if argument, ok := c.arguments().Path(parameter); ok {
		return argument, true
	}
	return c.filters.parameterPath(parameter)
}

// requestedLabels returns the images, without labels if verbose is false. The API or another read can add labels that
// were not requested. The list belongs to other reads, too, so requestedLabels never changes it.
func (c *imagesConfig) requestedLabels(images []pai.Image) []pai.Image {
	if !c.omitsLabels() {
		return images
	}
	images = slices.Clone(images)
	for i := range images {
		images[i].Labels = nil
	}
	return images
}

// fillWorkspaces sets empty workspaces to the configured one, because the images are from this workspace.
func (c *imagesConfig) fillWorkspaces(images []pai.Image) {
	workspace := c.filters.listInput().WorkspaceID
	if workspace == "" {
		return
	}
	for i := range images {
		if images[i].WorkspaceID != nil && *images[i].WorkspaceID == "" {
			images[i].WorkspaceID = &workspace
		}
	}
}

// parse parses the images and sorts them as the arguments require. The argument must be in the order of ListImages.
func (c *imagesConfig) parse(images []pai.Image) []selection.ParsedImage {
	framework := c.filters.framework()
	parsed := make([]selection.ParsedImage, len(images))
	for i := range images {
		parsed[i] = selection.ParseImage(&images[i], framework)
	}
	if c.sortBy.ValueString() == sortByVersion {
		selection.SortByVersion(parsed)
		if c.order.ValueString() == paiclient.Descending {
			slices.Reverse(parsed)
		}
	}
	return parsed
}

// writeImages writes the lists of images to the state with package wirestate.
func (c *imagesConfig) writeImages(ctx context.Context, images []selection.ParsedImage) error {
	err := wirestate.Set(ctx, "images", wirestate.ListEncoder(images, imageEncoder(c.omitsLabels())))
	for list, attribute := range imageLists {
		err = errors.Join(err, wirestate.Set(ctx, list, wirestate.ListEncoder(images, attributeByName(attribute).encode)))
	}
	return err
}

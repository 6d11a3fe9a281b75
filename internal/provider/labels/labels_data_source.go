// Package labels contains the data source pai_image_labels.
package labels

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

var (
	_ datasource.DataSource              = (*labelsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*labelsDataSource)(nil)
)

// NewDataSource returns the data source pai_image_labels.
func NewDataSource() datasource.DataSource { return &labelsDataSource{} }

// labelsDataSource implements pai_image_labels, which lists the labels of images.
type labelsDataSource struct {
	lookup.Configured
}

// labelsConfig holds the arguments of pai_image_labels.
type labelsConfig struct {
	workspaceID types.String
	imageID     types.String
	labelKeys   types.Set
	labels      types.Map
}

func newLabelsConfig(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) labelsConfig {
	return labelsConfig{
		workspaceID: lookup.Argument[types.String](ctx, config, "workspace_id", diags),
		imageID:     lookup.Argument[types.String](ctx, config, "image_id", diags),
		labelKeys:   lookup.Argument[types.Set](ctx, config, "label_keys", diags),
		labels:      lookup.Argument[types.Map](ctx, config, "labels", diags),
	}
}

func (d *labelsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image_labels"
}

func (d *labelsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = labelsSchema(ctx)
}

func (d *labelsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config := newLabelsConfig(ctx, req.Config, &resp.Diagnostics)
	arguments := config.arguments()
	ctx, read := d.StartRead(ctx, "pai_image_labels", arguments.HCL(), req, resp)
	if read == nil {
		return
	}
	defer read.End(ctx)
	list, err := read.ListImageLabels(ctx, config.input())
	if err != nil {
		read.AddRequestError(&resp.Diagnostics, err, arguments.Paragraph(), arguments.Path)
		return
	}
	if total := list.TotalCount; total != nil && *total > int64(len(list.Labels)) {
		resp.Diagnostics.AddWarning("The list may not be complete", fmt.Sprintf(
			"The API counts %d labels, but returned %d. The API has no pages of labels, so the provider can't read the "+
				"others. Set `label_keys`, `labels` or `workspace_id` to request fewer labels.", *total, len(list.Labels)))
	}
	labels := config.apply(list.Labels)
	if len(labels) == 0 {
		config.addEmptyWarnings(&resp.Diagnostics, list.Labels)
	}
	read.LogFields = map[string]any{"labels": len(labels)}
	results := resultValues(labels)
	results["region"] = read.Region
	resp.Diagnostics.Append(lookup.WriteState(ctx, req.Config, results, &resp.State)...)
}

// arguments returns the arguments in the order of diagnostics.
func (c *labelsConfig) arguments() lookup.RequestArguments {
	return lookup.RequestArguments{
		{Name: "workspace_id", Parameter: "WorkspaceId", Value: c.workspaceID},
		{Name: "image_id", Parameter: "ImageId", Value: c.imageID},
		{Name: "label_keys", Parameter: "LabelKeys", Value: c.labelKeys},
		{Name: "labels", Parameter: "LabelFilter", Value: c.labels},
	}
}

func (c *labelsConfig) input() paiclient.ListImageLabelsInput {
	input := paiclient.ListImageLabelsInput{
		ImageID:     c.imageID.ValueString(),
		WorkspaceID: c.workspaceID.ValueString(),
		Keys:        lookup.SortedStrings(c.labelKeys.Elements()),
		Labels:      make(map[string]string),
	}
	for key, value := range lookup.SortedElements(c.labels.Elements()) {
		input.Labels[key] = value
	}
	return input
}

// apply returns the labels with the configured keys. The API's reference doesn't state whether LabelKeys also applies
// to the labels that LabelFilter matches. apply never changes the list, because other reads can share it.
func (c *labelsConfig) apply(labels []pai.Label) []pai.Label {
	if c.labelKeys.IsNull() {
		return labels
	}
	keys := lookup.SortedStrings(c.labelKeys.Elements())
	return slices.DeleteFunc(slices.Clone(labels), func(l pai.Label) bool {
		return l.Key == nil || !slices.Contains(keys, norm.NFC.String(*l.Key))
	})
}

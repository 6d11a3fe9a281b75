package images

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// This file contains two implementations of pai_images that use only the framework, as its tutorials do. Tests compare
// their states with that of wirestate, and benchmarks compare their speed.

// listModel holds the arguments and the count of pai_images.
type listModel struct {
	Region        types.String   `tfsdk:"region"`
	Name          types.String   `tfsdk:"name"`
	Query         types.String   `tfsdk:"query"`
	Labels        types.Map      `tfsdk:"labels"`
	ImageURI      types.String   `tfsdk:"image_uri"`
	WorkspaceID   types.String   `tfsdk:"workspace_id"`
	Accessibility types.String   `tfsdk:"accessibility"`
	Official      types.Bool     `tfsdk:"official"`
	SupportedBy   types.Set      `tfsdk:"supported_by"`
	ChipType      types.String   `tfsdk:"chip_type"`
	Framework     types.String   `tfsdk:"framework"`
	Repository    types.String   `tfsdk:"repository"`
	Version       types.String   `tfsdk:"version"`
	NameRegex     types.String   `tfsdk:"name_regex"`
	ExcludeRegex  types.String   `tfsdk:"exclude_name_regex"`
	SortBy        types.String   `tfsdk:"sort_by"`
	Order         types.String   `tfsdk:"order"`
	Verbose       types.Bool     `tfsdk:"verbose"`
	PageSize      types.Int64    `tfsdk:"page_size"`
	PageNumber    types.Int64    `tfsdk:"page_number"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
	TotalCount    types.Int64    `tfsdk:"total_count"`
}

// structsModel holds the lists as structs, which the framework converts by reflection.
type structsModel struct {
	listModel
	Images    []imageStruct  `tfsdk:"images"`
	IDs       []types.String `tfsdk:"ids"`
	Names     []types.String `tfsdk:"names"`
	ImageURIs []types.String `tfsdk:"image_uris"`
}

// valuesModel holds the lists as values of the framework, which need no reflection. It is the fastest implementation
// that uses only the framework.
type valuesModel struct {
	listModel
	Images    types.List `tfsdk:"images"`
	IDs       types.List `tfsdk:"ids"`
	Names     types.List `tfsdk:"names"`
	ImageURIs types.List `tfsdk:"image_uris"`
}

type imageStruct struct {
	ImageID         types.String            `tfsdk:"image_id"`
	Name            types.String            `tfsdk:"name"`
	Description     types.String            `tfsdk:"description"`
	ImageURI        types.String            `tfsdk:"image_uri"`
	Accessibility   types.String            `tfsdk:"accessibility"`
	GmtCreateTime   types.String            `tfsdk:"gmt_create_time"`
	GmtModifiedTime types.String            `tfsdk:"gmt_modified_time"`
	LabelList       []labelStruct           `tfsdk:"label_list"`
	LabelMap        map[string]types.String `tfsdk:"label_map"`
	UserID          types.String            `tfsdk:"user_id"`
	ParentUserID    types.String            `tfsdk:"parent_user_id"`
	WorkspaceID     types.String            `tfsdk:"workspace_id"`
	Size            types.Int64             `tfsdk:"size"`
	SourceType      types.String            `tfsdk:"source_type"`
	SourceID        types.String            `tfsdk:"source_id"`
	Repository      types.String            `tfsdk:"repository"`
	Tag             types.String            `tfsdk:"tag"`
	ImageVersion    types.String            `tfsdk:"image_version"`
}

type labelStruct struct {
	Key   types.String `tfsdk:"key"`
	Value types.String `tfsdk:"value"`
}

// structsDataSource writes the state with a structsModel.
type structsDataSource struct {
	imagesDataSource
}

func (d *structsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config valuesModel // not a structsModel, which can't hold the null lists of the configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	list := d.list(ctx, req, resp)
	config.TotalCount = types.Int64PointerValue(list.TotalCount)
	resp.Diagnostics.Append(resp.State.Set(ctx, newStructsModel(config.listModel, list.Images))...)
}

// valuesDataSource writes the state with a valuesModel.
type valuesDataSource struct {
	imagesDataSource
}

func (d *valuesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config valuesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	list := d.list(ctx, req, resp)
	config.TotalCount = types.Int64PointerValue(list.TotalCount)
	resp.Diagnostics.Append(resp.State.Set(ctx, newValuesModel(config.listModel, list.Images))...)
}

func (d *imagesDataSource) list(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) *paiclient.ImageList {
	config := newImagesConfig(ctx, req.Config, &resp.Diagnostics)
	ctx, read := d.StartRead(ctx, "pai_images", config.filters.hcl(), req, resp)
	defer read.End(ctx)
	list, err := read.ListImages(ctx, config.listInput())
	if err != nil {
		resp.Diagnostics.AddError("Failed", err.Error())
		return &paiclient.ImageList{}
	}
	list.Images = config.filters.apply(list.Images)
	return list
}

func newStructsModel(arguments listModel, images []pai.Image) *structsModel {
	model := &structsModel{
		listModel: arguments,
		Images:    []imageStruct{}, IDs: []types.String{}, Names: []types.String{}, ImageURIs: []types.String{},
	}
	withLabels := arguments.Verbose.IsNull() || arguments.Verbose.ValueBool()
	for i := range images {
		image := newImageStruct(&images[i], withLabels, arguments.Framework.ValueString())
		model.Images = append(model.Images, image)
		model.IDs = append(model.IDs, image.ImageID)
		model.Names = append(model.Names, image.Name)
		model.ImageURIs = append(model.ImageURIs, image.ImageURI)
	}
	return model
}

func newImageStruct(image *pai.Image, withLabels bool, framework string) imageStruct {
	value := types.StringPointerValue
	s := imageStruct{
		ImageID: value(image.ImageID), Name: value(image.Name), Description: value(image.Description),
		ImageURI: value(image.ImageURI), Accessibility: value(image.Accessibility),
		GmtCreateTime: value(image.GmtCreateTime), GmtModifiedTime: value(image.GmtModifiedTime),
		UserID: value(image.UserID), ParentUserID: value(image.ParentUserID), WorkspaceID: value(image.WorkspaceID),
		Size: types.Int64PointerValue(image.Size), SourceType: value(image.SourceType), SourceID: value(image.SourceID),
	}
	parsed := selection.ParseImage(image, framework)
	if ref := parsed.Reference; ref.Repository != "" {
		s.Repository = types.StringValue(ref.Repository)
		if ref.Tag != "" {
			s.Tag = types.StringValue(ref.Tag)
		}
	}
	if parsed.Version != nil {
		s.ImageVersion = types.StringValue(parsed.Version.String())
	}
	if !withLabels {
		return s
	}
	s.LabelMap = map[string]types.String{}
	if image.Labels != nil {
		s.LabelList = []labelStruct{}
	}
	for _, label := range image.Labels {
		s.LabelList = append(s.LabelList, labelStruct{Key: value(label.Key), Value: value(label.Value)})
		if label.Key != nil {
			s.LabelMap[norm.NFC.String(*label.Key)] = value(label.Value) // Terraform normalizes keys
		}
	}
	return s
}

func newValuesModel(arguments listModel, images []pai.Image) *valuesModel {
	imageType := types.ObjectType{AttrTypes: make(map[string]attr.Type, len(imageAttributes))}
	for _, a := range imageAttributes {
		imageType.AttrTypes[a.name] = a.attribute.GetType()
	}
	withLabels := arguments.Verbose.IsNull() || arguments.Verbose.ValueBool()
	lists := make(map[string][]attr.Value, len(imageLists))
	objects := make([]attr.Value, len(images))
	for i, image := range images {
		if !withLabels {
			image.Labels = nil
		}
		parsed := selection.ParseImage(&image, arguments.Framework.ValueString())
		attributes := make(map[string]attr.Value, len(imageAttributes))
		for _, a := range imageAttributes {
			attributes[a.name] = a.value(&parsed)
		}
		if !withLabels {
			attributes["label_map"] = types.MapNull(types.StringType)
		}
		objects[i] = types.ObjectValueMust(imageType.AttrTypes, attributes)
		for list, name := range imageLists {
			lists[list] = append(lists[list], attributes[name])
		}
	}
	return &valuesModel{
		listModel: arguments,
		Images:    types.ListValueMust(imageType, objects),
		IDs:       types.ListValueMust(types.StringType, lists["ids"]),
		Names:     types.ListValueMust(types.StringType, lists["names"]),
		ImageURIs: types.ListValueMust(types.StringType, lists["image_uris"]),
	}
}

// fakeProvider is a provider with one data source, whose client is a fakeClient.
type fakeProvider struct {
	images     []pai.Image
	dataSource func() datasource.DataSource
}

func (p *fakeProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "pai"
}

func (p *fakeProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p *fakeProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.DataSourceData = &lookup.ProviderData{Connector: &fakeClient{images: p.images}}
}

func (p *fakeProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{p.dataSource}
}

func (p *fakeProvider) Resources(context.Context) []func() resource.Resource { return nil }

// fakeClient returns the same images for every request, as for reads that share a list. It is also the connector, and
// ignores the region.
type fakeClient struct {
	lookup.Client
	images []pai.Image
}

func (c *fakeClient) Unknown(string) []string { return nil }

func (c *fakeClient) Connect(string) (*lookup.Connection, diag.Diagnostics) {
	return &lookup.Connection{Client: c}, nil
}

func (c *fakeClient) ListImages(context.Context, paiclient.ListImagesInput) (*paiclient.ImageList, error) {
	total := int64(len(c.images))
	return &paiclient.ImageList{Images: c.images, TotalCount: &total}, nil
}

func (c *fakeClient) GetImage(context.Context, string, bool) (*pai.Image, error) {
	return &c.images[0], nil
}

// dataSources maps names to data sources: pai_images, pai_image, and two implementations of pai_images that use only
// the framework.
var dataSources = map[string]func() datasource.DataSource{
	"wirestate": NewImagesDataSource,
	"image":     NewImageDataSource,
	"structs":   func() datasource.DataSource { return &structsDataSource{} },
	"values":    func() datasource.DataSource { return &valuesDataSource{} },
}

// newFakeTerraform returns a Terraform whose provider lists the images. fill is the key of an implementation in
// dataSources.
func newFakeTerraform(tb testing.TB, fill string, images []pai.Image) *providertest.Terraform {
	tb.Helper()
	p := &fakeProvider{images: images, dataSource: dataSources[fill]}
	return providertest.New(tb, wirestate.NewServer(providerserver.NewProtocol6(p)()))
}

package images

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
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

// The same data source as tutorials write it: structs of its own, which the framework turns into state. It is what the
// direct way must equal, and what it is compared with for speed.
type structsDataSource struct {
	imagesDataSource
}

type structsModel struct {
	listArguments
	Images     []imageStruct  `tfsdk:"images"`
	IDs        []types.String `tfsdk:"ids"`
	Names      []types.String `tfsdk:"names"`
	ImageURIs  []types.String `tfsdk:"image_uris"`
	TotalCount types.Int64    `tfsdk:"total_count"`
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
}

type labelStruct struct {
	Key   types.String `tfsdk:"key"`
	Value types.String `tfsdk:"value"`
}

func (d *structsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	setState(ctx, &d.imagesDataSource, req, resp,
		func(config *imagesModel, images []pai.Image, total *int64) any {
			return newStructsModel(config, images, total)
		})
}

// valuesDataSource builds lists of attr.Value from imageAttributes and passes them to State.Set. The framework then
// needs no reflection, so this is the fastest way within the framework.
type valuesDataSource struct {
	imagesDataSource
}

func (d *valuesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	setState(ctx, &d.imagesDataSource, req, resp,
		func(config *imagesModel, images []pai.Image, total *int64) any {
			return newValuesModel(config, images, total)
		})
}

// setState lists the images and passes the model of the list to State.Set.
func setState(
	ctx context.Context, d *imagesDataSource, req datasource.ReadRequest, resp *datasource.ReadResponse,
	newModel func(config *imagesModel, images []pai.Image, total *int64) any,
) {
	var config imagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	input := config.listRequest(ctx, &resp.Diagnostics)
	criteria, err := config.criteria()
	if err == nil && !resp.Diagnostics.HasError() {
		var listing *paiclient.ImageList
		if listing, err = d.Client(&resp.Diagnostics).ListImages(ctx, input); err == nil {
			images := selection.Filter(listing.Images, criteria)
			resp.Diagnostics.Append(resp.State.Set(ctx, newModel(&config, images, listing.TotalCount))...)
		}
	}
	if err != nil {
		resp.Diagnostics.AddError("Failed", err.Error())
	}
}

func newValuesModel(config *imagesModel, images []pai.Image, total *int64) *imagesModel {
	model := *config
	model.TotalCount = types.Int64PointerValue(total)
	labeled := config.Verbose.IsNull() || config.Verbose.ValueBool()
	imageType := types.ObjectType{AttrTypes: make(map[string]attr.Type, len(imageAttributes))}
	for _, a := range imageAttributes {
		imageType.AttrTypes[a.name] = a.attribute.GetType()
	}
	lists := make(map[string][]attr.Value, len(imageLists))
	objects := make([]attr.Value, len(images))
	for i, image := range images {
		if !labeled {
			image.Labels = nil
		}
		attributes := make(map[string]attr.Value, len(imageAttributes))
		for _, a := range imageAttributes {
			attributes[a.name] = a.value(&image)
		}
		objects[i] = types.ObjectValueMust(imageType.AttrTypes, attributes)
		for list, name := range imageLists {
			lists[list] = append(lists[list], attributes[name])
		}
	}
	model.Images = types.ListValueMust(imageType, objects)
	model.IDs = types.ListValueMust(types.StringType, lists["ids"])
	model.Names = types.ListValueMust(types.StringType, lists["names"])
	model.ImageURIs = types.ListValueMust(types.StringType, lists["image_uris"])
	return &model
}

func newStructsModel(arguments *imagesModel, images []pai.Image, total *int64) *structsModel {
	model := &structsModel{
		listArguments: arguments.listArguments,
		Images:        []imageStruct{}, IDs: []types.String{}, Names: []types.String{}, ImageURIs: []types.String{},
		TotalCount: types.Int64PointerValue(total),
	}
	labelled := arguments.Verbose.IsNull() || arguments.Verbose.ValueBool()
	for i := range images {
		image := newImageStruct(&images[i], labelled)
		model.Images = append(model.Images, image)
		model.IDs = append(model.IDs, image.ImageID)
		model.Names = append(model.Names, image.Name)
		model.ImageURIs = append(model.ImageURIs, image.ImageURI)
	}
	return model
}

func newImageStruct(image *pai.Image, labelled bool) imageStruct {
	text := types.StringPointerValue
	made := imageStruct{
		ImageID: text(image.ImageID), Name: text(image.Name), Description: text(image.Description),
		ImageURI:      text(image.ImageURI),
		Accessibility: text(image.Accessibility), GmtCreateTime: text(image.GmtCreateTime),
		GmtModifiedTime: text(image.GmtModifiedTime),
		UserID:          text(image.UserID), ParentUserID: text(image.ParentUserID), WorkspaceID: text(image.WorkspaceID),
		Size: types.Int64PointerValue(image.Size), SourceType: text(image.SourceType), SourceID: text(image.SourceID),
	}
	if image.Labels == nil || !labelled {
		return made
	}
	made.LabelList, made.LabelMap = []labelStruct{}, map[string]types.String{}
	for _, label := range image.Labels {
		made.LabelList = append(made.LabelList, labelStruct{Key: text(label.Key), Value: text(label.Value)})
		if label.Key != nil {
			made.LabelMap[norm.NFC.String(*label.Key)] = text(label.Value) // as Terraform will compare it
		}
	}
	return made
}

// cannedProvider has one way to fill state, and a catalogue in place of a client.
type cannedProvider struct {
	images []pai.Image
	source func() datasource.DataSource
}

func (p *cannedProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "pai"
}

func (p *cannedProvider) Schema(_ context.Context, _ provider.SchemaRequest, _ *provider.SchemaResponse) {
}

func (p *cannedProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (p *cannedProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.DataSourceData = &lookup.ProviderData{Client: cannedAPI(p.images)}
}

func (p *cannedProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{p.source}
}

// cannedAPI lists what it has, whatever is asked for.
type cannedAPI []pai.Image

func (a cannedAPI) ListImages(context.Context, paiclient.ListImagesInput) (*paiclient.ImageList, error) {
	total := int64(len(a))
	return &paiclient.ImageList{Images: slices.Clone(a), TotalCount: &total}, nil
}

func (a cannedAPI) GetImage(context.Context, string, bool) (*pai.Image, error) {
	return &a[0], nil
}

// ways to fill the state of a list: ours, and two to compare with.
func ways() map[string]func() datasource.DataSource {
	return map[string]func() datasource.DataSource{
		"wirestate": NewImagesDataSource,
		"structs":   func() datasource.DataSource { return &structsDataSource{} },
		"values":    func() datasource.DataSource { return &valuesDataSource{} },
	}
}

// canned is Terraform's part against a provider that has these images and fills state in this way.
func canned(tb testing.TB, way string, images []pai.Image) *providertest.Terraform {
	tb.Helper()
	server := wirestate.NewServer(providerserver.NewProtocol6(&cannedProvider{images: images, source: ways()[way]})())
	return providertest.New(tb, server)
}

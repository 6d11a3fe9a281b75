package images

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// products are what supported_by takes. Each has a label of its own.
var products = []string{"dlc", "dsw", "eas"}

// imageArguments are the arguments that say which images are meant.
type imageArguments struct {
	Name          types.String `tfsdk:"name"`
	Query         types.String `tfsdk:"query"`
	Labels        types.Map    `tfsdk:"labels"`
	ImageURI      types.String `tfsdk:"image_uri"`
	WorkspaceID   types.String `tfsdk:"workspace_id"`
	Accessibility types.String `tfsdk:"accessibility"`
	Official      types.Bool   `tfsdk:"official"`
	SupportedBy   types.Set    `tfsdk:"supported_by"`
	ChipType      types.String `tfsdk:"chip_type"`
	Framework     types.String `tfsdk:"framework"`
	Version       types.String `tfsdk:"version"`
	NameRegex     types.String `tfsdk:"name_regex"`
}

// imageArgumentAttributes is the schema of imageArguments.
func imageArgumentAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Part of the image's name; the API's own fuzzy search. Official images are named " +
				"`<repository>:<tag>`. For an exact match use `name_regex = \"^…$\"`.",
			Validators: []validator.String{validate.NotEmpty()},
		},
		"query": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Part of the image's name or description; the API's own fuzzy search.",
			Validators:          []validator.String{validate.NotEmpty()},
		},
		"labels": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Labels that the image must bear, all of them. The value `*` asks for any value of the key. " +
				"Keys and values are free, but the API can't be asked for a `,` in either, nor for a `=` in a key. A key that " +
				"`official`, `supported_by`, `chip_type` or `framework` stands for must not be repeated here.",
			Validators: []validator.Map{
				mapvalidator.NoNullValues(),
				mapvalidator.KeysAre(labelKeyValidator()),
				mapvalidator.ValueStringsAre(labelValueValidator()),
			},
		},
		"image_uri": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "The image's URI, by the API's own search, which may also find it as a part of other URIs.",
			Validators:          []validator.String{validate.NotEmpty()},
		},
		"workspace_id": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only the custom images of this workspace. Leave it out for official images, which " +
				"belong to no workspace.",
			Validators: []validator.String{validate.NotEmpty()},
		},
		"accessibility": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Visibility of custom images: `PUBLIC`, for all members of the workspace, or `PRIVATE`, for " +
				"whoever added it.",
			Validators: []validator.String{stringvalidator.OneOf("PUBLIC", "PRIVATE")},
		},
		"official": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "`true`: only images that PAI itself maintains (label `" + pai.LabelOfficial + "=true`). " +
				"`false`: only the others, which is decided here and not by the API. Leave it out for both.",
		},
		"supported_by": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Products that must be able to run the image, all of them: `dlc` (training jobs), `dsw` " +
				"(notebooks), `eas` (inference services). Labels `" + pai.LabelSupportedPrefix + "<product>=true`.",
			Validators: []validator.Set{
				setvalidator.NoNullValues(),
				setvalidator.ValueStringsAre(stringvalidator.OneOf(products...)),
			},
		},
		"chip_type": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Chip that the image is made for, such as `CPU`, `GPU` or `PPU`; any value that the label `" +
				pai.LabelChipType + "` has.",
			Validators: []validator.String{labelValueValidator()},
		},
		"framework": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Framework that the image holds, in any version, such as `PyTorch`, `TensorFlow` or `vLLM`. " +
				"Case-sensitive. Label `" + pai.LabelFrameworkPrefix + "<framework>`.",
			Validators: []validator.String{labelKeyValidator()},
		},
		"version": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "[Version constraint](https://developer.hashicorp.com/terraform/language/expressions/version-constraints) " +
				"in Terraform's syntax, such as `~> 2.3` or `>= 2.0, < 3.0`; checked here, not by the API. With `framework` it is " +
				"about the value of the framework's label, else about the version that the tag of `image_uri` starts with. Pre-releases " +
				"are matched only by a constraint that names one, and an image without a version never matches: see " +
				"[How versions are read](images.md#how-versions-are-read).",
			Validators: []validator.String{versionConstraintValidator()},
		},
		"name_regex": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "[RE2 regular expression](https://github.com/google/re2/wiki/Syntax) found anywhere in the name, " +
				"unless it has `^` and `$`; checked here, not by the API. An image without a name never matches.",
			Validators: []validator.String{validate.NotEmpty(), validate.Regex()},
		},
	}
}

// request gives what the API is asked for. All values are known and valid.
func (a *imageArguments) request(ctx context.Context, diags *diag.Diagnostics) paiclient.ListImagesInput {
	labels := make(map[string]string)
	if !a.Labels.IsNull() {
		diags.Append(a.Labels.ElementsAs(ctx, &labels, false)...)
	}
	for _, condition := range a.labelConditions(ctx, diags) {
		labels[condition.key] = condition.value
	}
	return paiclient.ListImagesInput{
		Name: a.Name.ValueString(), Query: a.Query.ValueString(), Labels: labels, ImageURI: a.ImageURI.ValueString(),
		WorkspaceID: a.WorkspaceID.ValueString(), Accessibility: a.Accessibility.ValueString(),
	}
}

// criteria gives what is checked here, on the images that the API gave.
func (a *imageArguments) criteria() (selection.Criteria, error) {
	criteria := selection.Criteria{
		NotOfficial: !a.Official.IsNull() && !a.Official.ValueBool(),
		Framework:   a.Framework.ValueString(),
	}
	var err error
	if !a.NameRegex.IsNull() {
		if criteria.NameRegex, err = regexp.Compile(a.NameRegex.ValueString()); err != nil {
			return criteria, err
		}
	}
	if !a.Version.IsNull() {
		criteria.Version, err = version.NewConstraint(strings.TrimSpace(a.Version.ValueString()))
	}
	return criteria, err
}

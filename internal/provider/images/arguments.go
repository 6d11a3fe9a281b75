package images

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// filterArgument is a filter argument of both data sources.
type filterArgument struct {
	name      string
	attribute schema.Attribute

	// exactDescription is the description in pai_image, if the argument matches exactly only there. Otherwise it is "".
	exactDescription string

	// filters returns the filters for a value. It skips unknown elements of the value.
	filters func(value attr.Value) []filter
}

// products are the valid elements of supported_by. Each product has a label.
var products = []string{"dlc", "dsw", "eas"}

// workspaceNameAdvice is the advice if isWorkspaceID returns false.
const workspaceNameAdvice = "`workspace_id` must be an ID, not a name. To find the ID of a name, use the data source " +
	"`pai_workspace`."

// isWorkspaceID reports whether the value has the form of a workspace ID, which is a number. Other values are probably
// names.
func isWorkspaceID(value string) bool { return strings.Trim(value, "0123456789") == "" }

// filterArguments are all filter arguments. Diagnostics list filters in this order.
var filterArguments = []filterArgument{
	{
		name: "name",
		attribute: schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Part of the name, matched by the API's fuzzy search. For an exact match, use " +
				"`name_regex = \"^…$\"`.",
			Validators: []validator.String{validate.NotEmpty()},
		},
		exactDescription: "Exact name. Official images are named `<repository>:<tag>`.",
		filters: stringFilter(func(value string) filter {
			f := fieldFilter("name", func(i *pai.Image) *string { return i.Name }, value)
			f.parameter, f.request = "Name", func(input *paiclient.ListImagesInput) { input.Name = value }
			f.recheck, f.note = f.match, fixedNote("`name` must be the complete name. To match a part of it, use `name_regex`.")
			return f
		}),
	},
	{
		name: "query",
		attribute: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Part of the name or description, matched by the API's fuzzy search.",
			Validators:          []validator.String{validate.NotEmpty()},
		},
		filters: stringFilter(func(value string) filter {
			return filter{
				text: value, parameter: "Query",
				request: func(input *paiclient.ListImagesInput) { input.Query = value },
			}
		}),
	},
	{
		name: "image_uri",
		attribute: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "URI. The API's search may also return longer URIs that contain it.",
			Validators:          []validator.String{validate.NotEmpty()},
		},
		exactDescription: "Exact URI, as the API lists it.",
		filters: stringFilter(func(value string) filter {
			f := fieldFilter("image_uri", func(i *pai.Image) *string { return i.ImageURI }, value)
			f.parameter, f.request = "ImageUri", func(input *paiclient.ListImagesInput) { input.ImageURI = value }
			f.recheck, f.note = f.match, fixedNote("`image_uri` must be the complete URI.")
			return f
		}),
	},
	{
		name: "workspace_id",
		attribute: schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "ID of a workspace. To find it by name, use `pai_workspace`. Only custom images of the " +
				"workspace match: omit it for official images.",
			Validators: []validator.String{validate.NotEmpty()},
		},
		filters: stringFilter(func(value string) filter {
			workspace := func(i *pai.Image) *string { return i.WorkspaceID }
			f := fieldFilter("workspace_id", workspace, value)
			f.parameter, f.request = "WorkspaceId", func(input *paiclient.ListImagesInput) { input.WorkspaceID = value }
			f.recheck, f.trusted = equalOrEmpty(workspace, value), true
			if !isWorkspaceID(value) {
				f.note = fixedNote(workspaceNameAdvice)
			}
			return f
		}),
	},
	{
		name: "accessibility",
		attribute: schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Visibility of custom images: `PUBLIC` for all members of the workspace, `PRIVATE` " +
				"for the user who added the image.",
			Validators: []validator.String{validate.OneOf("PUBLIC", "PRIVATE")},
		},
		filters: stringFilter(func(value string) filter {
			accessibility := func(i *pai.Image) *string { return i.Accessibility }
			f := fieldFilter("accessibility", accessibility, value)
			f.parameter, f.request = "Accessibility", func(input *paiclient.ListImagesInput) { input.Accessibility = value }
			f.recheck = equalOrEmpty(accessibility, value)
			return f
		}),
	},
	{
		name: "labels",
		attribute: schema.MapAttribute{
			Optional:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Labels the image must have. The value `*` matches any value.",
			Validators:          validate.Labels(),
		},
		filters: func(value attr.Value) []filter {
			var fs []filter
			for key, element := range lookup.SortedElements(value.(types.Map).Elements()) {
				f := labelFilter(key, element)
				f.path, f.value = path.Root("labels").AtMapKey(key), "{ "+hcltext.Quote(key)+" = "+hcltext.Quote(element)+" }"
				fs = append(fs, f)
			}
			return fs
		},
	},
	{
		name: "official",
		attribute: schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "`true`: only images that PAI maintains. `false`: only others. Omit it for both.",
		},
		filters: func(value attr.Value) []filter {
			f := labelFilter(pai.LabelOfficial, "true")
			f.actualValues = keyedLabelValues(f.label)
			if value.(types.Bool).ValueBool() {
				return []filter{f}
			}
			return []filter{{
				match:        func(image *pai.Image, _ string) bool { return !f.match(image, "") },
				actualValues: f.actualValues,
				label:        f.label,
			}}
		},
	},
	{
		name: "supported_by",
		attribute: schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Products that support the image: `dlc` (training jobs), `dsw` (notebooks), `eas` " +
				"(services). All must match.",
			Validators: []validator.Set{
				setvalidator.NoNullValues(),
				setvalidator.ValueStringsAre(validate.OneOf(products...)),
			},
		},
		filters: func(value attr.Value) []filter {
			var fs []filter
			for _, product := range lookup.SortedStrings(value.(types.Set).Elements()) {
				f := labelFilter(pai.LabelSupportedPrefix+product, "true")
				f.value, f.actualValues = "["+hcltext.Quote(product)+"]", keyedLabelValues(f.label)
				fs = append(fs, f)
			}
			return fs
		},
	},
	{
		name: "chip_type",
		attribute: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Chip, such as `CPU`, `GPU` or `PPU`.",
			Validators:          []validator.String{chipTypeValidator()},
		},
		filters: stringFilter(func(value string) filter { return labelFilter(pai.LabelChipType, value) }),
	},
	{
		name: "framework",
		attribute: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Framework, such as `PyTorch`, `TensorFlow` or `vLLM`. Case-sensitive.",
			Validators:          []validator.String{frameworkValidator()},
		},
		filters: stringFilter(func(value string) filter {
			f := labelFilter(pai.LabelFrameworkPrefix+value, pai.AnyValue)
			f.text, f.framework, f.actualValues = value, value, frameworkValues
			return f
		}),
	},
	{
		name: "repository",
		attribute: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Repository of `image_uri`, such as `pytorch`, `pai/pytorch` or `<registry host>/pai/pytorch`.",
			Validators:          []validator.String{repositoryValidator()},
		},
		filters: stringFilter(func(value string) filter {
			return filter{
				text: value,
				match: func(image *pai.Image, _ string) bool {
					parsed := selection.ParseImage(image, "")
					return parsed.InRepository(value)
				},
				actualValues: repositoryValues(value),
			}
		}),
	},
	{
		name: "version",
		attribute: schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "[Version constraint]" +
				"(https://developer.hashicorp.com/terraform/language/expressions/version-constraints), such as `~> 2.3`, " +
				"for [the version](../guides/filters.md#how-versions-are-read) of `framework`. Without `framework`, it applies " +
				"to the tag.",
			Validators: []validator.String{versionConstraintValidator()},
		},
		filters: stringFilter(versionFilter),
	},
	{
		name: "name_regex",
		attribute: schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "[RE2 regular expression](https://github.com/google/re2/wiki/Syntax) for a part " +
				"of the name. For the whole name, use `^…$`.",
			Validators: []validator.String{validate.NotEmpty(), nameRegexValidator()},
		},
		filters: regexFilter(func(regex *regexp.Regexp, image *pai.Image) bool {
			return image.Name != nil && regex.MatchString(norm.NFC.String(*image.Name))
		}),
	},
	{
		name: "exclude_name_regex",
		attribute: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "RE2 regular expression. The provider drops images whose name matches it.",
			Validators:          []validator.String{validate.NotEmpty(), nameRegexValidator()},
		},
		filters: regexFilter(func(regex *regexp.Regexp, image *pai.Image) bool {
			return image.Name == nil || !regex.MatchString(norm.NFC.String(*image.Name))
		}),
	},
}

// Package functions contains the functions of the provider.
package functions

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

var _ function.Function = (*parseImageURIFunction)(nil)

// NewParseImageURI returns the function parse_image_uri, which returns the parts of an image URI.
func NewParseImageURI() function.Function { return &parseImageURIFunction{} }

type parseImageURIFunction struct{}

// imageURIPart is an attribute of the returned object.
type imageURIPart struct {
	name, description string
	value             func(imageuri.Reference) string
}

var imageURIParts = []imageURIPart{
	{
		"registry", "Host, with its port if the URI has one. The first part of the URI is a registry only if it contains a " +
			"dot or a colon, or is `localhost`.",
		func(r imageuri.Reference) string { return r.Registry },
	},
	{
		"region", "Region in the host, such as `cn-hangzhou`. Null for hosts outside `aliyuncs.com`.",
		func(r imageuri.Reference) string { return r.Region },
	},
	{
		"network", "`vpc` or `internal` if the first part of the host ends with that word, as in `dsw-registry-vpc`. " +
			"Otherwise `public`. Null for hosts outside `aliyuncs.com`.",
		func(r imageuri.Reference) string { return r.Network },
	},
	{
		"namespace", "Path without its last part, such as `pai`.",
		func(r imageuri.Reference) string { return r.Namespace },
	},
	{
		"repository", "Last part of the path, such as `pytorch`. It is never null.",
		func(r imageuri.Reference) string { return r.Repository },
	},
	{
		"tag", "Text after the colon that follows the repository.",
		func(r imageuri.Reference) string { return r.Tag },
	},
	{
		"digest", "Text after the `@`, such as `sha256:…`.",
		func(r imageuri.Reference) string { return r.Digest },
	},
}

func (f *parseImageURIFunction) Metadata(
	_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse,
) {
	resp.Name = "parse_image_uri"
}

func (f *parseImageURIFunction) Definition(
	_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse,
) {
	resp.Definition = function.Definition{
		Summary:             "Parses an image URI and returns its parts",
		MarkdownDescription: describeImageURIParts(),
		Parameters: []function.Parameter{function.StringParameter{
			Name: "uri",
			MarkdownDescription: "Image URI of the form `[registry/][namespace/]repository[:tag][@digest]`, for example an " +
				"`image_uri` of a data source. Any other string causes an error, and so does null.",
		}},
		Return: function.ObjectReturn{AttributeTypes: imageURIPartTypes()},
	}
}

func (f *parseImageURIFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var uri string
	resp.Error = req.Arguments.Get(ctx, &uri)
	if resp.Error != nil {
		return
	}
	reference, err := imageuri.Parse(uri)
	if err != nil {
		// The error has no full stop, because Terraform adds one.
		cause := strings.TrimSuffix(validate.ErrorSentence(err), ".")
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%s is not an image URI. %s", hcltext.Quote(uri), cause))
		return
	}
	values := make(map[string]attr.Value, len(imageURIParts))
	for _, part := range imageURIParts {
		values[part.name] = types.StringNull()
		if value := part.value(reference); value != "" {
			values[part.name] = types.StringValue(value)
		}
	}
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(imageURIPartTypes(), values))
}

func imageURIPartTypes() map[string]attr.Type {
	result := make(map[string]attr.Type, len(imageURIParts))
	for _, part := range imageURIParts {
		result[part.name] = types.StringType
	}
	return result
}

func describeImageURIParts() string {
	var b strings.Builder
	b.WriteString("Parses an image URI and returns its parts as an object of strings. A missing part is null: the " +
		"function adds no default. It sends no request, so it doesn't check that the image exists.\n")
	for _, part := range imageURIParts {
		fmt.Fprintf(&b, "\n- `%s`: %s", part.name, part.description)
	}
	return b.String()
}

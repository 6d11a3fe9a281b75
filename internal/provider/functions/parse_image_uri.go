// Package functions has the functions of the provider.
package functions

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
)

var _ function.Function = (*parseImageURIFunction)(nil)

// NewParseImageURI returns the function parse_image_uri.
func NewParseImageURI() function.Function { return &parseImageURIFunction{} }

// parseImageURIFunction is `parse_image_uri`: the parts of an image's URI.
type parseImageURIFunction struct{}

// imageURIPart is one part of the result: its type, its description and its value stand together.
type imageURIPart struct {
	name, description string
	value             func(imageuri.Reference) string
}

var imageURIParts = []imageURIPart{
	{
		"registry", "the host, with its port if there is one. The first part of the URI is a registry only if it has a dot or a " +
			"colon, or is `localhost`.",
		func(r imageuri.Reference) string { return r.Registry },
	},
	{
		"region", "the region that the host names, such as `cn-hangzhou`. Only for hosts under `aliyuncs.com`.",
		func(r imageuri.Reference) string { return r.Region },
	},
	{
		"network", "`vpc` or `internal` where the first label of the host ends so, else `public`. Only for hosts under `aliyuncs.com`.",
		func(r imageuri.Reference) string { return r.Network },
	},
	{
		"namespace", "the path but its last part, such as `pai`.",
		func(r imageuri.Reference) string { return r.Namespace },
	},
	{
		"repository", "the last part of the path, such as `pytorch`. The only one that is never null.",
		func(r imageuri.Reference) string { return r.Repository },
	},
	{
		"tag", "what follows the colon after the repository.",
		func(r imageuri.Reference) string { return r.Tag },
	},
	{
		"digest", "what follows the `@`, such as `sha256:…`.",
		func(r imageuri.Reference) string { return r.Digest },
	},
}

func (f *parseImageURIFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_image_uri"
}

func (f *parseImageURIFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "The parts of an image's URI.",
		MarkdownDescription: describeImageURIParts(),
		Parameters: []function.Parameter{function.StringParameter{
			Name: "uri",
			MarkdownDescription: "URI of an image, of the form `[registry/][namespace/]repository[:tag][@digest]`: an `image_uri` of a " +
				"data source, or any other. What doesn't have this form is an error, and so is null.",
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
		// Terraform ends the sentence with a full stop of its own.
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%q is not an image URI: %s", uri, err))
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
	partTypes := make(map[string]attr.Type, len(imageURIParts))
	for _, part := range imageURIParts {
		partTypes[part.name] = types.StringType
	}
	return partTypes
}

func describeImageURIParts() string {
	var text strings.Builder
	text.WriteString("Takes the URI of an image and gives its parts, as an object of strings. They are as they are written " +
		"in the URI, and null where they aren't there: no registry, namespace or tag is taken for granted. Nothing is looked " +
		"up, so it doesn't tell whether there is such an image.\n")
	for _, part := range imageURIParts {
		fmt.Fprintf(&text, "\n- `%s`: %s", part.name, part.description)
	}
	return text.String()
}

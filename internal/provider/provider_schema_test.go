package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// TestSignInArguments checks that package signin and the schema have the same arguments, environment variables,
// defaults and secrets (design rule 9).
func TestSignInArguments(t *testing.T) {
	t.Parallel()
	arguments := providerArguments(t)
	for _, argument := range signin.Arguments {
		attribute, ok := arguments[argument.Name]
		if !ok {
			t.Errorf("the provider block has no %s", argument.Name)
			continue
		}
		description := attribute.GetMarkdownDescription()
		for _, variable := range argument.Variables {
			if !strings.Contains(description, "`"+variable+"`") {
				t.Errorf("the description of %s lacks %s", argument.Name, variable)
			}
		}
		if attribute.IsSensitive() != argument.Secret {
			t.Errorf("%s is sensitive: %t, want %t", argument.Name, attribute.IsSensitive(), argument.Secret)
		}
		if argument.Default != "" && !strings.Contains(description, "Default `"+argument.Default+"`") {
			t.Errorf("the description of %s lacks its default %s: %s", argument.Name, argument.Default, description)
		}
		delete(arguments, argument.Name)
	}
	for _, other := range []string{"region", "endpoint", "network", "max_retries", "request_timeout", "max_concurrency"} {
		delete(arguments, other)
	}
	if len(arguments) > 0 {
		t.Errorf("signin.Arguments lacks %v", slices.Sorted(maps.Keys(arguments)))
	}
	for _, source := range signin.Sources {
		for _, argument := range source.Arguments {
			_, isAttribute := providerSchema().Attributes[argument]
			_, isBlock := providerSchema().Blocks[argument]
			if !isAttribute && !isBlock {
				t.Errorf("the provider block lacks %s of the credential source %s", argument, source.Name)
			}
		}
	}
}

// TestArgumentsAreDescribed checks that every argument and block has a description.
func TestArgumentsAreDescribed(t *testing.T) {
	t.Parallel()
	descriptions := make(map[string]string)
	for name, attribute := range providerArguments(t) {
		descriptions[name] = attribute.GetMarkdownDescription()
	}
	for name, block := range providerSchema().Blocks {
		descriptions[name] = block.GetMarkdownDescription()
	}
	for name, description := range descriptions {
		if !strings.HasSuffix(description, ".") {
			t.Errorf("%s has the description %q, want sentences", name, description)
		}
	}
}

// providerArguments returns the arguments of the provider block by name. The name of an argument in a nested block has
// the form block.argument.
func providerArguments(t *testing.T) map[string]schema.Attribute {
	t.Helper()
	arguments := maps.Clone(providerSchema().Attributes)
	for name, block := range providerSchema().Blocks {
		single, ok := block.(schema.SingleNestedBlock)
		if !ok {
			t.Fatalf("%s is a %T, want a SingleNestedBlock", name, block)
		}
		for member, attribute := range single.Attributes {
			arguments[name+"."+member] = attribute
		}
	}
	return arguments
}

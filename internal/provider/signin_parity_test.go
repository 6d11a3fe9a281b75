package provider

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// TestSignInArguments: the table that signs in and the schema name the same arguments, variables, defaults and secrets.
func TestSignInArguments(t *testing.T) {
	t.Parallel()
	arguments := providerArguments(t)
	for _, known := range signin.Arguments {
		attribute, is := arguments[known.Name]
		if !is {
			t.Errorf("the provider block has no %s", known.Name)
			continue
		}
		description := attribute.GetMarkdownDescription()
		for _, variable := range known.Variables {
			if !strings.Contains(description, "`"+variable+"`") {
				t.Errorf("%s doesn't say that %s stands in for it", known.Name, variable)
			}
		}
		if attribute.IsSensitive() != known.Secret {
			t.Errorf("%s is sensitive: %t", known.Name, attribute.IsSensitive())
		}
		if known.Default != "" && !strings.Contains(description, "Default `"+known.Default+"`") {
			t.Errorf("%s doesn't say that its default is %s: %s", known.Name, known.Default, description)
		}
		delete(arguments, known.Name)
	}
	for _, other := range []string{"region", "endpoint", "network", "max_retries", "request_timeout", "max_concurrency"} {
		delete(arguments, other)
	}
	if len(arguments) > 0 {
		t.Errorf("the table lacks %v", slices.Sorted(maps.Keys(arguments)))
	}
	for _, source := range signin.Sources {
		for _, argument := range source.Arguments {
			_, isAttribute := providerSchema().Attributes[argument]
			_, isBlock := providerSchema().Blocks[argument]
			if !isAttribute && !isBlock {
				t.Errorf("%s is named by %s, which the provider block lacks", source.Name, argument)
			}
		}
	}
}

// providerArguments are those of the provider block and of the blocks in it, these with a dot.
func providerArguments(t *testing.T) map[string]schema.Attribute {
	t.Helper()
	arguments := make(map[string]schema.Attribute)
	for name, attribute := range providerSchema().Attributes {
		arguments[name] = attribute
	}
	for name, block := range signInBlocks() {
		if !strings.HasSuffix(block.GetMarkdownDescription(), ".") {
			t.Errorf("%s is described as %q", name, block.GetMarkdownDescription())
		}
		single, is := block.(schema.SingleNestedBlock)
		if !is {
			t.Fatalf("%s is %T", name, block)
		}
		for member, attribute := range single.Attributes {
			arguments[name+"."+member] = attribute
		}
	}
	return arguments
}

// TestModelsMatchTheirSchemas: every attribute has its member and every member its attribute, of the same type.
func TestModelsMatchTheirSchemas(t *testing.T) {
	t.Parallel()
	block := make(map[string]attr.Type)
	for name, attribute := range providerSchema().Attributes {
		block[name] = attribute.GetType()
	}
	for name, nested := range providerSchema().Blocks {
		block[name] = nested.Type()
		members := make(map[string]attr.Type)
		for member, attribute := range nested.GetNestedObject().GetAttributes() {
			members[member] = attribute.GetType()
		}
		model := map[string]reflect.Type{
			"assume_role": reflect.TypeFor[assumeRoleModel](), "assume_role_with_oidc": reflect.TypeFor[assumeRoleWithOIDCModel](),
		}[name]
		providertest.WantModel(t, model, members)
	}
	providertest.WantModel(t, reflect.TypeFor[providerModel](), block)
}

func TestEveryArgumentIsDescribed(t *testing.T) {
	t.Parallel()
	for name, attribute := range providerArguments(t) {
		if !strings.HasSuffix(attribute.GetMarkdownDescription(), ".") {
			t.Errorf("%s is described as %q", name, attribute.GetMarkdownDescription())
		}
	}
}

package workspaces

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

var beforeCapital = regexp.MustCompile(`([a-z])([A-Z])`)

// TestEveryFieldHasItsAttribute sets one field of a workspace at a time, and checks which attribute is then not null.
// The types of attributes and values must be equal.
func TestEveryFieldHasItsAttribute(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for field := range reflect.TypeFor[pai.Workspace]().Fields() {
		want := strings.ToLower(beforeCapital.ReplaceAllString(field.Tag.Get("json"), "${1}_${2}"))
		var workspace pai.Workspace
		value := reflect.ValueOf(&workspace).Elem().FieldByIndex(field.Index)
		if field.Type.Kind() == reflect.Pointer {
			value.Set(reflect.New(field.Type.Elem()))
		} else {
			value.Set(reflect.MakeSlice(field.Type, 0, 0))
		}
		for _, attribute := range workspaceAttributes {
			got := attribute.value(&workspace)
			if !got.IsNull() && attribute.name != want {
				t.Errorf("%s sets %s, want %s", field.Name, attribute.name, want)
			}
			if !got.Type(t.Context()).Equal(attribute.attribute.GetType()) {
				t.Errorf("%s: got a value of type %s, want %s", attribute.name, got.Type(t.Context()),
					attribute.attribute.GetType())
			}
			seen[attribute.name] = seen[attribute.name] || !got.IsNull()
		}
	}
	for _, attribute := range workspaceAttributes {
		if !seen[attribute.name] {
			t.Errorf("no field sets %s", attribute.name)
		}
	}
}

// TestAttributes checks that both data sources have all attributes of a workspace, with the same types, and that each
// has a description.
func TestAttributes(t *testing.T) {
	t.Parallel()
	single, list := workspaceSchema(t.Context()).Attributes, workspacesSchema(t.Context()).Attributes
	for _, attribute := range workspaceAttributes {
		got := single[attribute.name]
		if got == nil || !got.IsComputed() || !got.GetType().Equal(attribute.attribute.GetType()) {
			t.Errorf("%s is not a result of pai_workspace", attribute.name)
		}
	}
	for _, attributes := range []map[string]schema.Attribute{single, list, attributeSchemas()} {
		for name, attribute := range attributes {
			if !strings.HasSuffix(attribute.GetMarkdownDescription(), ".") {
				t.Errorf("%s: got description %q, want a sentence", name, attribute.GetMarkdownDescription())
			}
		}
	}
}

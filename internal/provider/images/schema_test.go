package images

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// TestEveryFieldHasItsAttribute sets one field of an image at a time, and checks which attributes then differ from
// those of an image without fields.
func TestEveryFieldHasItsAttribute(t *testing.T) {
	t.Parallel()
	special := map[string][]string{
		"Labels":   {"label_list", "label_map"},
		"ImageUri": {"image_uri", "repository", "tag", "image_version"},
	}
	seen := make(map[string]bool)
	empty := selection.ParseImage(&pai.Image{}, "")

	for field := range reflect.TypeFor[pai.Image]().Fields() {
		parameter := field.Tag.Get("json")
		want := special[parameter]
		if want == nil {
			want = []string{snakeCase(parameter)}
		}
		var image pai.Image
		value := reflect.ValueOf(&image).Elem().FieldByIndex(field.Index)
		if field.Type.Kind() == reflect.Pointer {
			value.Set(reflect.New(field.Type.Elem()))
			if uri := image.ImageURI; uri != nil {
				*uri = "r/x:1.0"
			}
		} else {
			image.Labels = []pai.Label{{Key: new("k")}}
		}
		var got []string
		parsed := selection.ParseImage(&image, "")
		for _, attribute := range imageAttributes {
			if !attribute.value(&parsed).Equal(attribute.value(&empty)) {
				got = append(got, attribute.name)
				seen[attribute.name] = true
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: sets %v, want %v", parameter, got, want)
		}
	}
	for _, attribute := range imageAttributes {
		if !seen[attribute.name] {
			t.Errorf("no field sets %s", attribute.name)
		}
		if got, want := attribute.value(&empty).Type(t.Context()), attribute.attribute.GetType(); !got.Equal(want) {
			t.Errorf("%s: got a value of type %s, want %s", attribute.name, got, want)
		}
	}
}

// TestEveryAttributeIsDescribed checks that every attribute has a description, including nested attributes.
func TestEveryAttributeIsDescribed(t *testing.T) {
	t.Parallel()
	var check func(string, map[string]schema.Attribute)
	check = func(in string, attributes map[string]schema.Attribute) {
		for name, attribute := range attributes {
			description := attribute.GetMarkdownDescription() + attribute.GetDescription()
			if !strings.HasSuffix(description, ".") {
				t.Errorf("%s%s: got description %q, want a sentence", in, name, description)
			}
			switch nested := attribute.(type) {
			case schema.ListNestedAttribute:
				check(in+name+".", nested.NestedObject.Attributes)
			case schema.SingleNestedAttribute:
				check(in+name+".", nested.Attributes)
			}
		}
	}
	check("", imagesSchema(t.Context()).Attributes)
	check("", imageSchema(t.Context()).Attributes)
}

// TestArgumentsOfBothDataSources checks that both data sources have the same filter arguments and image attributes,
// with the same types. Only the descriptions of name and image_uri may differ.
func TestArgumentsOfBothDataSources(t *testing.T) {
	t.Parallel()
	list, single := imagesSchema(t.Context()).Attributes, imageSchema(t.Context()).Attributes
	filterSchemas, imageSchemas := filterAttributes(), imageAttributeSchemas()
	for name := range filterSchemas {
		if !list[name].IsOptional() || list[name].IsComputed() || !single[name].IsOptional() {
			t.Errorf("%s is not an argument of both data sources", name)
		}
		if !list[name].GetType().Equal(single[name].GetType()) {
			t.Errorf("%s: got types %s and %s, want the same", name, list[name].GetType(), single[name].GetType())
		}
		differ := list[name].GetMarkdownDescription() != single[name].GetMarkdownDescription()
		if want := name == "name" || name == "image_uri"; differ != want {
			t.Errorf("%s: descriptions differ %t, want %t", name, differ, want)
		}
	}
	for name, attribute := range imageSchemas {
		if !single[name].IsComputed() || !single[name].GetType().Equal(attribute.GetType()) {
			t.Errorf("%s is not a result of pai_image", name)
		}
	}
	for name := range single {
		_, isFilter := filterSchemas[name]
		_, isResult := imageSchemas[name]
		own := slices.Contains([]string{
			"region", "image_id", "most_recent", "latest_version", "timeouts", "matched_count",
		}, name)
		if !isFilter && !isResult && !own {
			t.Errorf("pai_image has the unexpected attribute %s", name)
		}
	}
}

var beforeCapital = regexp.MustCompile(`([a-z])([A-Z])`)

func snakeCase(name string) string {
	return strings.ToLower(beforeCapital.ReplaceAllString(name, "${1}_${2}"))
}

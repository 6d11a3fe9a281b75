package images

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestEveryFieldHasItsAttribute sets the fields of an image one by one and looks at which attribute changes: a field
// without an attribute, an attribute without a field, and two that are mixed up are all found.
func TestEveryFieldHasItsAttribute(t *testing.T) {
	t.Parallel()
	special := map[string][]string{"Labels": {"label_list", "label_map"}}
	seen := make(map[string]bool)

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
		} else {
			value.Set(reflect.MakeSlice(field.Type, 0, 0))
		}
		var got []string
		for _, attribute := range imageAttributes {
			if !attribute.value(&image).IsNull() {
				got = append(got, attribute.name)
				seen[attribute.name] = true
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s fills %v instead of %v", parameter, got, want)
		}
	}
	for _, attribute := range imageAttributes {
		if !seen[attribute.name] {
			t.Errorf("no field fills %s", attribute.name)
		}
		if got, want := attribute.value(&pai.Image{}).Type(t.Context()), attribute.attribute.GetType(); !got.Equal(want) {
			t.Errorf("%s is of type %s, and its values of %s", attribute.name, want, got)
		}
	}
}

// TestModelsMatchTheirSchemas: every attribute has its member and every member its attribute, of the same type.
func TestModelsMatchTheirSchemas(t *testing.T) {
	t.Parallel()
	images := make(map[string]attr.Type)
	for name, attribute := range imagesSchema(t.Context()).Attributes {
		images[name] = attribute.GetType()
	}
	image := make(map[string]attr.Type) // its results come from imageAttributes
	for name, attribute := range singleImageSchema(t.Context()).Attributes {
		if attribute.IsOptional() {
			image[name] = attribute.GetType()
		}
	}
	providertest.WantModel(t, reflect.TypeFor[imagesModel](), images)
	providertest.WantModel(t, reflect.TypeFor[imageModel](), image)
}

// TestEveryAttributeIsDescribed, nested ones too.
func TestEveryAttributeIsDescribed(t *testing.T) {
	t.Parallel()
	var check func(string, map[string]schema.Attribute)
	check = func(in string, attributes map[string]schema.Attribute) {
		for name, attribute := range attributes {
			description := attribute.GetMarkdownDescription() + attribute.GetDescription()
			if !strings.HasSuffix(description, ".") {
				t.Errorf("%s%s is described as %q", in, name, description)
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
	check("", singleImageSchema(t.Context()).Attributes)
}

// TestSingleImageIsOneOfTheList: what says which images are meant, and what an image has, is the same in both. Only the
// texts of two arguments differ, which are exact in one and fuzzy in the other.
func TestSingleImageIsOneOfTheList(t *testing.T) {
	t.Parallel()
	list, single := imagesSchema(t.Context()).Attributes, singleImageSchema(t.Context()).Attributes
	arguments := imageArgumentAttributes()
	for name := range arguments {
		if !list[name].IsOptional() || list[name].IsComputed() || !single[name].IsOptional() {
			t.Errorf("%s is no argument of both", name)
		}
		if !list[name].GetType().Equal(single[name].GetType()) {
			t.Errorf("%s has two types", name)
		}
		description, both := strings.CutSuffix(single[name].GetMarkdownDescription(), filledIn)
		if both != single[name].IsComputed() {
			t.Errorf("%s says that it is filled in: %t", name, both)
		}
		same := list[name].GetMarkdownDescription() == description
		if same == (name == "name" || name == "image_uri") {
			t.Errorf("%s is described alike in both: %t", name, same)
		}
	}
	for name, of := range imageSchema() {
		if !single[name].IsComputed() || !single[name].GetType().Equal(of.GetType()) {
			t.Errorf("%s is no result of a single image", name)
		}
	}
	of := map[string]bool{"image_id": true, "most_recent": true, "latest_version": true, "timeouts": true,
		"matched_count": true}
	for name := range single {
		_, argument := arguments[name]
		_, result := imageSchema()[name]
		if !argument && !result && !of[name] {
			t.Errorf("%s is neither the list's nor known here", name)
		}
	}
}

// TestConditionsCoverEveryArgument: each is told and checked, and gone where it is left out.
func TestConditionsCoverEveryArgument(t *testing.T) {
	t.Parallel()
	values := map[reflect.Type]attr.Value{
		reflect.TypeFor[types.String](): types.StringValue("2"),
		reflect.TypeFor[types.Bool]():   types.BoolValue(true),
		reflect.TypeFor[types.Map](): types.MapValueMust(types.StringType,
			map[string]attr.Value{"k": types.StringValue("2")}),
		reflect.TypeFor[types.Set](): types.SetValueMust(types.StringType, []attr.Value{types.StringValue("2")}),
	}
	for field := range reflect.TypeFor[imageArguments]().Fields() {
		argument := field.Tag.Get("tfsdk")
		var arguments imageArguments
		reflect.ValueOf(&arguments).Elem().FieldByIndex(field.Index).Set(reflect.ValueOf(values[field.Type]))
		var diags diag.Diagnostics
		conditions := arguments.conditions(t.Context(), &diags)
		if len(conditions) != 1 || diags.HasError() {
			t.Errorf("%s: %d conditions, %v", argument, len(conditions), diags)
			continue
		}
		condition := conditions[0]
		if !strings.HasPrefix(condition.path.String(), argument) || !strings.HasPrefix(condition.text, argument+" = ") {
			t.Errorf("%s: %s, %s", argument, condition.path, condition.text)
		}
		if left := condition.without.conditions(t.Context(), &diags); len(left) != 0 || diags.HasError() {
			t.Errorf("%s is still there when it is left out: %v, %v", argument, left, diags)
		}
		if argument != "query" && (condition.alone.MetBy(&pai.Image{}) || strings.Join(condition.has(&pai.Image{}),
			"") == "") {
			t.Errorf("%s is met by an image that has nothing", argument)
		}
	}
}

var beforeCapital = regexp.MustCompile(`([a-z])([A-Z])`)

func snakeCase(name string) string {
	return strings.ToLower(beforeCapital.ReplaceAllString(name, "${1}_${2}"))
}

// TestImagesThatHaveTheSame: an answer may leave out what it should hold, and then it isn't the case.
func TestImagesThatHaveTheSame(t *testing.T) {
	t.Parallel()
	same := func(*pai.Image) []string { return []string{"x"} }
	if got := haveInstead(condition{text: "x", has: same}, make([]pai.Image, 1)); got != "1 image, with x" {
		t.Errorf("got %q", got)
	}
}

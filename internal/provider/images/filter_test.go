package images

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// TestFilters checks whether an image matches a filter in three lookups: pai_image with image_id, which checks every
// filter, and pai_images and pai_image for an image that the API has listed for the filter.
func TestFilters(t *testing.T) {
	t.Parallel()
	set := func(elements ...string) attr.Value {
		var values []attr.Value
		for _, element := range elements {
			values = append(values, types.StringValue(element))
		}
		return types.SetValueMust(types.StringType, values)
	}
	labelMap := func(pairs ...string) attr.Value {
		values := make(map[string]attr.Value)
		for pair := range slices.Chunk(pairs, 2) {
			values[pair[0]] = types.StringValue(pair[1])
		}
		return types.MapValueMust(types.StringType, values)
	}
	text := types.StringValue
	unlabeled := pai.Image{}
	const official, torch = pai.LabelOfficial, pai.LabelFrameworkPrefix + "PyTorch"
	const dlc, eas = pai.LabelSupportedPrefix + "dlc", pai.LabelSupportedPrefix + "eas"
	twoVersions := labeled(torch, "2.8.0")
	twoVersions.ImageURI = new("r/x:1.0")

	// want has a letter for each of these lookups, in this order: y if the image matches, n if not.
	type test struct {
		argument  string
		value     attr.Value
		image     pai.Image
		framework string
		want      string
	}
	tests := []test{
		{"query", text("x"), pai.Image{}, "", "yyy"}, // only the API can evaluate it

		{"labels", labelMap("a", "1", "b", "*"), labeled("a", "1", "b", "2"), "", "yyy"},
		{"labels", labelMap("a", "1", "b", "*"), labeled("a", "1"), "", "nnn"},
		{"labels", labelMap("a", "1"), labeled("a", "2", "a", "1"), "", "yyy"},
		{"labels", labelMap("a", "1"), labeled("a", "2"), "", "nnn"},
		{"labels", labelMap("a", "1"), labeled(), "", "nnn"}, // the API returns that the image has no labels
		{"labels", labelMap(official, "true"), labeled(official, "false"), "", "nnn"},
		{"labels", labelMap(official, "*"), labeled("a", "1"), "", "nnn"},
		{"labels", labelMap(official, "true"), unlabeled, "", "nyy"},

		{"official", types.BoolValue(true), labeled(official, "true"), "", "yyy"},
		{"official", types.BoolValue(true), labeled(official, "false"), "", "nnn"},
		{"official", types.BoolValue(true), labeled("a", "1"), "", "nnn"},
		{"official", types.BoolValue(true), unlabeled, "", "nyy"}, // the API may omit all labels
		{"official", types.BoolValue(false), labeled(official, "true"), "", "nnn"},
		{"official", types.BoolValue(false), labeled(official, "false", official, "true"), "", "nnn"},
		{"official", types.BoolValue(false), labeled(official, "true", official, "false"), "", "nnn"},
		{"official", types.BoolValue(false), labeled(official, "TRUE"), "", "yyy"},
		{"official", types.BoolValue(false), pai.Image{Labels: []pai.Label{{Key: new(official)}}}, "", "yyy"},
		{"official", types.BoolValue(false), unlabeled, "", "yyy"},

		{"supported_by", set("dlc", "eas"), labeled(dlc, "true", eas, "true"), "", "yyy"},
		{"supported_by", set("dlc", "eas"), labeled(dlc, "true", eas, "false"), "", "nnn"},
		{"chip_type", text("GPU"), labeled(pai.LabelChipType, "GPU"), "", "yyy"},
		{"chip_type", text("GPU"), labeled(pai.LabelChipType, "gpu"), "", "nnn"},
		{"framework", text("PyTorch"), labeled(torch, "2.9"), "", "yyy"},
		{"framework", text("PyTorch"), labeled("system.framework.pytorch", "2.9"), "", "nnn"},

		{"version", text("~> 2.0"), pai.Image{ImageURI: new("r/x:2.1-gpu")}, "", "yyy"},
		{"version", text("~> 2.0"), pai.Image{ImageURI: new("r/x:1.9-gpu")}, "", "nnn"},
		{"version", text("~> 2.0"), pai.Image{ImageURI: new("r/x")}, "", "nnn"},
		{"version", text("~> 2.0"), twoVersions, "PyTorch", "yyy"},
		{"version", text("~> 2.0"), pai.Image{ImageURI: new("r/x:2.1")}, "PyTorch", "nnn"},

		{"repository", text("pytorch"), pai.Image{ImageURI: new("r.example.com/pai/pytorch:2")}, "", "yyy"},
		{"repository", text("pai/pytorch"), pai.Image{ImageURI: new("r.example.com/pai/pytorch:2")}, "", "yyy"},
		{"repository", text("torch"), pai.Image{ImageURI: new("r.example.com/pai/pytorch:2")}, "", "nnn"},
		{"repository", text("pytorch"), pai.Image{Name: new("pytorch:2")}, "", "nnn"},

		{"exclude_name_regex", text("torch:2"), pai.Image{Name: new("pytorch:2.8")}, "", "nnn"},
		{"exclude_name_regex", text("^torch"), pai.Image{Name: new("pytorch:2.8")}, "", "yyy"},
		{"exclude_name_regex", text("^$"), pai.Image{Name: new("")}, "", "nnn"},
		{"exclude_name_regex", text("^$"), pai.Image{}, "", "yyy"},

		{"name_regex", text("torch:2"), pai.Image{Name: new("pytorch:2.8")}, "", "yyy"},
		{"name_regex", text("^torch"), pai.Image{Name: new("pytorch:2.8")}, "", "nnn"},
		{"name_regex", text("^$"), pai.Image{Name: new("")}, "", "yyy"},
		{"name_regex", text("^$"), pai.Image{}, "", "nnn"},
	}
	for argument, image := range map[string]func(*string) pai.Image{
		"name":          func(s *string) pai.Image { return pai.Image{Name: s, Description: new("PAI")} },
		"image_uri":     func(s *string) pai.Image { return pai.Image{ImageURI: s, Name: new("PAI")} },
		"workspace_id":  func(s *string) pai.Image { return pai.Image{WorkspaceID: s, Name: new("PAI")} },
		"accessibility": func(s *string) pai.Image { return pai.Image{Accessibility: s, Name: new("PAI")} },
	} {
		other, omitted := "nyn", "nyy"
		if argument == "name" || argument == "image_uri" { // pai_image requires the exact value
			omitted = "nyn"
		}
		tests = append(tests,
			test{argument, text("PAI"), image(new("PAI")), "", "yyy"},
			test{argument, text("PAI"), image(nil), "", omitted},
			test{argument, text("PAI"), image(new("")), "", omitted})
		for _, near := range []string{"pai", "PA", "PAI ", " PAI", "PAI2", "XPAI", "P.I", "*"} {
			tests = append(tests, test{argument, text("PAI"), image(&near), "", other})
		}
	}
	covered := make(map[string]bool)
	for _, test := range tests {
		covered[test.argument] = true
		fs := filtersOf(test.argument, test.value)
		if test.framework != "" {
			fs = append(fs, filter{framework: test.framework, request: filtersOf("framework", text("x"))[0].request})
		}
		images := []pai.Image{test.image}
		byID := !slices.ContainsFunc(fs, func(f filter) bool {
			return f.match != nil && !f.match(&test.image, test.framework)
		})
		got := ""
		for _, matches := range []bool{byID, len(fs.apply(images)) == 1, len(fs.applyStrict(images)) == 1} {
			got += map[bool]string{true: "y", false: "n"}[matches]
		}
		if got != test.want {
			t.Errorf("%s = %s: got %s, want %s for %+v", test.argument, test.value, got, test.want, describe(&test.image))
		}
	}
	for _, argument := range filterArguments {
		if !covered[argument.name] {
			t.Errorf("%s has no case", argument.name)
		}
	}
}

// TestWithoutFilter checks that withoutFilter removes only one filter. If it removes framework, version must apply to
// the version in the tag.
func TestWithoutFilter(t *testing.T) {
	t.Parallel()
	fs := slices.Concat(filtersOf("framework", types.StringValue("PyTorch")),
		filtersOf("version", types.StringValue("2.9")), filtersOf("chip_type", types.StringValue("GPU")))
	image := labeled(pai.LabelFrameworkPrefix+"PyTorch", "2.9", pai.LabelChipType, "GPU")
	image.ImageURI = new("r/x:1.0")
	for i, want := range []struct {
		matches int
		labels  map[string]string
	}{
		{0, map[string]string{pai.LabelChipType: "GPU"}},
		{1, map[string]string{pai.LabelChipType: "GPU", pai.LabelFrameworkPrefix + "PyTorch": "*"}},
		{1, map[string]string{pai.LabelFrameworkPrefix + "PyTorch": "*"}},
	} {
		rest := fs.withoutFilter(i)
		if got := len(rest.apply([]pai.Image{image})); got != want.matches {
			t.Errorf("without filter %d: got %d images, want %d", i, got, want.matches)
		}
		if diff := cmp.Diff(want.labels, rest.listInput().Labels); diff != "" {
			t.Errorf("without filter %d: labels of the request (-want +got):\n%s", i, diff)
		}
	}
}

// TestDescribeValues checks which values a diagnostic lists, and in which order.
func TestDescribeValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		chips string
		want  string
	}{
		{"a", ` Its value: "a".`},
		{"X X", " Images have `chip_type = \"X\"`, which differs only in case."},
		{"b a b", ` Their values, nearest first: "b", "a".`},
		{"abc b xy abc b", ` Their values, nearest first: "b", "xy", "abc".`},
		{
			"b a X b",
			" Images have `chip_type = \"X\"`, which differs only in case. Other values, nearest first: \"b\", \"a\".",
		},
		{"a b c d", ` Their values, nearest first: "a", "b", "c", "d".`},
		{"a b c d e f", ` Their values, nearest first: "a", "b", "c", "d", and 2 more.`},
		{"x", ""},
	} {
		var images []pai.Image
		for chip := range strings.FieldsSeq(test.chips) {
			images = append(images, labeled(pai.LabelChipType, chip))
		}
		f := filtersOf("chip_type", types.StringValue("x"))[0]
		f.argument, f.value = "chip_type", `"x"`
		if got := f.describeValues(images, ""); got != test.want {
			t.Errorf("chips %s: got %s, want %s", test.chips, got, test.want)
		}
	}
}

// filtersOf returns the filters of an argument with the value.
func filtersOf(argument string, value attr.Value) filters {
	i := slices.IndexFunc(filterArguments, func(a filterArgument) bool { return a.name == argument })
	return filterArguments[i].filters(value)
}

// labeled returns an image with labels. Keys and values alternate in the argument.
func labeled(keysAndValues ...string) pai.Image {
	image := pai.Image{Labels: []pai.Label{}}
	for pair := range slices.Chunk(keysAndValues, 2) {
		image.Labels = append(image.Labels, pai.Label{Key: &pair[0], Value: &pair[1]})
	}
	return image
}

// describe returns the attributes of an image that are not null.
func describe(image *pai.Image) map[string]string {
	attributes := make(map[string]string)
	parsed := selection.ParseImage(image, "")
	for _, a := range imageAttributes {
		if value := a.value(&parsed); !value.IsNull() {
			attributes[a.name] = value.String()
		}
	}
	return attributes
}

// TestContradictedWarning checks that the warning counts only the images that contradict a filter, and names only the
// filters that they contradict.
func TestContradictedWarning(t *testing.T) {
	t.Parallel()
	fs := slices.Concat(argumentFilters("chip_type", types.StringValue("GPU")),
		argumentFilters("framework", types.StringValue("PyTorch")))
	const torch = pai.LabelFrameworkPrefix + "PyTorch"
	gpu, cpu := labeled(pai.LabelChipType, "GPU", torch, "2.9"), labeled(pai.LabelChipType, "CPU", torch, "2.9")
	var diags diag.Diagnostics
	fs.addContradictedWarning(&diags, []pai.Image{gpu, cpu, {}, gpu}, "")
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "dropped 1 image ") ||
		!strings.Contains(diags[0].Detail(), "chip_type") || strings.Contains(diags[0].Detail(), "framework") {
		t.Errorf("got %v, want a warning about one image and chip_type", diags)
	}
}

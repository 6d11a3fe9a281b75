package images

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// unusualTexts have characters that HCL or regular expressions read in a special way.
var unusualTexts = []string{
	"", "a\"b\\", "${x}", "%{x}", "$${x}", "$$", "%", "$", "{", "\\${",
	"\a\b\x00\x7f", "\n\r\t", "ä\u00a0\ufffd", "\U0001F9EA\U000E0001",
}

// TestSuggestedFilters checks each filter that latest_version suggests for random variants: it must select the variant
// that the error promises.
func TestSuggestedFilters(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile(`(?m)^  (.*\S) +selects (\S+)$`)
	suggested := make(map[string]int) // by the names of the arguments
	for seed := range uint64(3000) {
		images, fs := randomVariants(rand.New(rand.NewPCG(seed, 1)))
		_, detail := selectLatest(images, fs)
		for _, match := range row.FindAllStringSubmatch(detail, -1) {
			all := slices.Clone(fs)
			arguments := parseHCL(t, match[1])
			for name, value := range arguments {
				added := argumentFilters(name, types.StringValue(value))
				checkValid(t, name, value)
				if fs.hasArgument(name) || added[0].label != "" && fs.hasLabel(added[0].label) {
					t.Errorf("seed %d: %s is already set", seed, name)
				}
				all = append(all, added...)
			}
			image, _ := selectLatest(images, all)
			if image == nil {
				t.Fatalf("seed %d: %s selects no image: %s", seed, match[1], detail)
			}
			parsed := selection.ParseImage(image, "")
			if got := parsed.Variant(); got != match[2] {
				t.Errorf("seed %d: %s selects %s, want %s: %s", seed, match[1], got, match[2], detail)
			}
			suggested[strings.Join(slices.Sorted(maps.Keys(arguments)), ", ")]++
		}
	}
	for _, arguments := range []string{
		"chip_type", "name_regex", "exclude_name_regex", "chip_type, name_regex", "chip_type, exclude_name_regex",
	} {
		if suggested[arguments] < 50 {
			t.Errorf("%s was suggested only %d times", arguments, suggested[arguments])
		}
	}
}

// randomVariants returns images of one repository, and filters. Words and labels are often equal.
func randomVariants(random *rand.Rand) ([]pai.Image, filters) {
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	var images []pai.Image
	for i := range 2 + random.IntN(7) {
		words := ""
		for range 1 + random.IntN(5) {
			words += pick("-", "-", "_", ".") + pick("gpu", "cpu", "py312", "py311", "cu130", "cu13", "a", "b", "9")
		}
		image := candidateImage("r/x:" + pick("2.9", "2.9", "2.9", "2.8") + words + pick("", "", "-e51bd870"))
		image.GmtCreateTime = new(time.Unix(random.Int64N(5), int64(i)).UTC().Format(time.RFC3339Nano))
		if random.IntN(8) == 0 {
			image.Name = new(pick(unusualTexts...) + words[random.IntN(2):] + pick(unusualTexts...))
		}
		for range random.IntN(3) {
			chip := pick("GPU", "GPU", "CPU", "PPU", pai.AnyValue, "a,b", pick(unusualTexts...))
			image.Labels = append(image.Labels, pai.Label{Key: new(pai.LabelChipType), Value: &chip})
		}
		images = append(images, image)
	}
	switch random.IntN(8) {
	case 0, 1:
		return images, argumentFilters("name_regex", types.StringValue("."))
	case 2:
		return images, argumentFilters("exclude_name_regex", types.StringValue("^z"))
	case 3:
		anyChip := map[string]attr.Value{pai.LabelChipType: types.StringValue(pai.AnyValue)}
		return images, argumentFilters("labels", types.MapValueMust(types.StringType, anyChip))
	}
	return images, nil
}

// argumentFilters is like filtersOf, but also sets the name of the argument.
func argumentFilters(argument string, value attr.Value) filters {
	fs := filtersOf(argument, value)
	for i := range fs {
		fs[i].argument = argument
	}
	return fs
}

// checkValid checks that a filter argument accepts the value.
func checkValid(t *testing.T, argument, value string) {
	t.Helper()
	i := slices.IndexFunc(filterArguments, func(a filterArgument) bool { return a.name == argument })
	for _, v := range filterArguments[i].attribute.(schema.StringAttribute).Validators {
		var resp validator.StringResponse
		v.ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringValue(value)}, &resp)
		if resp.Diagnostics.HasError() {
			t.Errorf("%s = %q: %v", argument, value, resp.Diagnostics)
		}
	}
}

// selectLatest returns the image that latest_version selects from the images that match the filters, or the detail of
// its error.
func selectLatest(images []pai.Image, fs filters) (image *pai.Image, detail string) {
	var diags diag.Diagnostics
	search := imageLookup{
		connection: &lookup.Connection{}, diags: &diags,
		imageConfig: imageConfig{filters: fs, latestVersion: types.BoolValue(true)},
	}
	if matching := fs.apply(images); len(matching) > 0 {
		image = search.selectFrom(matching)
	}
	if diags.HasError() {
		detail = diags.Errors()[0].Detail()
	}
	return image, detail
}

// parseHCL returns the values of arguments in HCL, which must be strings.
func parseHCL(t *testing.T, arguments string) map[string]string {
	t.Helper()
	expression, diags := hclsyntax.ParseExpression([]byte("{"+arguments+"}"), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", arguments, diags)
	}
	object, diags := expression.Value(nil)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", arguments, diags)
	}
	values := make(map[string]string)
	for name, value := range object.AsValueMap() {
		values[name] = value.AsString()
	}
	return values
}

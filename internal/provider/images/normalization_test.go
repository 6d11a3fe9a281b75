package images_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestWhitespaceAroundArguments checks that whitespace around a string argument has no effect, and that the state has
// every argument as it is written.
func TestWhitespaceAroundArguments(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	id, _ := providertest.SmallCatalogue()[1].ImageID.Get()
	official := values{
		"name": "pytorch:2.9.1-gpu", "query": "Image", "image_uri": "r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu",
		"framework": "PyTorch", "version": "= 2.9.1", "chip_type": "GPU", "supported_by": []any{"dlc"},
		"labels": map[string]any{"system.official": "true"}, "repository": "pai/pytorch", "name_regex": "gpu$",
		"exclude_name_regex": "^gpu", "accessibility": "PUBLIC", "region": "cn-shanghai",
		"timeouts": map[string]any{"read": "1m"},
	}
	sorted := maps.Clone(official)
	sorted["sort_by"], sorted["order"] = "image_version", "DESC"
	byID := maps.Clone(official)
	byID["image_id"] = id
	delete(byID, "query") // conflicts with image_id
	workspace := values{"workspace_id": "20455"}
	for dataSource, blocks := range map[string][]values{
		"pai_images": {sorted, workspace}, "pai_image": {official, byID, workspace},
	} {
		tf := newConfiguredTerraform(t, sandbox)
		tf.DataSource = dataSource
		for _, block := range blocks {
			written := padStrings(block).(values)
			want, got := tf.State(block), tf.State(written)
			for argument := range block {
				if !cmp.Equal(got[argument], written[argument]) {
					t.Errorf("%s: got %s = %q in state, want %q", dataSource, argument, got[argument], written[argument])
				}
				delete(want, argument)
				delete(got, argument)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: results with whitespace differ (-want +got):\n%s", dataSource, diff)
			}
			if images, ok := want["images"].([]any); ok && len(images) != 1 {
				t.Errorf("%v: got %d images, want 1", block, len(images))
			}
		}
		checkStringArguments(t, tf, dataSource, blocks)
	}
}

// checkStringArguments checks that the blocks have every argument of the data source that contains strings.
func checkStringArguments(t *testing.T, tf *terraform, dataSource string, blocks []values) {
	t.Helper()
	for _, attribute := range tf.Schemas.DataSourceSchemas[dataSource].Block.Attributes {
		isString := attribute.NestedType != nil || !attribute.Type.Is(tftypes.Number) && !attribute.Type.Is(tftypes.Bool)
		if attribute.Optional && isString && !slices.ContainsFunc(blocks, func(block values) bool {
			return block[attribute.Name] != nil
		}) {
			t.Errorf("%s: %s has no case", dataSource, attribute.Name)
		}
	}
}

// padStrings returns a copy of the value with whitespace around every string, including keys of labels.
func padStrings(value any) any {
	switch v := value.(type) {
	case string:
		return "\t" + v + " \u00a0\r\n"
	case []any:
		padded := make([]any, len(v))
		for i := range v {
			padded[i] = padStrings(v[i])
		}
		return padded
	case values:
		padded := make(values)
		for key := range v {
			padded[key] = padStrings(v[key])
		}
		return padded
	case map[string]any:
		padded := make(map[string]any)
		for key := range v {
			if key == "read" { // the name of an attribute
				padded[key] = padStrings(v[key])
			} else {
				padded[padStrings(key).(string)] = padStrings(v[key])
			}
		}
		return padded
	}
	return value
}

// TestUnicodeForms checks that names and labels match if they differ only in their Unicode form, and that requests are
// in form C, as Terraform writes all strings.
func TestUnicodeForms(t *testing.T) {
	t.Parallel()
	const composed, decomposed = "caf\u00e9", "cafe\u0301"
	for _, form := range []string{composed, decomposed} {
		sandbox := providertest.Start(t, paisandbox.Options{})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":1,"Images":[{"ImageId":"a","ImageUri":"x:1",
			"Name":"`+form+`","Labels":[{"Key":"`+form+`","Value":"`+form+`"}]}]}`)})
		tf := newConfiguredTerraform(t, sandbox)
		tf.DataSource = "pai_image"
		for _, block := range []values{
			{"name": composed},
			{"name": decomposed},
			{"name_regex": "^caf\u00e9$"},
			{"name_regex": "^....$"},
			{"exclude_name_regex": "e"},
			{"labels": map[string]any{composed: composed}},
			{"labels": map[string]any{decomposed: decomposed}},
		} {
			if got := tf.State(block)["image_id"]; got != "a" {
				t.Errorf("%q, %q: got %v, want a", form, block, got)
			}
		}
		for _, request := range sandbox.Requests() {
			if query := request.Query.Get("Name") + request.Query.Get("Labels"); !norm.NFC.IsNormalString(query) {
				t.Errorf("got the parameter %q, want it in form C", query)
			}
		}
	}
}

// TestWorkspaceInState checks that the state has the workspace of a filter if an image of the response has "".
func TestWorkspaceInState(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":3,"Images":[
		{"ImageId":"a","WorkspaceId":"","GmtCreateTime":"2026-01-05T03:04:05Z"},
		{"ImageId":"b","WorkspaceId":"7","GmtCreateTime":"2026-01-05T03:04:06Z"},
		{"ImageId":"c","GmtCreateTime":"2026-01-05T03:04:07Z"}]}`)})
	tf := newConfiguredTerraform(t, sandbox)
	for _, test := range []struct {
		block values
		want  []any
	}{{values{"workspace_id": "20455\n"}, []any{"20455", "7", nil}}, {values{}, []any{"", "7", nil}}} {
		var got []any
		for _, image := range tf.State(test.block)["images"].([]any) {
			got = append(got, image.(map[string]any)["workspace_id"])
		}
		if !cmp.Equal(got, test.want) {
			t.Errorf("%v: got %v, want %v", test.block, got, test.want)
		}
	}
}

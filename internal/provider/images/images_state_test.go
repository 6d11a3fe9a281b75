package images

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestDirectStateIsTheFrameworks lists images of every shape in both ways. Another server, other structs, the
// framework's own encoder: what is equal here is not equal by construction.
func TestDirectStateIsTheFrameworks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		images := rapid.SliceOfN(anyImage(), 0, 5).Draw(rt, "images")
		for i := range images { // state follows ids nowhere, so equal ones would only hide a mix-up
			if images[i].ImageID != nil {
				*images[i].ImageID += strings.Repeat("i", i)
			}
		}
		block := providertest.Values{}
		if rapid.Bool().Draw(rt, "with arguments") {
			block = providertest.Values{"verbose": rapid.Bool().Draw(rt, "verbose"), "name": "a",
				"labels": map[string]any{"k": "v"}}
		}
		direct := readState(t, "wirestate", images, block)
		for _, way := range []string{"structs", "values"} {
			differences, err := direct.Diff(readState(t, way, images, block))
			if err != nil || len(differences) > 0 {
				rt.Fatalf("%s: %d differences (%v): %v", way, len(differences), err, differences)
			}
		}
	})
}

// TestKeysThatTerraformTakesForOne: a letter with its accent may be one character or two. Terraform compares keys in
// one form, and would keep the value of either label; the last is meant.
func TestKeysThatTerraformTakesForOne(t *testing.T) {
	t.Parallel()
	composed, decomposed, first, last := "caf\u00e9", "cafe\u0301", "first", "last"
	image := pai.Image{Labels: []pai.Label{{Key: &composed, Value: &first}, {Key: &decomposed, Value: &last}}}
	for way, encoded := range map[string]tftypes.Value{
		"list":   readState(t, "wirestate", []pai.Image{image}, providertest.Values{}),
		"single": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, labelMapOf(t, &image)),
	} {
		if text := encoded.String(); !strings.Contains(text, composed+`":tftypes.String<"last">`) || strings.Contains(text,
			decomposed+`":`) {
			t.Errorf("%s: %s", way, text)
		}
	}
}

func labelMapOf(t *testing.T, image *pai.Image) map[string]tftypes.Value {
	t.Helper()
	value, err := labelMap(image).ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var labels map[string]tftypes.Value
	if err := value.As(&labels); err != nil {
		t.Fatal(err)
	}
	return labels
}

// readState reads the list in one of the ways, and decodes the state as Terraform does, with the schema's type.
func readState(t *testing.T, way string, images []pai.Image, block providertest.Values) tftypes.Value {
	t.Helper()
	tf := canned(t, way, images)
	if diagnostics := tf.Configure(providertest.Values{}); len(diagnostics) > 0 {
		t.Fatal(diagnostics[0].Summary, diagnostics[0].Detail)
	}
	read := tf.Read(t.Context(), block)
	if diff := cmp.Diff([]*tfprotov6.Diagnostic(nil), read.Diagnostics); diff != "" {
		t.Fatal(diff)
	}
	return tf.DecodeRaw(read)
}

// anyImage draws images with fields and labels that are missing, empty, huge, of any script, and more than once.
func anyImage() *rapid.Generator[pai.Image] {
	text := rapid.OneOf(
		rapid.Just(""), rapid.StringN(0, 40, -1), rapid.SampledFrom([]string{"é", "é", "日本語", "a\x00b", "\U0001F9EA",
			"null"}),
		rapid.Map(rapid.SampledFrom([]int{31, 32, 255, 256, 65535, 65536}), func(n int) string {
			return strings.Repeat("x",
				n)
		}),
	)
	field := rapid.OneOf(rapid.Just[*string](nil), rapid.Ptr(text, false))
	key := rapid.OneOf(rapid.Just[*string](nil), rapid.Ptr(rapid.SampledFrom([]string{"", "a", "b", "c"}), false),
		rapid.Ptr(text, false))
	label := rapid.Custom(func(t *rapid.T) pai.Label {
		return pai.Label{Key: key.Draw(t, "key"), Value: field.Draw(t, "value")}
	})
	labels := rapid.OneOf(rapid.Just[[]pai.Label](nil), rapid.SliceOfN(label, 0, 20))
	return rapid.Custom(func(t *rapid.T) pai.Image {
		draw := func(name string) *string { return field.Draw(t, name) }
		return pai.Image{
			ImageID: draw("id"), Name: draw("name"), Description: draw("description"), ImageURI: draw("uri"),
			Accessibility: draw("accessibility"), GmtCreateTime: draw("created"), GmtModifiedTime: draw("modified"),
			Labels: labels.Draw(t, "labels"), UserID: draw("user"), ParentUserID: draw("parent"), WorkspaceID: draw("workspace"),
			Size:       rapid.OneOf(rapid.Just[*int64](nil), rapid.Ptr(rapid.Int64(), false)).Draw(t, "size"),
			SourceType: draw("source type"), SourceID: draw("source id"),
		}
	})
}

package images

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestStateEqualsFramework checks that the state for random images equals the state that the framework alone writes.
func TestStateEqualsFramework(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		images := rapid.SliceOfN(anyImage(), 0, 5).Draw(rt, "images")
		for i := range images { // different IDs, so that the test detects a wrong order
			if images[i].ImageID != nil {
				*images[i].ImageID += strings.Repeat("i", i)
			}
		}
		block := providertest.Values{}
		if rapid.Bool().Draw(rt, "with arguments") {
			block = providertest.Values{
				"verbose": rapid.Bool().Draw(rt, "verbose"), "name": "a", "labels": map[string]any{},
				"supported_by": []any{},
			}
		}
		state := readState(t, "wirestate", images, block)
		for _, fill := range []string{"structs", "values"} {
			differences, err := state.Diff(readState(t, fill, images, block))
			if err != nil || len(differences) > 0 {
				rt.Fatalf("%s: %d differences (%v): %v", fill, len(differences), err, differences)
			}
		}
	})
}

// TestReadsKeepSharedImages checks that reads never change the images of a list, because other reads can share the
// list. The race detector also finds a read that writes to it.
func TestReadsKeepSharedImages(t *testing.T) {
	t.Parallel()
	newList := func() []pai.Image {
		images := numberedImages(t, 20)
		for i := range images {
			images[i].WorkspaceID = new("")
		}
		return images
	}
	images := newList()
	var reads sync.WaitGroup
	for fill, blocks := range map[string][]providertest.Values{
		"wirestate": {
			{"verbose": false},
			{"workspace_id": "1"},
			{"sort_by": "image_version", "order": "DESC"},
			{"order": "DESC"},
			{"official": false, "name_regex": "a"},
		},
		"image": {
			{"workspace_id": "1", "most_recent": true},
			{"workspace_id": "1", "latest_version": true},
			{"image_id": "a"},
			{"workspace_id": "1", "name": "no image has this name"},
		},
	} {
		for _, block := range blocks {
			tf := newFakeTerraform(t, fill, images)
			if fill == "image" {
				tf.DataSource = "pai_image"
			}
			providertest.WantNone(t, tf.Configure(providertest.Values{}))
			for range 3 {
				reads.Go(func() { tf.Read(t.Context(), block) })
			}
		}
	}
	reads.Wait()
	if diff := cmp.Diff(newList(), images); diff != "" {
		t.Errorf("reads changed the images (-want +got):\n%s", diff)
	}
}

// TestNormalizedKeys checks label_map if Terraform normalizes the keys of two labels to the same key. It must have the
// value of the last label.
func TestNormalizedKeys(t *testing.T) {
	t.Parallel()
	composed, decomposed, first, last := "caf\u00e9", "cafe\u0301", "first", "last"
	image := pai.Image{Labels: []pai.Label{{Key: &composed, Value: &first}, {Key: &decomposed, Value: &last}}}
	for name, encoded := range map[string]tftypes.Value{
		"pai_images": readState(t, "wirestate", []pai.Image{image}, providertest.Values{}),
		"pai_image":  tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, labelMapOf(t, &image)),
	} {
		text := encoded.String()
		if !strings.Contains(text, composed+`":tftypes.String<"last">`) || strings.Contains(text, decomposed+`":`) {
			t.Errorf("%s: got %s, want one label with the value last", name, text)
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

// readState reads pai_images and returns the decoded state. fill is the key of an implementation in dataSources.
func readState(t *testing.T, fill string, images []pai.Image, block providertest.Values) tftypes.Value {
	t.Helper()
	tf := newFakeTerraform(t, fill, images)
	providertest.WantNone(t, tf.Configure(providertest.Values{}))
	read := tf.Read(t.Context(), block)
	for _, d := range read.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError { // there are warnings about creation times
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return tf.DecodeRaw(read)
}

// anyImage generates images with missing, empty, very long and non-ASCII fields, and with repeated labels.
func anyImage() *rapid.Generator[pai.Image] {
	text := rapid.OneOf(
		rapid.Just(""), rapid.StringN(0, 40, -1),
		rapid.SampledFrom([]string{"é", "e\u0301", "日本語", "a\x00b", "\U0001F9EA", "null"}),
		rapid.Map(rapid.SampledFrom([]int{31, 32, 255, 256, 65535, 65536}),
			func(n int) string { return strings.Repeat("x", n) }),
	)
	field := rapid.OneOf(rapid.Just[*string](nil), rapid.Ptr(text, false))
	uris := rapid.SampledFrom([]string{"r/x:2.9-gpu", "r/x:26.07rc1", "r/x:gpu", "r/x"})
	uri := rapid.OneOf(field, rapid.Ptr(uris, false))
	key := rapid.OneOf(
		rapid.Just[*string](nil), rapid.Ptr(rapid.SampledFrom([]string{"", "a", "b", "c"}), false), rapid.Ptr(text, false),
	)
	label := rapid.Custom(func(t *rapid.T) pai.Label {
		return pai.Label{Key: key.Draw(t, "key"), Value: field.Draw(t, "value")}
	})
	labels := rapid.OneOf(rapid.Just[[]pai.Label](nil), rapid.SliceOfN(label, 0, 20))
	return rapid.Custom(func(t *rapid.T) pai.Image {
		draw := func(name string) *string { return field.Draw(t, name) }
		return pai.Image{
			ImageID: draw("id"), Name: draw("name"), Description: draw("description"), ImageURI: uri.Draw(t, "uri"),
			Accessibility: draw("accessibility"), GmtCreateTime: draw("created"), GmtModifiedTime: draw("modified"),
			Labels: labels.Draw(t, "labels"), UserID: draw("user"), ParentUserID: draw("parent"), WorkspaceID: draw("workspace"),
			Size:       rapid.OneOf(rapid.Just[*int64](nil), rapid.Ptr(rapid.Int64(), false)).Draw(t, "size"),
			SourceType: draw("source type"), SourceID: draw("source id"),
		}
	})
}

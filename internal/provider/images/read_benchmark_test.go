package images

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// BenchmarkReadDataSource measures the read of images from memory with the whole server, for each implementation in
// dataSources.
func BenchmarkReadDataSource(b *testing.B) {
	for _, fill := range []string{"wirestate", "values", "structs"} {
		for _, count := range []int{100, 1_000, 10_000} {
			b.Run(fmt.Sprintf("fill=%s/images=%d", fill, count), func(b *testing.B) {
				tf := newFakeTerraform(b, fill, numberedImages(b, count))
				if diagnostics := tf.Configure(providertest.Values{}); len(diagnostics) > 0 {
					b.Fatal(diagnostics[0].Detail)
				}
				request := &tfprotov6.ReadDataSourceRequest{
					TypeName: tf.DataSource, Config: tf.Encode(tf.Schemas.DataSourceSchemas[tf.DataSource], providertest.Values{}),
				}
				b.ReportAllocs()
				var read *tfprotov6.ReadDataSourceResponse
				for b.Loop() {
					var err error
					read, err = tf.Server.ReadDataSource(b.Context(), request)
					if err != nil || len(read.Diagnostics) > 0 {
						b.Fatal(err, read)
					}
				}
				if err := checkRead(tf, read, count); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

// checkRead returns an error if the state of a read doesn't have the given number of images, each with 12 labels.
func checkRead(tf *providertest.Terraform, read *tfprotov6.ReadDataSourceResponse, count int) error {
	var state map[string]tftypes.Value
	tf.Must(tf.DecodeRaw(read).As(&state))
	var images []tftypes.Value
	tf.Must(state["images"].As(&images))
	if len(images) != count {
		return fmt.Errorf("the state has %d images, want %d", len(images), count)
	}
	for _, image := range images {
		var attributes map[string]tftypes.Value
		tf.Must(image.As(&attributes))
		var labels map[string]tftypes.Value
		tf.Must(attributes["label_map"].As(&labels))
		if len(labels) != 12 {
			return fmt.Errorf("an image has %d labels, want 12", len(labels))
		}
	}
	return nil
}

// TestCheckRead checks that checkRead refuses reads that would make BenchmarkReadDataSource too fast.
func TestCheckRead(t *testing.T) {
	t.Parallel()
	for fill := range dataSources {
		if fill == "image" {
			continue
		}
		for name, test := range map[string]struct {
			images int
			block  providertest.Values
			refuse bool
		}{
			"all":            {3, providertest.Values{}, false},
			"too few images": {2, providertest.Values{}, true},
			"no labels":      {3, providertest.Values{"verbose": false}, true},
		} {
			tf := newFakeTerraform(t, fill, numberedImages(t, test.images))
			providertest.WantNone(t, tf.Configure(providertest.Values{}))
			if err := checkRead(tf, tf.Read(t.Context(), test.block), 3); (err != nil) != test.refuse {
				t.Errorf("%s, %s: got error %v, want one: %t", fill, name, err, test.refuse)
			}
		}
	}
}

// BenchmarkEncode measures the MessagePack encoding of 1,000 images.
func BenchmarkEncode(b *testing.B) {
	images := numberedImages(b, 1_000)
	parsed := make([]selection.ParsedImage, len(images))
	for i := range images {
		parsed[i] = selection.ParseImage(&images[i], "")
	}
	list := wirestate.ListEncoder(parsed, imageEncoder(false))
	var buffer bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buffer.Reset()
		if err := list(msgpack.NewEncoder(&buffer)); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(buffer.Len()))
}

// numberedImages returns images of the sandbox, each with 12 labels.
func numberedImages(tb testing.TB, count int) []pai.Image {
	tb.Helper()
	text, err := json.Marshal(paisandbox.Numbered(count))
	if err != nil {
		tb.Fatal(err)
	}
	var images []pai.Image
	if err := json.Unmarshal(text, &images); err != nil {
		tb.Fatal(err)
	}
	for i := range images {
		for more := len(images[i].Labels); more < 12; more++ {
			key, value := fmt.Sprintf("system.label.%d", more), fmt.Sprintf("value %d of %d", more, i%10)
			images[i].Labels = append(images[i].Labels, pai.Label{Key: &key, Value: &value})
		}
	}
	return images
}

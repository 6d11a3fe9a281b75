package images

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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
				for b.Loop() {
					read, err := tf.Server.ReadDataSource(b.Context(), request)
					if err != nil || len(read.Diagnostics) > 0 {
						b.Fatal(err, read)
					}
				}
			})
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

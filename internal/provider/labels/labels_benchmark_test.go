package labels_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// BenchmarkReadLabels measures the read of labels with the whole server, including the request to the sandbox. The
// metric label-sec is the time for each label.
func BenchmarkReadLabels(b *testing.B) {
	for _, count := range []int{5_000, 20_000} {
		b.Run(fmt.Sprintf("labels=%d", count), func(b *testing.B) {
			labels := make([]string, count)
			for i := range labels {
				labels[i] = fmt.Sprintf(`{"Key":"system.label.%d","Value":"value %d"}`, i/10, i)
			}
			sandbox, err := paisandbox.Start(b.Context(), paisandbox.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = sandbox.Close() })
			sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
				fmt.Sprintf(`{"TotalCount":%d,"Labels":[%s]}`, count, strings.Join(labels, ",")))})
			tf := providertest.New(b, provider.NewServer("1.2.3", "0a1b2c3")())
			tf.DataSource = "pai_image_labels"
			if diagnostics := tf.Configure(providertest.SignedIn(sandbox)); len(diagnostics) > 0 {
				b.Fatal(diagnostics[0].Detail)
			}
			if list := tf.State(values{})["label_list"].([]any); len(list) != count {
				b.Fatalf("got %d labels, want %d", len(list), count)
			}
			request := &tfprotov6.ReadDataSourceRequest{
				TypeName: tf.DataSource, Config: tf.Encode(tf.Schemas.DataSourceSchemas[tf.DataSource], values{}),
			}
			b.ReportAllocs()
			for b.Loop() {
				read, err := tf.Server.ReadDataSource(b.Context(), request)
				if err != nil || len(read.Diagnostics) > 0 {
					b.Fatal(err, read)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/float64(count), "label-sec")
		})
	}
}

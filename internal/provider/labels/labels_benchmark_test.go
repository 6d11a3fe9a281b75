package labels_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// BenchmarkReadLabels measures the read of labels with the whole server, including the request to the sandbox. The
// metric label-sec is the time for each label.
func BenchmarkReadLabels(b *testing.B) {
	for _, count := range []int{5_000, 20_000} {
		b.Run(fmt.Sprintf("labels=%d", count), func(b *testing.B) {
			tf := newBenchmarkTerraform(b, count)
			request := &tfprotov6.ReadDataSourceRequest{
				TypeName: tf.DataSource, Config: tf.Encode(tf.Schemas.DataSourceSchemas[tf.DataSource], values{}),
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
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/float64(count), "label-sec")
		})
	}
}

// newBenchmarkTerraform returns a Terraform that reads the given number of labels.
func newBenchmarkTerraform(tb testing.TB, count int) *providertest.Terraform {
	tb.Helper()
	labels := make([]string, count)
	for i := range labels {
		labels[i] = fmt.Sprintf(`{"Key":"system.label.%d","Value":"value %d"}`, i/10, i)
	}
	sandbox, err := paisandbox.Start(context.Background(), paisandbox.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sandbox.Close() })
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200,
		fmt.Sprintf(`{"TotalCount":%d,"Labels":[%s]}`, count, strings.Join(labels, ",")))})
	return newTerraform(tb, sandbox)
}

// checkRead returns an error if the state of a read has another number of labels.
func checkRead(tf *providertest.Terraform, read *tfprotov6.ReadDataSourceResponse, count int) error {
	if got := len(tf.Decode(read)["label_list"].([]any)); got != count {
		return fmt.Errorf("the state has %d labels, want %d", got, count)
	}
	return nil
}

// TestCheckRead checks that checkRead refuses a read that lacks a label.
func TestCheckRead(t *testing.T) {
	t.Parallel()
	tf := newBenchmarkTerraform(t, 3)
	read := tf.Read(t.Context(), values{})
	if err := checkRead(tf, read, 3); err != nil {
		t.Error(err)
	}
	if err := checkRead(tf, read, 4); err == nil {
		t.Error("a read without the fourth label was accepted")
	}
}

package lookup

import (
	"context"
	"fmt"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const benchmarkImages = 99 // on one page

// BenchmarkSharedClient lists the images of one page, one list after the other, so no other read shares them. It
// compares the client that shares lists with the client behind it.
func BenchmarkSharedClient(b *testing.B) {
	plain, shared := startClients(b)
	for _, bb := range []struct {
		name   string
		client Client
		reads  int
	}{{"plain", plain, 0}, {"shared", shared, 1}} {
		b.Run("client="+bb.name, func(b *testing.B) {
			for b.Loop() {
				if err := listOnce(b.Context(), bb.client, bb.reads); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestListOnce checks that listOnce refuses the result of the other client, and a list without images.
func TestListOnce(t *testing.T) {
	t.Parallel()
	plain, shared := startClients(t)
	for _, test := range []struct {
		name   string
		client Client
		reads  int
		refuse bool
	}{
		{"plain", plain, 0, false},
		{"shared", shared, 1, false},
		{"shared instead of plain", shared, 0, true},
		{"plain instead of shared", plain, 1, true},
		{"no images", new(slowClient), 0, true},
	} {
		if err := listOnce(t.Context(), test.client, test.reads); (err != nil) != test.refuse {
			t.Errorf("%s: got error %v, want one: %t", test.name, err, test.refuse)
		}
	}
}

func startClients(tb testing.TB) (plain, shared Client) {
	tb.Helper()
	options := paisandbox.Options{Catalogue: paisandbox.Numbered(benchmarkImages)}
	sandbox, err := paisandbox.Start(context.Background(), options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sandbox.Close() })
	return newClients(tb, sandbox)
}

// listOnce lists all images. It returns an error if the list lacks images, or if it was shared by another number of
// reads than the given one. The number is 0 for a client that doesn't share lists.
func listOnce(ctx context.Context, client Client, reads int) error {
	read := &Read{limit: time.Minute}
	ctx = read.begin(ctx)
	defer read.cancel()
	list, err := client.ListImages(ctx, paiclient.ListImagesInput{Verbose: true})
	if err != nil {
		return err
	}
	if got := len(list.Images); got != benchmarkImages {
		return fmt.Errorf("listed %d images, want %d", got, benchmarkImages)
	}
	if got := read.sharingReads(); got != reads {
		return fmt.Errorf("%d reads shared the list, want %d", got, reads)
	}
	return nil
}

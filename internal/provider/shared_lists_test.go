package provider

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestLargeListsWithoutMatch checks reads that share several large lists. A read keeps the memory of its first list
// while it waits for a list that another read requests, so none may wait for that memory until its time limit.
func TestLargeListsWithoutMatch(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(3000)})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	tf.DataSource = "pai_image"
	var reads sync.WaitGroup
	for i := range 4 {
		reads.Go(func() {
			diagnostics := tf.Read(t.Context(), values{
				"official": true, "chip_type": "GPU", "name_regex": fmt.Sprint("none", i),
				"timeouts": map[string]any{"read": "1m"},
			}).Diagnostics
			if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Detail, "3000 images") ||
				strings.Contains(diagnostics[0].Detail, "timed out") {
				t.Errorf("got %v, want one error about 3000 images", diagnostics)
			}
		})
	}
	reads.Wait()
}

// TestReadsWithoutMatchShareLists checks that the lists for the error of reads without a match are also shared. Each
// read needs three lists: with both filters that the API evaluates, and without each of them.
func TestReadsWithoutMatchShareLists(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()}) // one page
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	tf.DataSource = "pai_image"
	const count, lists = 30, 3
	var reads sync.WaitGroup
	for i := range count {
		reads.Go(func() {
			block := values{"official": true, "chip_type": "GPU", "name_regex": fmt.Sprint("none", i)}
			providertest.WantError(t, tf.Read(t.Context(), block).Diagnostics, "name_regex", "No image matches")
		})
	}
	reads.Wait()
	// Without sharing of the two further lists, the reads would send more than 2 × 30 requests.
	if got := len(sandbox.Requests()); got < lists || got > count {
		t.Errorf("%d requests, want %d to %d", got, lists, count)
	}
}

// TestEmptyListsShareLabels checks that reads of pai_images without a match share the list of labels for their
// warnings.
func TestEmptyListsShareLabels(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	const count = 30
	var reads sync.WaitGroup
	for i := range count {
		reads.Go(func() {
			block := values{"chip_type": fmt.Sprint("GPU", i)} // another list of images for each read
			providertest.WantWarning(t, tf.Read(t.Context(), block).Diagnostics, "chip_type", "Filter matches no image", `"GPU"`)
		})
	}
	reads.Wait()
	if got := len(sandbox.Requests()) - count; got < 1 || got > count/2 {
		t.Errorf("%d requests for labels, want 1 to %d", got, count/2)
	}
}

package acctest

import (
	"strconv"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

const incompleteList = "The list may not be complete"

// TestWrongCount checks lookups if the total count in every response is wrong. Both data sources must read all pages,
// and add a warning with the count and the number of images (design rule 1).
func TestWrongCount(t *testing.T) {
	t.Parallel()
	const images = 120
	for name, test := range map[string]struct {
		effect paisandbox.Effect
		count  string // count that the warning contains
		limit  int    // largest page; 0 for the default
	}{
		"too large":    {paisandbox.TotalCount(images + 1), "121", 0},
		"too small":    {paisandbox.TotalCount(101), "101", 0},
		"of one page":  {paisandbox.TotalCount(100), "100", 0},
		"of each page": {paisandbox.CountPage(), "at most 50", 50},
		"zero":         {paisandbox.TotalCount(0), "0 images", 0},
		"negative":     {paisandbox.TotalCount(-7), "-7", 0},
		"out of range": {paisandbox.TotalCount(1 << 60), strconv.Itoa(1 << 60), 0},
		"null":         {paisandbox.SetMember(nil, "TotalCount"), "no count", 0},
		"omitted":      {paisandbox.OmitMember("TotalCount"), "no count", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(images), MaxPageSize: test.limit})
			sandbox.AddFault(paisandbox.Fault{Do: test.effect})
			tf := newTerraform(t)
			providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
			for dataSource, block := range map[string]values{
				"pai_images": {}, "pai_image": {"official": true, "most_recent": true},
			} {
				tf.DataSource = dataSource
				read := tf.Read(t.Context(), block)
				providertest.WantWarning(t, read.Diagnostics, "", incompleteList, test.count, "120")
				state := tf.Decode(read)
				if ids, ok := state["ids"].([]any); dataSource == "pai_images" && (!ok || len(ids) != images) {
					t.Errorf("%d images, want %d", len(ids), images)
				}
				if got := state["matched_count"]; dataSource == "pai_image" && got != int64(images) {
					t.Errorf("matched_count = %v, want %d", got, images)
				}
			}
		})
	}
}

// TestAccWrongCount checks that a plan with the CLI succeeds and shows the warning.
func TestAccWrongCount(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(120)})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.TotalCount(130)})
	output := newWorkingDir(t, sandbox, `
data "pai_images" "all" {}

output "found" {
  value = length(data.pai_images.all.ids)
}
`).run("plan", "-no-color", "-input=false")
	wantOutput(t, output, "+ found = 120", "Warning: "+incompleteList, "130", "120")
}

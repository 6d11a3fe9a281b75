package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestWrongCountsAreNoEnd: however wrong the API's count is, and for good, both data sources are read in full, with a warning that
// says both numbers.
func TestWrongCountsAreNoEnd(t *testing.T) {
	t.Parallel()
	const images = 120
	for name, test := range map[string]struct {
		do   paisandbox.Effect
		says string
	}{
		"too many":         {paisandbox.TotalCount(images + 1), "The API counts 121 images, and 120 were listed."},
		"too few":          {paisandbox.TotalCount(101), "The API counts 101 images, and 120 were listed."},
		"that of a page":   {paisandbox.TotalCount(100), "The API counts 100 images, and 120 were listed."},
		"none at all":      {paisandbox.TotalCount(0), "The API counts 0 images, and 120 were listed."},
		"less than none":   {paisandbox.TotalCount(-7), "The API counts -7 images, and 120 were listed."},
		"beyond all sense": {paisandbox.TotalCount(1 << 60), fmt.Sprintf("The API counts %d images, and 120 were listed.", 1<<60)},
		"null":             {paisandbox.SetMember(nil, "TotalCount"), "The API gives no count, and 120 were listed."},
		"left out":         {paisandbox.OmitMember("TotalCount"), "The API gives no count, and 120 were listed."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(images)})
			sandbox.AddFault(paisandbox.Fault{Do: test.do})
			tf := reading(t, sandbox)
			for lookup, block := range map[string]values{"pai_images": {}, "pai_image": {"official": true, "most_recent": true}} {
				tf.DataSource = lookup
				read := tf.Read(t.Context(), block)
				warning := providertest.Only(t, read.Diagnostics)
				if warning.Severity != tfprotov6.DiagnosticSeverityWarning || !strings.Contains(warning.Detail, test.says) {
					t.Errorf("%s: %s: %s", lookup, warning.Summary, warning.Detail)
				}
				got := tf.Decode(read)
				if ids, _ := got["ids"].([]any); lookup == "pai_images" && len(ids) != images {
					t.Errorf("%d images", len(ids))
				}
				if lookup == "pai_image" && got["matched_count"] != int64(images) {
					t.Errorf("%v matched", got["matched_count"])
				}
			}
		})
	}
}

// TestAccWrongCountStillPlans through the real CLI: the plan is there, and the warning is the user's to read.
func TestAccWrongCountStillPlans(t *testing.T) {
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
	wantOutput(t, output, "+ found = 120", "Warning: The list may not be complete", "The API counts 130 images, and 120 were listed.")
}

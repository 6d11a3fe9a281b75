package images

import (
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// logFields returns the fields of the log line about a result. list is nil if no images were listed, and selected is
// nil if no image was selected.
func logFields(list *paiclient.ImageList, matched int, selected *pai.Image) map[string]any {
	fields := map[string]any{"images": matched}
	if list != nil {
		fields["listed"], fields["pages"], fields["passes"] = len(list.Images), list.Pages, list.Passes
	}
	if selected != nil {
		fields["selected"] = describeImage(selected)
	}
	return fields
}

// logArguments returns the arguments that are set in HCL, on one line.
func logArguments(fs filters, others lookup.RequestArguments) string {
	return strings.Trim(fs.hcl()+", "+others.HCL(), ", ")
}

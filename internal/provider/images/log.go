package images

import (
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
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

// hcl returns the arguments in HCL, on one line.
func (c *imageConfig) hcl() string {
	var arguments []string
	if lookup.IsSet(c.imageID) {
		arguments = append(arguments, "image_id = "+hcltext.Quote(c.imageID.ValueString()))
	}
	if len(c.filters) > 0 {
		arguments = append(arguments, c.filters.hcl())
	}
	if c.mostRecent.ValueBool() {
		arguments = append(arguments, "most_recent = true")
	}
	if c.latestVersion.ValueBool() {
		arguments = append(arguments, "latest_version = true")
	}
	return strings.Join(arguments, ", ")
}

package images

import (
	"context"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// logEntry is the log line for one read of a data source.
type logEntry struct {
	lookup.ReadLog
	list     *paiclient.ImageList // nil if no images were listed
	images   int                  // number of matching images
	selected *pai.Image           // nil if no image was selected
}

func (e *logEntry) write(ctx context.Context) {
	e.Results = map[string]any{"images": e.images}
	if e.list != nil {
		e.Results["listed"], e.Results["pages"], e.Results["passes"] = len(e.list.Images), e.list.Pages, e.list.Passes
	}
	if e.selected != nil {
		e.Results["selected"] = describeImage(e.selected)
	}
	e.Write(ctx)
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

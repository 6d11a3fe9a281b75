package images

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// logEntry is the log line for one read of a data source, at level INFO.
type logEntry struct {
	dataSource string
	region     types.String // null if unknown
	start      time.Time
	arguments  string               // arguments in HCL
	list       *paiclient.ImageList // nil if no images were listed
	images     int                  // number of matching images
	selected   *pai.Image           // nil if no image was selected
	failed     bool
}

func (e logEntry) write(ctx context.Context) {
	fields := map[string]any{
		"data_source": e.dataSource,
		"arguments":   e.arguments,
		"images":      e.images,
		"duration_ms": time.Since(e.start).Milliseconds(),
	}
	if !e.region.IsNull() {
		fields["region"] = e.region.ValueString()
	}
	if e.list != nil {
		fields["listed"], fields["pages"], fields["passes"] = len(e.list.Images), e.list.Pages, e.list.Passes
	}
	if e.selected != nil {
		fields["selected"] = describeImage(e.selected)
	}
	message := "Read data source"
	if e.failed {
		message = "Failed to read data source"
	}
	tflog.Info(ctx, message, fields)
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

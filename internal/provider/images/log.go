package images

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// lookupLog is the line of one lookup, at INFO.
type lookupLog struct {
	dataSource string
	begun      time.Time
	asked      string
	listing    *paiclient.ImageList // nil where nothing was listed
	images     int                  // that met what was asked for
	chosen     *pai.Image           // nil where none was to be chosen, or could be
	failed     bool
}

func (l lookupLog) write(ctx context.Context) {
	fields := map[string]any{
		"data_source": l.dataSource,
		"asked":       l.asked,
		"images":      l.images,
		"duration_ms": time.Since(l.begun).Milliseconds(),
	}
	if l.listing != nil {
		fields["listed"], fields["pages"], fields["passes"] = len(l.listing.Images), l.listing.Pages, l.listing.Passes
	}
	if l.chosen != nil {
		fields["chosen"] = named(l.chosen)
	}
	said := "Looked images up"
	if l.failed {
		said = "A lookup failed"
	}
	tflog.Info(ctx, said, fields)
}

// askedLine is what was asked for in one line, as it could be written in HCL.
func askedLine(conditions []condition) string {
	texts := make([]string, len(conditions))
	for i, condition := range conditions {
		texts[i] = condition.text
	}
	return strings.Join(texts, ", ")
}

// askedLine has the id and the choice, too.
func (m *imageModel) askedLine(conditions []condition) string {
	var asked []string
	if lookup.IsSet(m.ImageID) {
		asked = append(asked, fmt.Sprintf("image_id = %q", m.ImageID.ValueString()))
	}
	if len(conditions) > 0 {
		asked = append(asked, askedLine(conditions))
	}
	if m.MostRecent.ValueBool() {
		asked = append(asked, "most_recent = true")
	}
	if m.LatestVersion.ValueBool() {
		asked = append(asked, "latest_version = true")
	}
	return strings.Join(asked, ", ")
}

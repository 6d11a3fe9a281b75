package lookup

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// ReadLog is the log line for one read of a data source, at level INFO.
type ReadLog struct {
	DataSource string
	Region     types.String // null if unknown
	Start      time.Time
	Arguments  string         // arguments in HCL
	Results    map[string]any // fields about the result
	Failed     bool
}

// Write writes the line.
func (l *ReadLog) Write(ctx context.Context) {
	fields := map[string]any{
		"data_source": l.DataSource,
		"arguments":   l.Arguments,
		"duration_ms": time.Since(l.Start).Milliseconds(),
	}
	maps.Copy(fields, l.Results)
	if !l.Region.IsNull() {
		fields["region"] = l.Region.ValueString()
	}
	if reads := readFrom(ctx).sharingReads(); reads > 1 {
		fields["shared"], fields["shared_with"] = true, reads-1 // the number of other reads
	}
	message := "Read data source"
	if l.Failed {
		message = "Failed to read data source"
	}
	tflog.Info(ctx, message, fields)
}

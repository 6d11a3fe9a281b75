package lookup

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Read is one read of a data source.
type Read struct {
	*Connection

	// LogFields are the fields of the log line that describe the result.
	LogFields map[string]any

	dataSource string
	arguments  string // in HCL
	start      time.Time
	limit      time.Duration
	cancel     context.CancelFunc
	diags      *diag.Diagnostics

	mu    sync.Mutex
	reads int // largest number of reads that shared a call of this read, including this read
}

// StartRead starts a read. It connects to the region of the data source, and returns the context with the time limit of
// the data source. It returns nil if there is an error, or if the read is deferred because an argument of the provider
// is unknown. arguments are in HCL, for the log. The caller must call End with the context.
func (c *Configured) StartRead(
	ctx context.Context, dataSource, arguments string, req datasource.ReadRequest, resp *datasource.ReadResponse,
) (context.Context, *Read) {
	connection := c.connect(ctx, req, resp)
	if connection == nil {
		return ctx, nil
	}
	limits := Argument[timeouts.Value](ctx, req.Config, "timeouts", &resp.Diagnostics)
	limit, diags := limits.Read(ctx, DefaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return ctx, nil
	}
	r := &Read{
		Connection: connection, LogFields: make(map[string]any), dataSource: dataSource, arguments: arguments, limit: limit,
		diags: &resp.Diagnostics,
	}
	return r.begin(ctx), r
}

type readKey struct{}

// begin returns a context with the time limit. With this context, LogAttempt can log requests, and reads with the same
// limit can share requests.
func (r *Read) begin(ctx context.Context) context.Context {
	r.start = time.Now()
	ctx = context.WithValue(ctx, readKey{}, r)
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelVariable), tflog.WithoutLocation())
	ctx, r.cancel = context.WithTimeout(ctx, r.limit)
	return ctx
}

// End ends the time limit and writes a log line at level INFO.
func (r *Read) End(ctx context.Context) {
	r.cancel()
	fields := map[string]any{
		"data_source": r.dataSource,
		"arguments":   r.arguments,
		"duration_ms": time.Since(r.start).Milliseconds(),
	}
	maps.Copy(fields, r.LogFields)
	if !r.Region.IsNull() {
		fields["region"] = r.Region.ValueString()
	}
	if reads := r.sharingReads(); reads > 1 {
		fields["shared"], fields["shared_with"] = true, reads-1 // the number of other reads
	}
	message := "Read data source"
	if r.diags.HasError() {
		message = "Failed to read data source"
	}
	tflog.Info(ctx, message, fields)
}

// readFrom returns the read to which the context belongs. For another context, it returns a new one.
func readFrom(ctx context.Context) *Read {
	if r, ok := ctx.Value(readKey{}).(*Read); ok {
		return r
	}
	return new(Read)
}

// recordReads records how many reads share a call.
func (r *Read) recordReads(reads int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads = max(r.reads, reads)
}

// sharingReads returns the largest number of reads that shared a call of this read, including this read.
func (r *Read) sharingReads() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

package provider

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// clientLog is the subsystem of the log that has a line for each request. It has a level of its own: the environment variable
// TF_LOG_PROVIDER_PAI_CLIENT.
const clientLog = "client"

func withClientLog(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, clientLog, tflog.WithLevelFromEnv("TF_LOG_PROVIDER", typeName, clientLog), tflog.WithoutLocation())
}

// logAttempt writes the line of one request, at DEBUG.
func logAttempt(ctx context.Context, attempt paiclient.Attempt) {
	fields := map[string]any{
		"action":      attempt.Action,
		"host":        attempt.Host,
		"path":        attempt.Path,
		"parameters":  parameters(attempt.Parameters),
		"attempt":     attempt.Number,
		"duration_ms": attempt.Took.Milliseconds(),
	}
	if page := attempt.Parameters.Get("PageNumber"); page != "" {
		fields["page"] = page
	}
	if attempt.Status > 0 {
		fields["status"] = attempt.Status
	}
	if attempt.Code != "" {
		fields["code"] = attempt.Code
	}
	if attempt.RequestID != "" {
		fields["request_id"] = attempt.RequestID
	}
	said := "Request answered"
	if attempt.Err != nil {
		said, fields["error"] = "Request failed", attempt.Err.Error()
	}
	tflog.SubsystemDebug(ctx, clientLog, said, fields)
}

// parameters are those of a request in a form that reads, `Labels=system.official=true PageNumber=1`.
func parameters(query url.Values) string {
	text, err := url.QueryUnescape(strings.ReplaceAll(query.Encode(), "&", " "))
	if err != nil {
		return query.Encode()
	}
	return text
}

// lookupLog is the line of one lookup, at INFO.
type lookupLog struct {
	dataSource string
	begun      time.Time
	asked      string
	listing    *paiclient.Listing // nil where nothing was listed
	images     int                // that met what was asked for
	chosen     *pai.Image         // nil where none was to be chosen, or could be
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
	if isSet(m.ImageID) {
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

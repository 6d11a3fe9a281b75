package lookup

import (
	"context"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// requestLog is the subsystem of the log that has a line for each request. It has a level of its own: the environment variable
// TF_LOG_PROVIDER_PAI_CLIENT.
const requestLog = "client"

// WithRequestLog returns a context with the log of requests.
func WithRequestLog(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, requestLog, tflog.WithLevelFromEnv("TF_LOG_PROVIDER", "pai", requestLog), tflog.WithoutLocation())
}

// LogAttempt writes the line of one request, at DEBUG.
func LogAttempt(ctx context.Context, attempt paiclient.Attempt) {
	fields := map[string]any{
		"action":      attempt.Action,
		"host":        attempt.Host,
		"path":        attempt.Path,
		"parameters":  parameters(attempt.Parameters),
		"attempt":     attempt.Number,
		"duration_ms": attempt.Duration.Milliseconds(),
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
	tflog.SubsystemDebug(ctx, requestLog, said, fields)
}

// parameters are those of a request in a form that reads, `Labels=system.official=true PageNumber=1`.
func parameters(query url.Values) string {
	text, err := url.QueryUnescape(strings.ReplaceAll(query.Encode(), "&", " "))
	if err != nil {
		return query.Encode()
	}
	return text
}

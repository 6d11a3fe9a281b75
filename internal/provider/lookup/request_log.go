package lookup

import (
	"context"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// logSubsystem is the subsystem of the log for attempts of requests. The environment variable logLevelVariable sets its
// level.
const (
	logSubsystem     = "client"
	logLevelVariable = "TF_LOG_PROVIDER_PAI_CLIENT"
)

// LogAttempt logs one attempt of a request at level DEBUG. It logs each ignored value of the response at level WARN.
func LogAttempt(ctx context.Context, attempt paiclient.Attempt) {
	fields := map[string]any{
		"action":      attempt.Action,
		"host":        attempt.Host,
		"path":        attempt.Path,
		"parameters":  formatParameters(attempt.Parameters),
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
	message := "Request succeeded"
	if attempt.Err != nil {
		message, fields["error"] = "Request failed", attempt.Err.Error()
	}
	tflog.SubsystemDebug(ctx, logSubsystem, message, fields)
	for _, ignored := range attempt.Ignored {
		tflog.SubsystemWarn(ctx, logSubsystem, "Ignored a value that does not have the type of its field", map[string]any{
			"action":     attempt.Action,
			"request_id": attempt.RequestID,
			"field":      ignored.Field,
			"id":         ignored.ItemID,
			"value":      ignored.Value,
		})
	}
}

// formatParameters returns the parameters without URL encoding, such as `Labels=system.official=true PageNumber=1`.
func formatParameters(query url.Values) string {
	formatted, err := url.QueryUnescape(strings.ReplaceAll(query.Encode(), "&", " "))
	if err != nil {
		return query.Encode()
	}
	return formatted
}

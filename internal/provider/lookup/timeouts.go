package lookup

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// DefaultReadTimeout is the default time limit of a lookup, including retries.
const DefaultReadTimeout = 5 * time.Minute

// TimeoutsAttribute returns the attribute timeouts of a data source.
func TimeoutsAttribute(ctx context.Context) schema.Attribute {
	description := fmt.Sprintf("Time limit of the lookup, including retries and waiting, as a duration such as `30s` or "+
		"`10m`. Default `%.0fm`.", DefaultReadTimeout.Minutes())
	attribute := timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: description})
	if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = "Time limits, such as `timeouts = { read = \"10m\" }`."
		return nested
	}
	return attribute
}

// CheckTimeouts adds an error if timeouts.read is a duration that is not positive. The library's validator accepts such
// a duration.
func CheckTimeouts(value timeouts.Value, diags *diag.Diagnostics) {
	read, ok := value.Attributes()["read"].(types.String)
	if !ok || read.IsNull() || read.IsUnknown() {
		return
	}
	if err := validate.CheckPositive(read.ValueString()); err != nil {
		diags.AddAttributeError(path.Root("timeouts").AtName("read"), "Invalid value for timeouts.read",
			validate.ErrorSentence(err))
	}
}

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

// DefaultReadTimeout bounds a lookup, its retries and second pass included.
const DefaultReadTimeout = 5 * time.Minute

// TimeoutsAttribute returns the schema of the argument timeouts.
func TimeoutsAttribute(ctx context.Context) schema.Attribute {
	description := fmt.Sprintf("How long the whole lookup may take, retries and waiting included, as a duration such as `30s` or `10m`. "+
		"Default `%.0fm`.", DefaultReadTimeout.Minutes())
	attribute := timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: description})
	if nested, is := attribute.(schema.SingleNestedAttribute); is {
		nested.MarkdownDescription = "Time limits: `timeouts = { read = \"10m\" }`."
		return nested
	}
	return attribute
}

// CheckTimeouts reports what the library's own validator lets pass: a duration that is over before it begins.
func CheckTimeouts(value timeouts.Value, diags *diag.Diagnostics) {
	read, is := value.Attributes()["read"].(types.String)
	if !is || read.IsNull() || read.IsUnknown() {
		return
	}
	duration, err := time.ParseDuration(read.ValueString())
	if err != nil {
		return
	}
	if err := validate.Positive(duration); err != nil {
		diags.AddAttributeError(path.Root("timeouts").AtName("read"), "Invalid value of timeouts.read",
			fmt.Sprintf("%q is no time to read in: %s.", read.ValueString(), err))
	}
}

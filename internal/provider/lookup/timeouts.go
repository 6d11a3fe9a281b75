package lookup

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// DefaultReadTimeout is the default time limit of a lookup, including retries.
const DefaultReadTimeout = 5 * time.Minute

// TimeoutsAttribute returns the attribute timeouts of a data source. StartRead reads it.
func TimeoutsAttribute(ctx context.Context) schema.Attribute {
	attribute := timeouts.Attributes(ctx)
	if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = fmt.Sprintf("Time limit of the lookup, including retries, such as "+
			"`{ read = \"10m\" }`. Default `%.0fm`.", DefaultReadTimeout.Minutes())
		// The library's validator rejects whitespace around the duration, and accepts a duration that is not positive.
		nested.Attributes["read"] = schema.StringAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Time limit of the lookup, including retries, as a duration such as "+
				"`30s` or `10m`. Default `%.0fm`.", DefaultReadTimeout.Minutes()),
			Validators: []validator.String{validate.Duration()},
		}
		return nested
	}
	return attribute
}

package images

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// addUnsettledWarning tells of a list that may lack images.
func addUnsettledWarning(diags *diag.Diagnostics, unsettled *paiclient.Incomplete) {
	if unsettled == nil {
		return
	}
	counted := "gives no count"
	if unsettled.Counted != nil {
		counted = fmt.Sprintf("counts %d images", *unsettled.Counted)
	}
	diags.AddWarning("The list may not be complete", fmt.Sprintf(
		"The API %s, and %d were listed. All pages were read %d times, and no two readings in a row agreed with each other and with the "+
			"API's count. Images may be changing right now: plan again. If this stays, the API's count is wrong, or some images are "+
			"counted that this account may not see.", counted, unsettled.Listed, unsettled.Passes))
}

// addShortWarning tells of a page that holds other images than its number says.
func addShortWarning(diags *diag.Diagnostics, short *paiclient.ShortPage) {
	if short == nil {
		return
	}
	diags.AddAttributeWarning(path.Root("page_number"), "The page is smaller than asked for", fmt.Sprintf(
		"%d images to a page were asked for, and the service gave %d although it counts more. It has a limit of its own, so that pages of "+
			"the size asked for leave images out. Set page_size to no more than that limit, or leave page_number out to read every page.",
		short.Requested, short.Returned))
}

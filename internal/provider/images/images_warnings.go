package images

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// addIncompleteWarning adds a warning if the list may lack images.
func addIncompleteWarning(diags *diag.Diagnostics, incomplete *paiclient.Incomplete) {
	if incomplete == nil {
		return
	}
	counts := fmt.Sprintf("The API returned no count, and listed %d images.", incomplete.Listed)
	if incomplete.Counted != nil {
		counts = fmt.Sprintf("The API counts %d images, but listed %d.", *incomplete.Counted, incomplete.Listed)
	}
	diags.AddWarning("The list may not be complete", fmt.Sprintf(
		"%s The provider read all pages %d times, but no two consecutive passes agreed with each other and with the "+
			"API's count. Images may be changing now: plan again. If the warning stays, the API's count is wrong, or "+
			"it includes images that this account may not see.", counts, incomplete.Passes))
}

// addShortPageWarning adds a warning if the service returned fewer images on the page than requested, although it has
// more.
func addShortPageWarning(diags *diag.Diagnostics, short *paiclient.ShortPage) {
	if short == nil {
		return
	}
	diags.AddAttributeWarning(path.Root("page_number"), "Page smaller than requested", fmt.Sprintf(
		"The provider requested %d images per page, but the service returned %d and counts more. The service has a "+
			"lower limit, so pages of the requested size omit images. Set `page_size` to at most that limit, or "+
			"remove `page_number` to read every page.", short.Requested, short.Returned))
}

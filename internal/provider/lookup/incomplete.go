package lookup

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// AddIncompleteWarning adds a warning if incomplete is not nil, because the list may then lack items. noun is the
// plural of their name, such as images.
func AddIncompleteWarning(diags *diag.Diagnostics, incomplete *paiclient.Incomplete, noun string) {
	if incomplete == nil {
		return
	}
	const summary = "The list may not be complete"
	if incomplete.CountsPages {
		diags.AddWarning(summary, fmt.Sprintf(
			"The API returned the number of %[1]s on each page, at most %[2]d, instead of the number of all %[1]s. The list "+
				"has %[3]d. The provider read all pages %[4]d times with the same result, but it can't check that no page is "+
				"missing. Check that the result has the %[1]s that you expect.",
			noun, *incomplete.TotalCount, incomplete.Listed, incomplete.Passes))
		return
	}
	counts := fmt.Sprintf("The API returned no count of %s. The list has %d.", noun, incomplete.Listed)
	reason := "the API never returns a count"
	switch total := incomplete.TotalCount; {
	case total != nil && int(*total) == incomplete.Listed:
		counts = fmt.Sprintf("The API counts %d %s, and the list has %d.", *total, noun, incomplete.Listed)
		reason = noun + " change during each lookup"
	case total != nil:
		counts = fmt.Sprintf("The API counts %d %s, but the list has %d.", *total, noun, incomplete.Listed)
		reason = "the API's count is wrong or includes " + noun + " that this account can't see"
	}
	diags.AddWarning(summary, fmt.Sprintf(
		"%[1]s A list is known to be complete if the API returns the same %[2]s twice in a row, and as many as it counts. "+
			"The provider read all pages %[3]d times, but this did not happen. The %[2]s may be changing now: plan again. If "+
			"the warning persists, %[4]s. In that case, check that the result has the %[2]s that you expect.",
		counts, noun, incomplete.Passes, reason))
}

package images

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// addShortPageWarning adds a warning if the service returned fewer images on the page than the total count implies.
func addShortPageWarning(diags *diag.Diagnostics, short *paiclient.ShortPage) {
	if short == nil {
		return
	}
	diags.AddAttributeWarning(path.Root("page_number"), "Page smaller than requested", fmt.Sprintf(
		"The provider requested %d images per page, but the service returned %d, although it counts more. It has a "+
			"lower limit, so pages of the requested size omit images. Set `page_size` to at most that limit, or "+
			"remove `page_number` to read every page.", short.Requested, short.Returned))
}

// addContradictedWarning adds a warning if images lack a label that the API should have filtered by. The method apply
// drops these images. note is the end of the warning.
func (fs filters) addContradictedWarning(diags *diag.Diagnostics, images []pai.Image, note string) {
	dropped := 0
	contradicted := make([]bool, len(fs))
	for i := range images {
		drop := false
		for k := range fs {
			if fs[k].isContradicted(&images[i]) {
				contradicted[k], drop = true, true
			}
		}
		if drop {
			dropped++
		}
	}
	if dropped == 0 {
		return
	}
	var ignored []string
	for k := range fs {
		if contradicted[k] {
			ignored = append(ignored, fs[k].reference())
		}
	}
	diags.AddWarning("The API returned images without the requested labels", fmt.Sprintf(
		"The provider dropped %s without the labels of these filters: %s. The API should have excluded them, so it "+
			"may ignore label filters.%s", count(dropped, "image", "images"), strings.Join(ignored, ", "), note))
}

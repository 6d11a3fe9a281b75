package images

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// addEmptyWarnings adds a warning for each filter that is probably wrong, because it has a wildcard, is the name of a
// workspace, or evaluates a label that no image has. It is called if the API returned no images. Only for labels, it
// sends a request. If the request fails, it adds no diagnostic.
func (fs filters) addEmptyWarnings(ctx context.Context, client lookup.Client, diags *diag.Diagnostics) {
	const summary = "Filter matches no image"
	fs.addWildcardWarnings(diags)
	fs = slices.DeleteFunc(slices.Clone(fs), func(f filter) bool { return f.hasWildcard() })
	for i := range fs {
		if f := &fs[i]; f.argument == "workspace_id" && !isWorkspaceID(f.text) {
			diags.AddAttributeWarning(f.path, summary, f.reference()+" matches no image. "+workspaceNameAdvice)
			return // no label exists in this workspace
		}
	}
	cause, unknown := fs.unknownLabels(ctx, client)
	for _, u := range unknown {
		diags.AddAttributeWarning(u.path, summary, cause+", but "+u.description)
	}
}

// addPageMismatchWarning adds a warning if the number of images on a single page contradicts the total count.
func addPageMismatchWarning(diags *diag.Diagnostics, mismatch *paiclient.PageMismatch) {
	if mismatch == nil {
		return
	}
	diags.AddAttributeWarning(path.Root("page_number"), "Page contradicts the count of images", fmt.Sprintf(
		"The API counts %d images in total. According to this count, this page should have %d, but it has %d. Images may "+
			"be changing now: plan again. If the warning persists, the API's count or its pages are wrong. Remove "+
			"`page_number` to read and check every page.", mismatch.TotalCount, mismatch.Want, mismatch.Listed))
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

// addUndatedWarning adds a warning if images have no valid creation time, and an order or a selection depends on it.
// argument is the argument that selects an image, or "" for a list. advice is the end of the warning.
func addUndatedWarning(diags *diag.Diagnostics, compared []pai.Image, argument, advice string) {
	undated := selection.Undated(compared)
	if len(undated) == 0 {
		return
	}
	const summary = "Unreadable creation time"
	detail := "The creation times of these images are missing or unreadable, so the provider treats the images as the " +
		"oldest:\n\n" + undatedList(undated) + "\n" + advice
	if argument == "" {
		diags.AddWarning(summary, detail)
		return
	}
	diags.AddAttributeWarning(path.Root(argument), summary, detail)
}

// undatedList returns one line for each image, with its ID, URI and creation time. It shows at most maxCandidates
// images.
func undatedList(images []pai.Image) string {
	var list strings.Builder
	for i := range images[:min(len(images), maxCandidates)] {
		created := "no creation time"
		if text := images[i].GmtCreateTime; text != nil {
			created = hcltext.Quote(truncate(*text, maxCellLength))
		}
		fmt.Fprintf(&list, "  %s: %s\n", describeImage(&images[i]), created)
	}
	if more := len(images) - maxCandidates; more > 0 {
		fmt.Fprintf(&list, "  … and %d more\n", more)
	}
	return list.String()
}

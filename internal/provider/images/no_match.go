package images

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// addNoMatchError reports that none of the API's images matches, which filters to remove, and what images have instead.
func (l *imageLookup) addNoMatchError(ctx context.Context, listed []pai.Image) {
	const advice = "\n\nImages differ between regions: also check `region` and `endpoint` of the provider."
	if len(l.filters) == 0 {
		l.diags.AddError("No image matches", "No filters are set, and this account can see no images."+advice)
		return
	}
	matches, err := l.matchesWithoutEach(ctx, listed)
	var excluding []int // indexes of the filters without which an image matches
	for i := range matches {
		if err == nil && len(matches[i]) > 0 {
			excluding = append(excluding, i)
		}
	}
	var detail string
	framework := l.filters.framework()
	switch {
	case err != nil:
		detail = fmt.Sprintf("Could not determine which filter excludes every image: %s.", err)
	case len(excluding) == 1:
		f, without := l.filters[excluding[0]], matches[excluding[0]]
		detail = fmt.Sprintf("Removing `%s` would match %s.%s", f.hcl, count(len(without), "image", "images"),
			f.alternatives(without, framework))
	case len(excluding) > 1:
		detail = "Removing any one of these filters would match images:"
		for _, i := range excluding {
			f, without := l.filters[i], matches[i]
			detail += fmt.Sprintf("\n  %s: %s.%s", f.hcl, count(len(without), "image", "images"),
				f.alternatives(without, framework))
		}
	case len(l.filters) == 1:
		detail = "This account can see no images, even without this filter."
	default:
		detail = "No image matches even if any one filter is removed. " + l.matchedByNone(ctx)
	}
	if len(listed) > 0 {
		noMatch := "none of which matches every filter"
		if len(listed) == 1 {
			noMatch = "which does not match every filter"
		}
		detail += fmt.Sprintf("\n\nThe API returned %s, %s.%s\n\n%s",
			countShown(len(listed), "image", "images"), noMatch, l.filters.exactNote(), candidates(listed))
	}
	detail += l.filters.paragraph() + advice
	if len(excluding) == 1 {
		l.diags.AddAttributeError(l.filters[excluding[0]].path, "No image matches", detail)
		return
	}
	l.diags.AddError("No image matches", detail)
}

// exactNote returns a sentence about the filters that match a part in the API's search. It is empty if there are none.
func (fs filters) exactNote() string {
	var exact []string
	for _, f := range fs {
		if f.exact {
			exact = append(exact, "`"+f.argument+"`")
		}
	}
	if exact == nil {
		return ""
	}
	return " In `pai_image`, " + strings.Join(exact, " and ") + " must match exactly. `name_regex` matches a part of " +
		"the name."
}

// matchesWithoutEach returns, for each filter, the images that match without it. A filter that the API can't evaluate
// is removed from the check of the listed images. For each other filter, the images are listed again.
func (l *imageLookup) matchesWithoutEach(ctx context.Context, listed []pai.Image) ([][]pai.Image, error) {
	matches := make([][]pai.Image, len(l.filters))
	group, ctx := errgroup.WithContext(ctx)
	for i := range l.filters {
		rest := l.filters.withoutFilter(i)
		if l.filters[i].request == nil {
			matches[i] = rest.applyInFull(listed)
			continue
		}
		group.Go(func() error {
			list, err := l.client.ListImages(ctx, rest.listInput())
			if err != nil {
				return err
			}
			matches[i] = rest.applyInFull(list.Images)
			return nil
		})
	}
	return matches, group.Wait()
}

// matchedByNone lists all images and returns the filters that none of them matches.
func (l *imageLookup) matchedByNone(ctx context.Context) string {
	list, err := l.client.ListImages(ctx, filters(nil).listInput())
	switch {
	case err != nil:
		return fmt.Sprintf("Could not determine which filters match no image at all: %s.", err)
	case len(list.Images) == 0:
		return "Without any filters, this account can see no images either."
	}
	framework, missingFramework := l.filters.framework(), false
	text := ""
	for _, f := range l.filters {
		matches := func(image pai.Image) bool { return f.match == nil || f.match(&image, framework) }
		if slices.ContainsFunc(list.Images, matches) || missingFramework && f.argument == "version" {
			continue
		}
		missingFramework = missingFramework || f.framework != "" // no image has a version of it, either
		text += fmt.Sprintf("\n  %s.%s", f.hcl, f.alternatives(list.Images, framework))
	}
	if text == "" {
		return "Each filter matches some images, but no image matches all of them. Remove several filters, then add " +
			"them back one at a time."
	}
	return fmt.Sprintf("These filters match none of the %s that this account can see:%s",
		count(len(list.Images), "image", "images"), text)
}

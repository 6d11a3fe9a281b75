package images

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// regionAdvice is the advice if no single filter excludes every image.
const regionAdvice = "Images differ between regions: check the provider's region."

// noMatch contains parts of an error's detail if no image matches. The detail lists the filters between the cause and
// the advice.
type noMatch struct {
	cause, advice string
	listed        bool // the cause contains a table of the images that the API returned
}

// addNoMatchError adds an error if no image matches. The error states which filters to change, and the values that
// images have. listed are the images that the API returned.
func (l *imageLookup) addNoMatchError(ctx context.Context, listed []pai.Image) {
	const summary = "No image matches"
	matches, err := l.matchesWithoutEach(ctx, listed)
	var excluding []int // indexes of filters whose removal makes an image match
	for i := range matches {
		if err == nil && len(matches[i]) > 0 {
			excluding = append(excluding, i)
		}
	}
	var detail noMatch
	switch {
	case err != nil:
		detail.cause = fmt.Sprintf("Could not determine which filter excludes every image: %s.", err)
		detail.advice = "Remove one filter at a time to find it. " + regionAdvice
	case len(excluding) == 1:
		detail = l.excludedByOne(excluding[0], matches[excluding[0]], listed)
	case len(excluding) > 1:
		detail = l.excludedByEach(excluding, matches)
	case len(l.filters) < 2:
		detail = noVisibleImage()
	default:
		detail = l.excludedBySeveral(ctx)
	}
	if len(listed) > 0 && !detail.listed {
		excluded := "but none matches every filter"
		if len(listed) == 1 {
			excluded = "but at least one filter excludes it"
		}
		detail.cause += fmt.Sprintf("\n\nThe API returned %s, %s:\n\n%s",
			countShown(len(listed), "image", "images"), excluded, candidates(listed))
	}
	text := detail.cause + l.filters.paragraph() + "\n\n" + detail.advice
	if len(excluding) == 1 {
		l.diags.AddAttributeError(l.filters[excluding[0]].path, summary, text)
		return
	}
	l.diags.AddError(summary, text)
}

func noVisibleImage() noMatch {
	return noMatch{
		cause:  "This account can see no images in this region.",
		advice: "Check the provider's region and credentials.",
	}
}

// excludedByOne returns the detail if the i-th filter is the only filter whose removal makes images match. without are
// these images.
func (l *imageLookup) excludedByOne(i int, without, listed []pai.Image) noMatch {
	f := &l.filters[i]
	var near []pai.Image // images that the API returned for the filter, but that its recheck rejects
	if f.recheck != nil {
		near = l.filters.withoutFilter(i).applyStrict(listed)
	}
	if len(near) == 0 {
		cause, corrections := l.describeRemoval(i, without)
		return noMatch{cause: cause, advice: f.advice(corrections)}
	}
	excluded := "but none matches exactly"
	if len(near) == 1 {
		excluded = "but it does not match exactly"
	}
	alternatives, corrections := f.alternatives(near, l.filters.framework())
	alternatives = "." + alternatives
	if corrections == nil && slices.Contains(candidateColumns, f.argument) {
		alternatives = ":" // the table shows the values
	}
	cause := fmt.Sprintf("The API returned %s for `%s`, %s%s\n\n%s",
		countShown(len(near), "image", "images"), f.hcl(), excluded, alternatives, candidates(near))
	return noMatch{cause: cause, advice: f.advice(corrections), listed: true}
}

// excludedByEach returns the detail if there are several filters and the removal of any one makes images match. matches
// are the images that match without each filter.
func (l *imageLookup) excludedByEach(excluding []int, matches [][]pai.Image) noMatch {
	detail := noMatch{cause: "Removing one filter is enough:"}
	var corrections []string
	for _, i := range excluding {
		removal, corrected := l.describeRemoval(i, matches[i])
		detail.cause += "\n  " + removal + l.filters[i].exactNote()
		corrections = append(corrections, corrected...)
	}
	if corrections != nil {
		detail.advice = correctionAdvice(strings.Join(corrections, " or "))
	} else {
		detail.advice = "Change or remove one of these filters. " + regionAdvice
	}
	return detail
}

// describeRemoval returns sentences about the removal of the i-th filter, and the corrections that alternatives
// returns. without are the images that match if the filter is removed.
func (l *imageLookup) describeRemoval(i int, without []pai.Image) (sentences string, corrections []string) {
	f, framework := &l.filters[i], l.filters.framework()
	sentences = fmt.Sprintf("Removing %s would match %s.", f.reference(), count(len(without), "image", "images"))
	matching := selection.Filter(without, func(image *pai.Image) bool {
		return f.match != nil && f.match(image, framework)
	})
	tagVersion := f.framework != "" && l.filters.hasArgument("version")
	switch {
	case len(matching) == 0:
		var alternatives string
		alternatives, corrections = f.alternatives(without, framework)
		sentences += alternatives
	case !tagVersion:
		sentences += fmt.Sprintf(" The API omitted %s this filter.",
			count(len(matching), "image that matches", "images that match"))
	}
	if tagVersion {
		sentences += " Without `framework`, `version` applies to the version in the tag."
	}
	return sentences, corrections
}

// excludedBySeveral returns the detail if the removal of a single filter is not enough. It lists all images, and
// describes each filter that matches none of these images.
func (l *imageLookup) excludedBySeveral(ctx context.Context) noMatch {
	const notEnough = "Removing one filter is not enough. "
	list, err := l.client.ListImages(ctx, filters(nil).listInput())
	switch {
	case err != nil:
		return noMatch{
			cause:  notEnough + fmt.Sprintf("Could not determine which filters match no image: %s.", err),
			advice: "Remove several filters, then add them back one at a time. " + regionAdvice,
		}
	case len(list.Images) == 0:
		return noVisibleImage()
	}
	framework, missingFramework := l.filters.framework(), false
	rejected := "None of them matches"
	if len(list.Images) == 1 {
		rejected = "It does not match"
	}
	var lines string
	var corrections []string
	for i := range l.filters {
		f := &l.filters[i]
		matches := func(image pai.Image) bool { return f.match == nil || f.match(&image, framework) }
		if slices.ContainsFunc(list.Images, matches) || missingFramework && f.argument == "version" {
			continue
		}
		missingFramework = missingFramework || f.framework != "" // then version can't match any image, either
		alternatives, corrected := f.alternatives(list.Images, framework)
		lines += fmt.Sprintf("\n  %s `%s`.%s", rejected, f.hcl(), alternatives+f.exactNote())
		if corrected != nil {
			corrections = append(corrections, strings.Join(corrected, " or "))
		}
	}
	visible := fmt.Sprintf("This account can see %s", count(len(list.Images), "image", "images"))
	switch {
	case lines == "":
		return noMatch{
			cause:  notEnough + "Each filter matches some images, but no image matches all of them.",
			advice: "Remove several filters, then add them back one at a time. " + regionAdvice,
		}
	case corrections != nil:
		return noMatch{cause: notEnough + visible + ":" + lines, advice: correctionAdvice(strings.Join(corrections, " and "))}
	}
	return noMatch{cause: notEnough + visible + ":" + lines, advice: "Change or remove these filters. " + regionAdvice}
}

// advice returns the advice for a filter that excludes every image. corrections are those that alternatives returns.
func (f *filter) advice(corrections []string) string {
	switch {
	case corrections != nil:
		return correctionAdvice(strings.Join(corrections, " or "))
	case f.argument == "name":
		return "Set `name` to a complete name, or use `name_regex` to match a part of it."
	case f.argument == "image_uri":
		return "Set `image_uri` to a complete URI."
	case f.value != f.whole:
		return "Remove " + f.reference() + "."
	}
	return "Change or remove the filter."
}

// exactNote returns a sentence, with a space before it, if the argument must match exactly in pai_image but not in
// pai_images. Otherwise it returns "".
func (f *filter) exactNote() string {
	if f.argument == "name" || f.argument == "image_uri" {
		return " In `pai_image`, `" + f.argument + "` must match exactly."
	}
	return ""
}

// correctionAdvice returns the advice to set the corrections that alternatives returns.
func correctionAdvice(corrections string) string {
	return "Values are case-sensitive: set " + corrections + "."
}

// matchesWithoutEach returns a list for each filter: the images that match if this filter is removed. If the API
// evaluates the filter, it lists images again without the filter. Otherwise it applies the remaining filters to listed.
func (l *imageLookup) matchesWithoutEach(ctx context.Context, listed []pai.Image) ([][]pai.Image, error) {
	matches := make([][]pai.Image, len(l.filters))
	group, ctx := errgroup.WithContext(ctx)
	for i := range l.filters {
		rest := l.filters.withoutFilter(i)
		if l.filters[i].request == nil {
			matches[i] = rest.applyStrict(listed)
			continue
		}
		group.Go(func() error {
			list, err := l.client.ListImages(ctx, rest.listInput())
			if err != nil {
				return err
			}
			matches[i] = rest.applyStrict(list.Images)
			return nil
		})
	}
	return matches, group.Wait()
}

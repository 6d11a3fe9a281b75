package images

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// regionAdvice is the advice if several filters exclude every image, or a filter whose values differ between regions.
const regionAdvice = " Images differ between regions: check `region`."

// addNoMatchError adds an error if no image matches: which filters exclude every image, which values the images have,
// the images that the API returned, the filters, and the advice. listed are the images that the API returned.
func (l *imageLookup) addNoMatchError(ctx context.Context, listed []pai.Image) {
	if len(listed) == 0 && l.addUnknownLabelsError(ctx) {
		return
	}
	matches, err := l.matchesWithoutEach(ctx, listed)
	at := path.Empty()
	var removals []string // a line for each filter whose removal makes an image match
	for i := range matches {
		if err == nil && len(matches[i]) > 0 {
			removals, at = append(removals, l.describeRemoval(i, matches[i])), l.filters[i].path
		}
	}
	var cause, advice string
	switch {
	case err != nil:
		cause = fmt.Sprintf("Could not determine which filter excludes every image: %s.", err)
		advice = "To find that filter, remove one filter at a time." + regionAdvice
	case len(removals) > 0:
		cause, advice = strings.Join(removals, "\n"), "Change or remove the filter."
		if at.Equal(path.Root("name")) || at.Equal(path.Root("image_uri")) {
			advice += regionAdvice
		}
	default:
		cause, advice = l.describeSeveral(ctx)
	}
	if len(removals) > 1 {
		cause = "Removing one filter is enough:\n  " + strings.Join(removals, "\n  ")
		at, advice = path.Empty(), "Change or remove one of these filters."+regionAdvice
	}
	for i := range l.filters {
		if f := &l.filters[i]; f.hasWildcard() && (len(removals) == 0 || len(matches[i]) > 0) {
			advice += " " + l.filters.wildcardAdvice(f)
		}
	}
	if len(listed) > 0 {
		cause += fmt.Sprintf("\n\nThe API returned %s, which the filters exclude:\n\n%s",
			countShown(len(listed), "image", "images"), candidates(listed, l.filters.framework()))
	}
	detail := cause + l.requested() + "\n\n" + advice
	if at.Equal(path.Empty()) {
		l.diags.AddError("No image matches", detail)
		return
	}
	l.diags.AddAttributeError(at, "No image matches", detail)
}

// addUnknownLabelsError adds an error if a filter evaluates a label that no image has, and reports whether it did. It
// needs only one request.
func (l *imageLookup) addUnknownLabelsError(ctx context.Context) bool {
	cause, unknown := l.filters.unknownLabels(ctx, l.connection)
	if unknown == nil {
		return false
	}
	advice := ""
	var lines []string
	for _, u := range unknown {
		lines = append(lines, u.description)
		if u.hasWildcard() {
			advice += " " + l.filters.wildcardAdvice(u.filter)
		}
	}
	if len(unknown) == 1 {
		l.diags.AddAttributeError(unknown[0].path, "No image matches",
			cause+", but "+lines[0]+l.requested()+"\n\nChange or remove the filter."+regionAdvice+advice)
		return true
	}
	l.diags.AddError("No image matches", cause+", but these filters exclude all of them:\n  "+
		strings.Join(lines, "\n  ")+l.requested()+"\n\nChange or remove these filters."+regionAdvice+advice)
	return true
}

// unknownLabel is a filter that evaluates a label that no image has.
type unknownLabel struct {
	*filter
	description string // that the filter matches no image, and the values that exist
}

// unknownLabels returns the filters that evaluate a label that no image has, and the beginning of a sentence for their
// descriptions. It needs only one request. If there is no filter by label, it sends none. If the request fails, it
// returns no filters.
func (fs filters) unknownLabels(ctx context.Context, client lookup.Client) (cause string, unknown []unknownLabel) {
	isLabelFilter := func(f filter) bool { return f.request != nil && f.label != "" }
	if !slices.ContainsFunc(fs, isLabelFilter) {
		return "", nil
	}
	input := paiclient.ListImageLabelsInput{WorkspaceID: fs.listInput().WorkspaceID, OneAttempt: true}
	list, err := client.ListImageLabels(ctx, input)
	// Without labels, or with fewer labels than the API counts, the request doesn't show which labels exist.
	if err != nil || len(list.Labels) == 0 || list.TotalCount != nil && *list.TotalCount > int64(len(list.Labels)) {
		return "", nil
	}
	all := pai.Image{Labels: list.Labels}
	for i := range fs {
		f := &fs[i]
		if !isLabelFilter(*f) || f.match(&all, "") {
			continue
		}
		values := f.sortedValues([]pai.Image{all}, "", maxTextLength)
		text := f.describeSorted(values, "Existing values", maxTextLength)
		if strings.HasPrefix(values[0], "no ") {
			text = " They have " + values[0] + "."
		}
		unknown = append(unknown, unknownLabel{f, f.reference() + " matches none of them." + text})
	}
	cause = "This account can see images"
	if input.WorkspaceID != "" {
		cause += " in this workspace"
	}
	return cause, unknown
}

// describeRemoval returns a line about the removal of the i-th filter. without are the images that match if the filter
// is removed.
func (l *imageLookup) describeRemoval(i int, without []pai.Image) string {
	f := &l.filters[i]
	text := fmt.Sprintf("Removing %s would match %s.%s", f.reference(), count(len(without), "image", "images"),
		f.describeValues(without, l.filters.framework()))
	if f.framework != "" && l.filters.hasArgument("version") {
		text += " `version` would then apply to the version in the tag."
	}
	return text
}

// describeSeveral returns the cause and the advice if no image matches even without any single filter. It lists all
// images, and describes each filter that matches none of these images.
func (l *imageLookup) describeSeveral(ctx context.Context) (cause, advice string) {
	cause = "Removing one filter is not enough."
	advice = "Remove several filters, then add them back one at a time." + regionAdvice
	var visible []pai.Image
	if len(l.filters) > 1 {
		list, err := l.connection.ListImages(ctx, filters(nil).listInput())
		if err != nil {
			return fmt.Sprintf("%s Could not determine which filters match no image: %s.", cause, err), advice
		}
		visible = list.Images
	}
	if len(visible) == 0 {
		return "This account can see no images in this region.", "Check `region` and the provider's credentials."
	}
	framework, missingFramework := l.filters.framework(), false
	var lines string
	for i := range l.filters {
		f := &l.filters[i]
		matches := func(image pai.Image) bool { return f.match == nil || f.match(&image, framework) }
		if slices.ContainsFunc(visible, matches) || missingFramework && f.argument == "version" {
			continue
		}
		missingFramework = missingFramework || f.framework != "" // then version can't match any image, either
		lines += fmt.Sprintf("\n  `%s` matches none of them.%s", f.hcl(), f.describeValues(visible, framework))
	}
	if lines == "" {
		return cause + " Each filter matches some images, but no image matches all of them.", advice
	}
	cause += fmt.Sprintf(" This account can see %s:%s", count(len(visible), "image", "images"), lines)
	return cause, "Change or remove the filters that match none of the images." + regionAdvice
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
			list, err := l.connection.ListImages(ctx, rest.listInput())
			if err != nil {
				return err
			}
			matches[i] = rest.applyStrict(list.Images)
			return nil
		})
	}
	return matches, group.Wait()
}

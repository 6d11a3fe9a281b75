package images

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// selectFrom selects one of the matching images, by most_recent or latest_version. Without these arguments, it selects
// the only matching image. It returns nil and adds an error if the selection fails.
func (l *imageLookup) selectFrom(matching []pai.Image) *pai.Image {
	switch {
	case l.latestVersion.ValueBool():
		highest, err := selection.Highest(matching, l.highestOptions())
		if err != nil {
			l.addVersionError(err, matching)
			return nil
		}
		l.warnUntrusted("latest_version")
		l.warnUndated(selection.Rebuilds(highest, matching, l.highestOptions()), "latest_version")
		return highest
	case l.mostRecent.ValueBool():
		l.warnUntrusted("most_recent")
		l.warnUndated(matching, "most_recent")
		return selection.Newest(matching)
	case len(matching) > 1:
		l.addAmbiguousError(matching)
		return nil
	}
	return &matching[0]
}

// highestOptions returns the options of latest_version. If version is set, the constraint allows every pre-release that
// matches.
func (l *imageLookup) highestOptions() selection.HighestOptions {
	return selection.HighestOptions{
		Framework:   l.filters.framework(),
		PreReleases: l.filters.hasArgument("version"),
		AnyVariant:  l.mostRecent.ValueBool(),
	}
}

// warnUntrusted adds a warning if a member of another workspace may have added the selected image. argument is the
// argument that selected the image.
func (l *imageLookup) warnUntrusted(argument string) {
	if l.filters.trusted() {
		return
	}
	l.diags.AddAttributeWarning(path.Root(argument), "The selected image may belong to someone else", fmt.Sprintf(
		"`%s = true` selects one of all images that this account can see. Members of other workspaces can add a "+
			"matching image that is newer or has a higher version. Set `official = true` for images that PAI "+
			"maintains, or `workspace_id` for images of one workspace.", argument))
}

// warnUndated adds a warning if images that were compared by creation time have no valid one. argument is the argument
// that selected the image.
func (l *imageLookup) warnUndated(compared []pai.Image, argument string) {
	addUndatedWarning(l.diags, compared, argument, fmt.Sprintf("`%s = true` may therefore have selected the wrong image. "+
		"Add a filter that excludes these images, or set `image_id`.", argument))
}

// addAmbiguousError adds an error that lists the matching images, and the arguments that would select one of them.
func (l *imageLookup) addAmbiguousError(matching []pai.Image) {
	selectors := "\n  image_id = \"…\"         selects an image from the table by ID" +
		"\n  most_recent = true     selects " + describeImage(selection.Newest(matching))
	if highest, err := selection.Highest(matching, l.highestOptions()); err == nil {
		selectors += "\n  latest_version = true  selects " + describeImage(highest)
	}
	l.diags.AddError("More than one image matches", fmt.Sprintf(
		"%s:\n\n%s%s\n\nAdd filters until exactly one image matches, or set one of these arguments:%s",
		countShown(len(matching), "image matches", "images match"), candidates(matching, l.filters.framework()),
		l.requested(), selectors))
}

// checkConflicts adds an error for each pair of arguments that can't be set together.
func (c *imageConfig) checkConflicts(query types.String, diags *diag.Diagnostics) {
	if !lookup.IsSet(c.imageID) {
		return
	}
	for _, other := range []struct {
		argument string
		value    attr.Value
		cause    string
	}{
		{"query", query, "`image_id` skips the search that evaluates `query`."},
		{"most_recent", c.mostRecent, "`image_id` already selects the image."},
		{"latest_version", c.latestVersion, "`image_id` already selects the image."},
	} {
		if lookup.IsSet(other.value) && !other.value.Equal(types.BoolValue(false)) {
			diags.AddAttributeError(path.Root(other.argument), "Conflicting arguments",
				fmt.Sprintf("%s Remove `image_id` or `%s`.", other.cause, other.argument))
		}
	}
}

package images

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

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
	case l.mostRecent.ValueBool():
		l.warnUntrusted("most_recent")
		return selection.Newest(matching)
	case l.latestVersion.ValueBool():
		highest, err := selection.Highest(matching, l.filters.framework())
		if err != nil {
			l.addVersionError(err, matching)
			return nil
		}
		l.warnUntrusted("latest_version")
		return highest
	case len(matching) > 1:
		l.addAmbiguousError(matching)
		return nil
	}
	return &matching[0]
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

// addAmbiguousError adds an error that lists the matching images, and the arguments that would select one of them.
func (l *imageLookup) addAmbiguousError(matching []pai.Image) {
	selectors := "\n  image_id = \"…\"         selects an image from the table by ID" +
		"\n  most_recent = true     selects " + describeImage(selection.Newest(matching))
	if highest, err := selection.Highest(matching, l.filters.framework()); err == nil {
		selectors += "\n  latest_version = true  selects " + describeImage(highest)
	}
	l.diags.AddError("More than one image matches", fmt.Sprintf(
		"%s:\n\n%s%s\n\nAdd filters until exactly one image matches, or set one of these arguments:%s",
		countShown(len(matching), "image matches", "images match"), candidates(matching), l.filters.paragraph(), selectors))
}

// addVersionError adds an error that states why latest_version can't select one of the matching images.
func (l *imageLookup) addVersionError(err error, matching []pai.Image) {
	at := path.Root("latest_version")
	var repositories *selection.RepositoriesError
	if errors.As(err, &repositories) {
		var table string
		versioned := 0
		for _, repository := range repositories.Repositories {
			table += fmt.Sprintf("\n  %s (%s)", printable(repository.Name), count(repository.Images, "image", "images"))
			versioned += repository.Images
		}
		name := repositories.Repositories[0].Name
		pattern := "^" + regexp.QuoteMeta(name[strings.LastIndex(name, "/")+1:]) + ":"
		l.diags.AddAttributeError(at, "Versions of several repositories", fmt.Sprintf(
			"%d matching images have a version. They belong to %d repositories, whose tags version different "+
				"software:\n%s%s\n\nSet `framework` to compare its versions, or restrict the filters to one "+
				"repository, for example `name_regex = %q`.",
			versioned, len(repositories.Repositories), table, l.filters.paragraph(), pattern))
		return
	}
	cause := "Without `framework`, the version is read from the start of the tag. No matching tag starts with a version."
	if framework := l.filters.framework(); framework != "" {
		cause = fmt.Sprintf("The version is the value of the label `%s%s`. No matching image has a version there.",
			pai.LabelFrameworkPrefix, framework)
	}
	l.diags.AddAttributeError(at, "No matching image has a version", fmt.Sprintf(
		"%s %s:\n\n%s%s\n\nSet `most_recent = true` or `image_id` instead of `latest_version`.",
		cause, countShown(len(matching), "image matches", "images match"), candidates(matching), l.filters.paragraph()))
}

// checkConflicts adds an error for each pair of arguments that can't be set together.
func (c *imageConfig) checkConflicts(query types.String, diags *diag.Diagnostics) {
	if c.mostRecent.ValueBool() && c.latestVersion.ValueBool() {
		diags.AddAttributeError(path.Root("latest_version"), "Conflicting arguments",
			"`most_recent` and `latest_version` can select different images. Set only one of them.")
	}
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

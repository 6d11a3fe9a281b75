package images

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// choose takes one of the images that match: the only one, or the one that most_recent or latest_version says.
func (l *imageLookup) choose(matching []pai.Image, conditions []condition) *pai.Image {
	switch {
	case l.config.MostRecent.ValueBool():
		l.warnOfOthers("most_recent", conditions)
		return selection.Newest(matching)
	case l.config.LatestVersion.ValueBool():
		highest, err := selection.Highest(matching, l.config.Framework.ValueString())
		if err != nil {
			l.addVersionError(err, matching, conditions)
			return nil
		}
		l.warnOfOthers("latest_version", conditions)
		return highest
	case len(matching) > 1:
		l.addAmbiguousError(matching, conditions)
		return nil
	}
	return &matching[0]
}

// addVersionError says why the highest version can't be chosen.
func (l *imageLookup) addVersionError(err error, matching []pai.Image, conditions []condition) {
	at := path.Root("latest_version")
	var repositories *selection.RepositoriesError
	if errors.As(err, &repositories) {
		var names string
		versions := 0
		for _, repository := range repositories.Repositories {
			names += fmt.Sprintf("\n  %s (%s)", printable(repository.Name), sentence(repository.Images, "image", "images"))
			versions += repository.Images
		}
		l.diags.AddAttributeError(at, "Versions of several repositories can't be compared", fmt.Sprintf(
			"%d images with a version match, and their tags hold the versions of different things:\n%s\n\nSet framework, whose version is then "+
				"compared, or ask for one repository alone, as in name_regex = \"^pytorch:\".%s", versions, names, askedFor(conditions)))
		return
	}
	source := "Without framework, the version is what the tag of image_uri starts with, and none starts with one."
	if framework := l.config.Framework.ValueString(); framework != "" {
		source = fmt.Sprintf("The version is the value of the label %s%s, and none is a version.", pai.LabelFrameworkPrefix, framework)
	}
	l.diags.AddAttributeError(at, "No image has a version to choose by", fmt.Sprintf(
		"%s %s:\n\n%s\n\nChoose by most_recent = true, or by image_id.%s",
		source, shownOf(len(matching), "image matches", "images match"), candidates(matching), askedFor(conditions)))
}

// warnOfOthers warns of a choice among images that anyone in some workspace may have added: the next newest may be a
// stranger's.
func (l *imageLookup) warnOfOthers(choice string, conditions []condition) {
	if lookup.IsSet(l.config.WorkspaceID) {
		return
	}
	for _, condition := range conditions {
		if value, is := condition.alone.Labels[pai.LabelOfficial]; is && value == "true" {
			return
		}
	}
	l.diags.AddAttributeWarning(path.Root(choice), "The choice may fall on an image of someone else", choice+
		" = true chooses among all images that this account sees, and members of other workspaces may add one that matches and is newer "+
		"or of a higher version. Set official = true for images that PAI itself maintains, or workspace_id for those of one workspace.")
}

// checkChoice reports arguments that contradict each other.
func (m *imageModel) checkChoice(diags *diag.Diagnostics) {
	if m.MostRecent.ValueBool() && m.LatestVersion.ValueBool() {
		diags.AddAttributeError(path.Root("latest_version"), "Two choices",
			"most_recent and latest_version may choose different images. Set one of them.")
	}
	if !lookup.IsSet(m.ImageID) {
		return
	}
	for _, other := range []struct {
		argument string
		value    attr.Value
		why      string
	}{
		{"query", m.Query, "no search is made, which alone could check a query"},
		{"most_recent", m.MostRecent, "there is nothing to choose"},
		{"latest_version", m.LatestVersion, "there is nothing to choose"},
	} {
		if lookup.IsSet(other.value) && !other.value.Equal(types.BoolValue(false)) {
			diags.AddAttributeError(path.Root(other.argument), "Not together with image_id", fmt.Sprintf(
				"image_id names one image, so that %s. Leave out image_id or %s.", other.why, other.argument))
		}
	}
}

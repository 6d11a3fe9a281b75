// Package selection filters images and chooses among them, by what the API can't be asked for. Its functions are pure:
// what they are given stays as it is.
package selection

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// Criteria are what an image must meet. The zero value is met by every image.
type Criteria struct {
	Name          string              // the very name; empty: any
	ImageURI      string              // the very URI; empty: any
	WorkspaceID   string              // empty: any
	Accessibility string              // empty: any
	Labels        map[string]string   // all of them; pai.AnyValue: the image has the key
	NotOfficial   bool                // not labelled official
	NameRegex     *regexp.Regexp      // found anywhere in the name
	Version       version.Constraints // met by the image's version
	Framework     string              // whose label holds that version; empty: the tag does
}

// Filter gives the images that meet the criteria, in the order in which they came.
func Filter(images []pai.Image, criteria Criteria) []pai.Image {
	met := make([]pai.Image, 0, len(images))
	for i := range images {
		if criteria.MetBy(&images[i]) {
			met = append(met, images[i])
		}
	}
	return met
}

// MetBy says whether an image meets every criterion. What an image lacks is nothing that was asked for: one without a
// name has no name to match, one without a version meets no constraint. Framework alone asks for nothing.
func (c Criteria) MetBy(image *pai.Image) bool {
	return image != nil &&
		isAsked(image.Name, c.Name) &&
		isAsked(image.ImageURI, c.ImageURI) &&
		isAsked(image.WorkspaceID, c.WorkspaceID) &&
		isAsked(image.Accessibility, c.Accessibility) &&
		hasLabels(image, c.Labels) &&
		(!c.NotOfficial || !HasLabel(image, pai.LabelOfficial, "true")) &&
		(c.NameRegex == nil || image.Name != nil && c.NameRegex.MatchString(*image.Name)) &&
		(len(c.Version) == 0 || allows(c.Version, VersionOf(image, c.Framework)))
}

// ContradictedBy says whether an image states that it is something else than the API was asked for: of another workspace
// or visibility, or with labels and not the official one. What it leaves out contradicts nothing: such criteria are the
// API's to check, which may know more than it tells.
func (c Criteria) ContradictedBy(image *pai.Image) bool {
	other := func(field *string, asked string) bool {
		return asked != "" && field != nil && *field != "" && *field != asked
	}
	return other(image.WorkspaceID, c.WorkspaceID) || other(image.Accessibility, c.Accessibility) ||
		c.Labels[pai.LabelOfficial] == "true" && image.Labels != nil && !HasLabel(image, pai.LabelOfficial, "true")
}

// HasLabel says whether any of an image's labels has this key and value; pai.AnyValue takes every value, an empty
// one and none too. A key may stand more than once, and one label that fits is enough: so the API filters. Label gives
// the last of them, which is what the user reads, and would disagree with the API.
func HasLabel(image *pai.Image, key, value string) bool {
	return image != nil && slices.ContainsFunc(image.Labels, func(label pai.Label) bool {
		return is(label.Key, key) && (value == pai.AnyValue || is(label.Value, value))
	})
}

func hasLabels(image *pai.Image, labels map[string]string) bool {
	for key, value := range labels {
		if !HasLabel(image, key, value) {
			return false
		}
	}
	return true
}

func isAsked(field *string, asked string) bool { return asked == "" || is(field, asked) }

func is(field *string, text string) bool { return field != nil && *field == text }

// allows says whether a version meets constraints, with pre-releases matched as Terraform matches them: only by a
// constraint that names a pre-release of the same number. The library holds every operator to that but `!=`, which
// would let in the pre-releases of all other versions. No version meets none.
func allows(constraints version.Constraints, found *version.Version) bool {
	if found == nil || !constraints.Check(found) {
		return false
	}
	return found.Prerelease() == "" || slices.ContainsFunc(constraints, func(constraint *version.Constraint) bool {
		return !strings.HasPrefix(strings.TrimSpace(constraint.String()), "!=")
	})
}

// VersionOf gives an image's version: that of a framework, from its label, or where no framework is named the one that
// the tag of its URI starts with. It gives nil where there is none.
func VersionOf(image *pai.Image, framework string) *version.Version {
	if image == nil {
		return nil
	}
	if framework != "" {
		label, _ := image.Label(pai.LabelFrameworkPrefix + framework)
		return ParseVersion(label)
	}
	if image.ImageURI == nil {
		return nil
	}
	reference, err := imageuri.Parse(*image.ImageURI)
	if err != nil {
		return nil
	}
	return TagVersion(reference.Tag)
}

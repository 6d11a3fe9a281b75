// Package selection filters images by what the API can't be asked for. Its functions are pure.
package selection

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// The labels that criteria are about. Source: the labels that the vendor's own tools read.
const (
	LabelOfficial        = "system.official"
	LabelSupportedPrefix = "system.supported."
	LabelChipType        = "system.chipType"
	LabelFrameworkPrefix = "system.framework."
)

// Criteria are what an image must meet. The zero value is met by every image.
type Criteria struct {
	NotOfficial bool                // not labelled official
	NameRegex   *regexp.Regexp      // found anywhere in the name
	Version     version.Constraints // met by the image's version
	Framework   string              // whose label holds that version; empty: the tag does
}

// Filter gives the images that meet the criteria, in the order in which they came.
func Filter(images []paiclient.Image, criteria Criteria) []paiclient.Image {
	met := make([]paiclient.Image, 0, len(images))
	for i := range images {
		if criteria.MetBy(&images[i]) {
			met = append(met, images[i])
		}
	}
	return met
}

// MetBy says whether an image meets every criterion. One without a name matches no regular expression, one without a
// version no constraint, and one that isn't labelled either way is not official.
func (c Criteria) MetBy(image *paiclient.Image) bool {
	if c.NotOfficial {
		if official, _ := image.Label(LabelOfficial); official == "true" {
			return false
		}
	}
	if c.NameRegex != nil && (image.Name == nil || !c.NameRegex.MatchString(*image.Name)) {
		return false
	}
	if c.Version != nil {
		found := VersionOf(image, c.Framework)
		return found != nil && allows(c.Version, found)
	}
	return true
}

// allows says whether a version meets constraints, with pre-releases matched as Terraform matches them: only by a
// constraint that names a pre-release of the same number. The library holds every operator to that but `!=`, which
// would let in the pre-releases of all other versions.
func allows(constraints version.Constraints, found *version.Version) bool {
	if !constraints.Check(found) {
		return false
	}
	return found.Prerelease() == "" || slices.ContainsFunc(constraints, func(constraint *version.Constraint) bool {
		return !strings.HasPrefix(strings.TrimSpace(constraint.String()), "!=")
	})
}

// VersionOf gives an image's version: that of a framework, from its label, or where no framework is named the one that
// the tag of its URI starts with. It gives nil where there is none.
func VersionOf(image *paiclient.Image, framework string) *version.Version {
	if framework != "" {
		label, _ := image.Label(LabelFrameworkPrefix + framework)
		return ParseVersion(label)
	}
	if image.ImageURI == nil {
		return nil
	}
	tag, ok := imageuri.Tag(*image.ImageURI)
	if !ok {
		return nil
	}
	return TagVersion(tag)
}

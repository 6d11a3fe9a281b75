package selection

import (
	"cmp"
	"maps"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// HighestOptions are the options of Highest.
type HighestOptions struct {
	Framework   string // name of a framework whose label has the version; "" if the version is in the tag
	PreReleases bool   // pre-releases count; set if a version constraint already excluded unwanted ones
	AnyVariant  bool   // if several variants have the highest version, select the newest image of all of them
}

// Highest returns the image with the highest version. Of several images with this version, it selects in this order:
//
//  1. With AnyVariant, the newest image.
//  2. The newest image whose tag has no variant.
//  3. The newest image, if all images have the same variant.
//
// Images without a version, and pre-releases without PreReleases, don't count. The error is ErrNoVersion, or one of the
// types *PreReleasesError, *RepositoriesError, *SchemesError and *VariantsError.
func Highest(images []pai.Image, options HighestOptions) (*pai.Image, error) {
	var releases, preReleases []ParsedImage
	for i := range images {
		p := ParseImage(&images[i], options.Framework)
		switch {
		case p.Version == nil:
		case p.Version.IsPreRelease() && !options.PreReleases:
			preReleases = append(preReleases, p)
		default:
			releases = append(releases, p)
		}
	}
	switch {
	case len(releases) == 0 && len(preReleases) == 0:
		return nil, ErrNoVersion
	case len(releases) == 0:
		return nil, &PreReleasesError{Highest: slices.MaxFunc(preReleases, compareVersioned)}
	}
	if repositories := groupByRepository(releases); len(repositories) > 1 {
		return nil, newRepositoriesError(repositories)
	}
	if err := checkScheme(releases); err != nil {
		return nil, err
	}
	highest := slices.MaxFunc(releases, compareVersioned)
	equal := slices.DeleteFunc(releases, func(p ParsedImage) bool { return p.Version.Compare(highest.Version) != 0 })
	if options.AnyVariant {
		return highest.Image, nil
	}
	return selectVariant(equal)
}

// selectVariant returns the newest image of the only variant, or of the images without a variant.
func selectVariant(equal []ParsedImage) (*pai.Image, error) {
	variants := groupByVariant(equal)
	if len(variants) > 1 && variants[0].Name != "" {
		return nil, &VariantsError{Version: variants[0].Newest.Version, Variants: variants}
	}
	return variants[0].Newest.Image, nil
}

// groupByVariant returns the variants of the images, sorted by name.
func groupByVariant(images []ParsedImage) []Variant {
	byName := make(map[string][]ParsedImage)
	for _, p := range images {
		byName[p.Variant()] = append(byName[p.Variant()], p)
	}
	variants := make([]Variant, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		variants = append(variants, Variant{
			Name: name, Images: byName[name], Newest: slices.MaxFunc(byName[name], compareVersioned),
		})
	}
	return variants
}

// checkScheme returns an error if the images have both plain and calendar versions.
func checkScheme(images []ParsedImage) error {
	var plain, calendar []ParsedImage
	for _, p := range images {
		if p.Version.IsCalendar() {
			calendar = append(calendar, p)
		} else {
			plain = append(plain, p)
		}
	}
	if len(plain) == 0 || len(calendar) == 0 {
		return nil
	}
	return &SchemesError{
		Plain:    slices.MaxFunc(plain, compareVersioned),
		Calendar: slices.MaxFunc(calendar, compareVersioned),
	}
}

// compareVersioned compares images by version, and then by creation time and ID.
func compareVersioned(a, b ParsedImage) int {
	return cmp.Or(a.Version.Compare(b.Version), compareCreated(a.Image, b.Image))
}

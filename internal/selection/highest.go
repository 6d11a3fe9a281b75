package selection

import (
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
		return nil, &PreReleasesError{Highest: slices.MaxFunc(preReleases, options.compare)}
	}
	if repositories := groupByRepository(releases); len(repositories) > 1 {
		return nil, newRepositoriesError(repositories, options)
	}
	if err := checkScheme(releases, options); err != nil {
		return nil, err
	}
	highest := slices.MaxFunc(releases, options.compare)
	if options.AnyVariant || highest.Variant() == "" {
		return highest.Image, nil
	}
	equal := slices.DeleteFunc(releases, func(p ParsedImage) bool { return p.Version.Compare(highest.Version) != 0 })
	if variants := groupByVariant(equal); len(variants) > 1 {
		return nil, &VariantsError{Version: highest.Version, Variants: variants}
	}
	return highest.Image, nil
}

// Rebuilds returns the images that Highest distinguishes from the selected image only by their creation times and IDs,
// and the selected image. The other arguments are those of Highest.
func Rebuilds(selected *pai.Image, images []pai.Image, options HighestOptions) []pai.Image {
	highest := ParseImage(selected, options.Framework)
	return Filter(images, func(image *pai.Image) bool {
		p := ParseImage(image, options.Framework)
		return p.Version != nil && options.compareRanks(p, highest) == 0
	})
}

// compare compares images by compareRanks. Then it compares the creation times and the IDs.
func (o HighestOptions) compare(a, b ParsedImage) int {
	if order := o.compareRanks(a, b); order != 0 {
		return order
	}
	return compareCreated(a.Image, b.Image)
}

// compareRanks compares images by version. Of equal versions, an image without a variant is higher, except with
// AnyVariant.
func (o HighestOptions) compareRanks(a, b ParsedImage) int {
	if order := a.Version.Compare(b.Version); order != 0 || o.AnyVariant {
		return order
	}
	switch hasVariantA, hasVariantB := a.Variant() != "", b.Variant() != ""; {
	case hasVariantA == hasVariantB:
		return 0
	case hasVariantA:
		return -1
	}
	return 1
}

// groupByVariant returns the variants of images with equal versions, sorted by name.
func groupByVariant(images []ParsedImage) []Variant {
	byCreation := func(a, b ParsedImage) int { return compareCreated(a.Image, b.Image) }
	byName := make(map[string][]ParsedImage)
	for _, p := range images {
		byName[p.Variant()] = append(byName[p.Variant()], p)
	}
	variants := make([]Variant, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		variants = append(variants, Variant{
			Name: name, Images: byName[name], Newest: slices.MaxFunc(byName[name], byCreation),
		})
	}
	return variants
}

// checkScheme returns an error if the images have both plain and calendar versions.
func checkScheme(images []ParsedImage, options HighestOptions) error {
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
		Plain:    slices.MaxFunc(plain, options.compare),
		Calendar: slices.MaxFunc(calendar, options.compare),
	}
}

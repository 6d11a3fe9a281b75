package selection_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// outcome is the result of a selection.
type outcome struct {
	kind string // one of the constants below

	// images are the SourceIDs of the selected image, or of those that the error names. In the errors for repositories
	// and variants, the number of images follows. The images of repositories are sorted, because names sort them there.
	images string
}

const (
	selected            = "an image"
	noVersion           = "no version"
	onlyPreReleases     = "only pre-releases"
	severalRepositories = "several repositories"
	severalSchemes      = "several schemes"
	severalVariants     = "several variants"
)

// naiveImage is an image with what selections read from it.
type naiveImage struct {
	image           *pai.Image
	version         *naiveVersion // nil if the image has none
	variant, family string
}

func readNaively(image *pai.Image, framework string) naiveImage {
	n := naiveImage{image: image, version: naiveVersionOf(image, framework), family: naiveFamily(image)}
	if n.version != nil {
		n.variant = naiveVariantOf(image, framework)
	}
	return n
}

// naiveFamily returns the URI without its tag and digest. It replaces the host by the first one in its row. An image
// without a valid URI has a family of its own.
func naiveFamily(image *pai.Image) string {
	reference := naiveReference(image)
	for _, hosts := range registries {
		if slices.Contains(hosts, reference.Registry) {
			return hosts[0] + "/" + reference.Namespace + "/" + reference.Repository
		}
	}
	return "image " + *image.SourceID
}

// naiveHighest selects an image by its version.
func naiveHighest(images []naiveImage, preReleases, anyVariant bool) outcome {
	images = keep(images, func(n naiveImage) bool { return n.version != nil })
	if len(images) == 0 {
		return outcome{kind: noVersion}
	}
	releases := keep(images, func(n naiveImage) bool { return preReleases || !n.version.isPreRelease() })
	if len(releases) == 0 {
		return outcome{onlyPreReleases, highest(images, anyVariant)}
	}
	images = releases
	if families := group(images, func(n naiveImage) string { return n.family }); len(families) > 1 {
		named := highestAndCounts(families, anyVariant)
		slices.Sort(named)
		return outcome{severalRepositories, strings.Join(named, " ")}
	}
	isCalendar := func(n naiveImage) string { return strconv.FormatBool(n.version.calendar) }
	if schemes := group(images, isCalendar); len(schemes) > 1 {
		return outcome{severalSchemes, highest(schemes[0], anyVariant) + " " + highest(schemes[1], anyVariant)}
	}
	images = keep(images, func(n naiveImage) bool {
		return !slices.ContainsFunc(images, func(other naiveImage) bool { return other.version.compare(n.version) > 0 })
	})
	variants := group(images, func(n naiveImage) string { return n.variant })
	if len(variants) == 1 || anyVariant {
		return outcome{selected, highest(images, anyVariant)}
	}
	if variants[0][0].variant == "" {
		return outcome{selected, highest(variants[0], anyVariant)}
	}
	return outcome{severalVariants, strings.Join(highestAndCounts(variants, anyVariant), " ")}
}

func keep(images []naiveImage, condition func(naiveImage) bool) []naiveImage {
	var kept []naiveImage
	for _, n := range images {
		if condition(n) {
			kept = append(kept, n)
		}
	}
	return kept
}

// group returns the images with equal keys, sorted by key.
func group(images []naiveImage, key func(naiveImage) string) [][]naiveImage {
	var keys []string
	for _, n := range images {
		keys = append(keys, key(n))
	}
	slices.Sort(keys)
	var groups [][]naiveImage
	for _, k := range slices.Compact(keys) {
		groups = append(groups, keep(images, func(n naiveImage) bool { return key(n) == k }))
	}
	return groups
}

// highest returns the SourceID of the image with the highest version. Of equal versions, the newest image counts, and
// without anyVariant, the newest image without a variant, if there is one.
func highest(images []naiveImage, anyVariant bool) string {
	images = keep(images, func(n naiveImage) bool {
		return !slices.ContainsFunc(images, func(other naiveImage) bool { return other.version.compare(n.version) > 0 })
	})
	without := keep(images, func(n naiveImage) bool { return n.variant == "" })
	if len(without) > 0 && !anyVariant {
		images = without
	}
	newest := slices.MaxFunc(images, func(a, b naiveImage) int { return naiveCompareCreated(a.image, b.image) })
	return *newest.image.SourceID
}

func highestAndCounts(groups [][]naiveImage, anyVariant bool) []string {
	var named []string
	for _, images := range groups {
		named = append(named, fmt.Sprintf("%s of %d", highest(images, anyVariant), len(images)))
	}
	return named
}

// naiveCompareCreated compares images by creation time and then by ID. An invalid time is the oldest.
func naiveCompareCreated(a, b *pai.Image) int {
	created := func(image *pai.Image) time.Time {
		if image.GmtCreateTime == nil {
			return time.Time{}
		}
		parsed, _ := time.Parse(time.RFC3339, *image.GmtCreateTime) // the zero time on error
		return parsed
	}
	id := func(image *pai.Image) string {
		if image.ImageID == nil {
			return ""
		}
		return *image.ImageID
	}
	return cmp.Or(created(a).Compare(created(b)), strings.Compare(id(a), id(b)))
}

// naiveCompareInList compares images by scheme, version, creation time and ID. Images without a version are the lowest.
func naiveCompareInList(a, b naiveImage) int {
	scheme := func(n naiveImage) int {
		switch {
		case n.version == nil:
			return 0
		case n.version.calendar:
			return 2
		default:
			return 1
		}
	}
	order := cmp.Compare(scheme(a), scheme(b))
	if order == 0 && a.version != nil {
		order = a.version.compare(b.version)
	}
	return cmp.Or(order, naiveCompareCreated(a.image, b.image))
}

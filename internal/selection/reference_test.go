package selection

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// This file is a second, simpler implementation of the package. The property tests compare the package with it. It
// handles only the images that the generator returns.

// referenceVersion is a parsed version.
type referenceVersion struct {
	numbers []int
	stage   int // index of the row in preReleases; len(preReleases) for a release
}

func (v referenceVersion) isRelease() bool { return v.stage == len(preReleases) }

func (v referenceVersion) compare(other referenceVersion) int {
	for i := range max(len(v.numbers), len(other.numbers)) {
		var a, b int
		if i < len(v.numbers) {
			a = v.numbers[i]
		}
		if i < len(other.numbers) {
			b = other.numbers[i]
		}
		if a != b {
			return cmp.Compare(a, b)
		}
	}
	return cmp.Compare(v.stage, other.stage)
}

// referenceVersionOf returns the version of an image, and whether the image has a version.
func referenceVersionOf(image *pai.Image, framework string) (referenceVersion, bool) {
	text := ""
	if framework != "" {
		for _, label := range image.Labels {
			if stringOrEmpty(label.Key) == "system.framework."+framework {
				text = stringOrEmpty(label.Value) // no break: the last label applies
			}
		}
	} else if uri := stringOrEmpty(image.ImageURI); !slices.Contains(notReferences, uri) {
		name, _, _ := strings.Cut(uri, "@")
		_, tag, _ := strings.Cut(name[strings.LastIndex(name, "/")+1:], ":")
		text = strings.Split(strings.Split(tag, "-")[0], "_")[0]
	}
	text = strings.TrimPrefix(text, "v")
	attached := strings.TrimLeft(text, "0123456789.")
	var result referenceVersion
	for number := range strings.SplitSeq(strings.TrimRight(strings.TrimSuffix(text, attached), "."), ".") {
		parsed, err := strconv.Atoi(number)
		if err != nil {
			return referenceVersion{}, false
		}
		result.numbers = append(result.numbers, parsed)
	}
	result.stage = slices.IndexFunc(preReleases, func(equal []string) bool { return slices.Contains(equal, attached) })
	if result.stage < 0 {
		result.stage = len(preReleases)
	}
	return result, true
}

// referenceCreated returns the index of the image's creation time in times. A later time has a higher index.
func referenceCreated(image *pai.Image) int {
	created := stringOrEmpty(image.GmtCreateTime)
	return max(0, slices.IndexFunc(times, func(equal []string) bool { return slices.Contains(equal, created) }))
}

// referenceCompareCreated compares images by creation time and then by ID.
func referenceCompareCreated(a, b *pai.Image) int {
	return cmp.Or(cmp.Compare(referenceCreated(a), referenceCreated(b)),
		cmp.Compare(stringOrEmpty(a.ImageID), stringOrEmpty(b.ImageID)))
}

// registryHost matches the start of a registry's host, up to the region. Its group excludes the network and the region.
var registryHost = regexp.MustCompile(`^([a-z-]*registry)(?:-vpc)?\.(?:cn|ap)-[a-z0-9-]+\.`)

// referenceFamily returns a name of the image's repository that is the same in all regions and networks.
func referenceFamily(image *pai.Image) string {
	return registryHost.ReplaceAllString(referenceName(image), "$1.")
}

// referenceName returns the image's URI without its tag and digest.
func referenceName(image *pai.Image) string {
	name, _, _ := strings.Cut(stringOrEmpty(image.ImageURI), "@")
	path := strings.LastIndex(name, "/")
	last, _, _ := strings.Cut(name[path+1:], ":")
	return name[:path+1] + last
}

// referenceRepositories returns the number of images that have a version for each repository.
func referenceRepositories(images []pai.Image, framework string) []RepositoryCount {
	families := make(map[string]RepositoryCount)
	for i := range images {
		if _, ok := referenceVersionOf(&images[i], framework); !ok {
			continue
		}
		family := families[referenceFamily(&images[i])]
		family.Images++
		if name := referenceName(&images[i]); family.Images == 1 || name < family.Name {
			family.Name = name
		}
		families[referenceFamily(&images[i])] = family
	}
	repositories := slices.Collect(maps.Values(families))
	slices.SortFunc(repositories, func(a, b RepositoryCount) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(repositories, func(a, b RepositoryCount) int { return b.Images - a.Images })
	return repositories
}

// referenceAllows reports whether the image's version matches the constraints of the query.
func referenceAllows(q query, image *pai.Image) bool {
	v, ok := referenceVersionOf(image, q.framework)
	than := func(numbers ...int) int { return v.compare(referenceVersion{numbers, len(preReleases)}) }
	return ok && v.isRelease() && map[string]bool{
		">= 2.9":      than(2, 9) >= 0,
		"< 2.9":       than(2, 9) < 0,
		"!= 2.12":     than(2, 12) != 0,
		"~> 1.9":      than(1, 9) >= 0 && than(2) < 0,
		"> 1, < 2.12": than(1) > 0 && than(2, 12) < 0,
	}[q.constraints.String()]
}

// referenceHasLabel reports whether any label has the key and the value. If the value is "*", only the key must match.
func referenceHasLabel(image *pai.Image, key, value string) bool {
	for _, label := range image.Labels {
		if label.Key == nil || *label.Key != key {
			continue
		}
		if value == "*" || label.Value != nil && *label.Value == value {
			return true
		}
	}
	return false
}

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

// What follows says a second time, and in the plainest way, what the package is to find, so that the properties don't
// hold the package against itself. It reads no more than what the generator makes.

// naiveVersion is a version: its numbers, and the row of preReleases that it is in, or one more than the last.
type naiveVersion struct {
	numbers []int
	stage   int
}

func (v naiveVersion) isRelease() bool { return v.stage == len(preReleases) }

func (v naiveVersion) compare(other naiveVersion) int {
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

// naively reads the version of an image, and says whether it has one.
func naively(image *pai.Image, framework string) (naiveVersion, bool) {
	text := ""
	if framework != "" {
		for _, label := range image.Labels {
			if textOf(label.Key) == "system.framework."+framework {
				text = textOf(label.Value) // the last one counts
			}
		}
	} else if uri := textOf(image.ImageURI); !slices.Contains(notReferences, uri) {
		name, _, _ := strings.Cut(uri, "@")
		_, tag, _ := strings.Cut(name[strings.LastIndex(name, "/")+1:], ":")
		text = strings.Split(strings.Split(tag, "-")[0], "_")[0]
	}
	text = strings.TrimPrefix(text, "v")
	attached := strings.TrimLeft(text, "0123456789.")
	var result naiveVersion
	for number := range strings.SplitSeq(strings.TrimRight(strings.TrimSuffix(text, attached), "."), ".") {
		parsed, err := strconv.Atoi(number)
		if err != nil {
			return naiveVersion{}, false
		}
		result.numbers = append(result.numbers, parsed)
	}
	result.stage = slices.IndexFunc(preReleases, func(equal []string) bool { return slices.Contains(equal, attached) })
	if result.stage < 0 {
		result.stage = len(preReleases)
	}
	return result, true
}

// naiveAge is the row of times that an image is in.
func naiveAge(image *pai.Image) int {
	return max(0, slices.IndexFunc(times, func(equal []string) bool { return slices.Contains(equal, textOf(image.GmtCreateTime)) }))
}

// naivelyNewer orders by time and then by id.
func naivelyNewer(a, b *pai.Image) int {
	return cmp.Or(cmp.Compare(naiveAge(a), naiveAge(b)), cmp.Compare(textOf(a.ImageID), textOf(b.ImageID)))
}

// place is what tells the places apart from which a repository is served, with what stands before it.
var place = regexp.MustCompile(`^([a-z-]*registry)(?:-vpc)?\.(?:cn|ap)-[a-z0-9-]+\.`)

// naiveFamily names an image's repository wherever it is served.
func naiveFamily(image *pai.Image) string {
	return place.ReplaceAllString(naiveName(image), "$1.")
}

// naiveName is an image's URI without tag and digest.
func naiveName(image *pai.Image) string {
	name, _, _ := strings.Cut(textOf(image.ImageURI), "@")
	path := strings.LastIndex(name, "/")
	last, _, _ := strings.Cut(name[path+1:], ":")
	return name[:path+1] + last
}

// naiveRepositories counts the images that have a version.
func naiveRepositories(images []pai.Image, framework string) []RepositoryCount {
	families := make(map[string]RepositoryCount)
	for i := range images {
		if _, ok := naively(&images[i], framework); !ok {
			continue
		}
		family := families[naiveFamily(&images[i])]
		family.Images++
		if name := naiveName(&images[i]); family.Images == 1 || name < family.Name {
			family.Name = name
		}
		families[naiveFamily(&images[i])] = family
	}
	repositories := slices.Collect(maps.Values(families))
	slices.SortFunc(repositories, func(a, b RepositoryCount) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(repositories, func(a, b RepositoryCount) int { return b.Images - a.Images })
	return repositories
}

// naivelyMet says whether an image meets all criteria.
func naivelyMet(c Criteria, image *pai.Image) bool {
	for _, pair := range [][2]string{
		{c.Name, textOf(image.Name)},
		{c.ImageURI, textOf(image.ImageURI)},
		{c.WorkspaceID, textOf(image.WorkspaceID)},
		{c.Accessibility, textOf(image.Accessibility)},
	} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	for key, value := range c.Labels {
		if !naivelyLabelled(image, key, value) {
			return false
		}
	}
	if c.NotOfficial && naivelyLabelled(image, "system.official", "true") {
		return false
	}
	if c.NameRegex != nil {
		found := map[string]bool{
			"torch":     strings.Contains(textOf(image.Name), "torch"),
			"^pytorch:": strings.HasPrefix(textOf(image.Name), "pytorch:"),
			"^$":        image.Name != nil && *image.Name == "",
		}
		if !found[c.NameRegex.String()] {
			return false
		}
	}
	if c.Version == nil {
		return true
	}
	v, ok := naively(image, c.Framework)
	than := func(numbers ...int) int { return v.compare(naiveVersion{numbers, len(preReleases)}) }
	return ok && v.isRelease() && map[string]bool{
		">= 2.9":      than(2, 9) >= 0,
		"< 2.9":       than(2, 9) < 0,
		"!= 2.12":     than(2, 12) != 0,
		"~> 1.9":      than(1, 9) >= 0 && than(2) < 0,
		"> 1, < 2.12": than(1) > 0 && than(2, 12) < 0,
	}[c.Version.String()]
}

// naivelyLabelled says whether any label has this key and value, or just this key where the value is `*`.
func naivelyLabelled(image *pai.Image, key, value string) bool {
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

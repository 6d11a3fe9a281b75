package selection

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
)

// ErrNoVersion is returned by Highest if no image has a version.
var ErrNoVersion = errors.New("no image has a version")

// PreReleasesError is returned by Highest if only pre-releases have a version, and they don't count.
type PreReleasesError struct {
	Highest ParsedImage
}

func (e *PreReleasesError) Error() string {
	return fmt.Sprintf("every version is a pre-release, the highest is %s", e.Highest.Version)
}

// RepositoriesError is returned by Highest if the images belong to several repositories. The tags of different
// repositories contain versions of different software, so the versions can't be compared. Repositories that differ only
// in the region or the network of their registry count as one. An image without a valid URI counts as a repository.
type RepositoriesError struct {
	Repositories []Repository // sorted by number of images, largest first, and then by name
}

// Repository is a repository of a RepositoriesError.
type Repository struct {
	Name    string      // shortest name that InRepository accepts for no image of another repository; "" if there is none
	Images  int         // number of images that have a version
	Highest ParsedImage // image that Highest returns for this repository, or the newest with the highest version
}

func (e *RepositoriesError) Error() string {
	names := make([]string, len(e.Repositories))
	for i, r := range e.Repositories {
		names[i] = r.Name
	}
	return "versions of several repositories can't be compared: " + strings.Join(names, ", ")
}

// SchemesError is returned by Highest if the images have both plain and calendar versions.
type SchemesError struct {
	Plain, Calendar ParsedImage // image with the highest version of each scheme
}

func (e *SchemesError) Error() string {
	return fmt.Sprintf("plain versions such as %s and calendar versions such as %s can't be compared",
		e.Plain.Version, e.Calendar.Version)
}

// VariantsError is returned by Highest if several variants have the highest version.
type VariantsError struct {
	Version  *Version
	Variants []Variant // sorted by name
}

// Variant is a variant of one version.
type Variant struct {
	Name   string
	Newest ParsedImage
	Images []ParsedImage
}

func (e *VariantsError) Error() string {
	names := make([]string, len(e.Variants))
	for i, v := range e.Variants {
		names[i] = v.Name
	}
	return fmt.Sprintf("version %s has several variants: %s", e.Version, strings.Join(names, ", "))
}

// groupByRepository returns the images of each repository. The repository of an image without a valid URI is unknown,
// so this image is in a group of its own.
func groupByRepository(images []ParsedImage) [][]ParsedImage {
	families := make(map[string][]ParsedImage)
	for _, p := range images {
		family := p.Reference.Family()
		if family == "" {
			family = ":" + p.Image.Identity() // no family starts with a colon
		}
		families[family] = append(families[family], p)
	}
	return slices.Collect(maps.Values(families))
}

func newRepositoriesError(groups [][]ParsedImage, options HighestOptions) *RepositoriesError {
	const shared = -1
	owners := make(map[string]int) // index of the group that has the name, or shared
	for i, group := range groups {
		for _, p := range group {
			for _, name := range repositoryNames(p.Reference) {
				if owner, ok := owners[name]; ok && owner != i {
					owners[name] = shared
				} else {
					owners[name] = i
				}
			}
		}
	}
	repositories := make([]Repository, len(groups))
	for i, group := range groups {
		repositories[i] = Repository{Images: len(group), Highest: slices.MaxFunc(group, options.compare)}
		// A name with the registry matches the images of one region, which must have the highest version.
		names := repositoryNames(repositories[i].Highest.Reference)
		if unique := slices.IndexFunc(names, func(name string) bool { return owners[name] == i }); unique >= 0 {
			repositories[i].Name = names[unique]
		}
	}
	slices.SortFunc(repositories, func(a, b Repository) int {
		return cmp.Or(cmp.Compare(b.Images, a.Images), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Highest.Reference.FullName(), b.Highest.Reference.FullName()),
			options.compare(b.Highest, a.Highest))
	})
	return &RepositoriesError{Repositories: repositories}
}

// repositoryNames returns the names that InRepository accepts for an image with the reference, shortest first.
func repositoryNames(reference imageuri.Reference) []string {
	full := reference.FullName()
	start := len(full) - len(reference.Repository)
	names := []string{full[start:]}
	for start > 0 {
		start = strings.LastIndex(full[:start-1], "/") + 1
		names = append(names, full[start:])
	}
	return names
}

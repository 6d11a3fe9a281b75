package selection

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// ErrNoVersion is the error of Highest if no image has a version.
var ErrNoVersion = errors.New("no image has a version")

// RepositoriesError is the error of Highest if the images come from several repositories. The tags of each repository
// version different software, so they can't be compared.
type RepositoriesError struct {
	Repositories []RepositoryCount // most images first, then by name
}

// RepositoryCount is the number of images of a repository.
type RepositoryCount struct {
	Name   string // without a tag; of a repository with several registry hosts, the name that sorts first
	Images int    // images that have a version
}

func (e *RepositoriesError) Error() string {
	counts := make([]string, 0, len(e.Repositories))
	for _, repository := range e.Repositories {
		noun := "images"
		if repository.Images == 1 {
			noun = "image"
		}
		counts = append(counts, fmt.Sprintf("%s (%d %s)", repository.Name, repository.Images, noun))
	}
	return "versions of several repositories can't be compared: " + strings.Join(counts, ", ")
}

// Newest returns the image with the latest creation time, and of several such images the one with the highest ID. It
// returns nil if there are no images.
func Newest(images []pai.Image) *pai.Image {
	if len(images) == 0 {
		return nil
	}
	newest := &images[0]
	for i := range images {
		if compareAge(&images[i], newest) > 0 {
			newest = &images[i]
		}
	}
	return newest
}

// NewestFirst returns a copy of the images in the reverse order of pai.CompareCreated.
func NewestFirst(images []pai.Image) []pai.Image {
	sorted := append(make([]pai.Image, 0, len(images)), images...)
	slices.SortFunc(sorted, func(a, b pai.Image) int { return compareAge(&b, &a) })
	return sorted
}

// Highest returns the image with the highest version, as VersionOf reads it, and of several such images the newest.
// Images without a version are ignored.
//
// The error is ErrNoVersion if no image has a version. It is a *RepositoriesError if framework is empty and the images
// come from several repositories.
func Highest(images []pai.Image, framework string) (*pai.Image, error) {
	var candidates []candidate
	for i := range images {
		if v := VersionOf(&images[i], framework); v != nil {
			candidates = append(candidates, candidate{&images[i], v})
		}
	}
	if len(candidates) == 0 {
		return nil, ErrNoVersion
	}
	if framework == "" {
		if repositories := countRepositories(candidates); len(repositories) > 1 {
			return nil, &RepositoriesError{Repositories: repositories}
		}
	}
	return slices.MaxFunc(candidates, func(a, b candidate) int {
		return cmp.Or(compareVersions(a.version, b.version), compareAge(a.image, b.image))
	}).image, nil
}

// candidate is an image that has a version.
type candidate struct {
	image   *pai.Image
	version *version.Version
}

func countRepositories(candidates []candidate) []RepositoryCount {
	families := make(map[string]RepositoryCount)
	for _, c := range candidates {
		reference, _ := imageuri.Parse(*c.image.ImageURI) // no error: VersionOf parsed the same URI
		name, repository := reference.FullName(), families[reference.Family()]
		if repository.Images == 0 || name < repository.Name {
			repository.Name = name
		}
		repository.Images++
		families[reference.Family()] = repository
	}
	return slices.SortedFunc(maps.Values(families), func(a, b RepositoryCount) int {
		return cmp.Or(cmp.Compare(b.Images, a.Images), strings.Compare(a.Name, b.Name))
	})
}

// compareAge compares as pai.CompareCreated does. Images that are equal there are compared by all their fields, so that
// the result never depends on the order of the images.
func compareAge(a, b *pai.Image) int {
	if order := pai.CompareCreated(a, b); order != 0 {
		return order
	}
	return strings.Compare(encode(a), encode(b))
}

func encode(image *pai.Image) string {
	encoded, _ := json.Marshal(image) // never fails: strings, numbers and lists of them
	return string(encoded)
}

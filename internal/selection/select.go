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

// ErrNoVersion is returned by Highest if no image has a version.
var ErrNoVersion = errors.New("no image has a version")

// RepositoriesError is returned by Highest if the images belong to several repositories. The tags of different
// repositories contain versions of different software, so the versions can't be compared.
type RepositoriesError struct {
	Repositories []RepositoryCount // sorted by number of images, largest first, and then by name
}

// RepositoryCount is a repository and the number of its images that have a version.
type RepositoryCount struct {
	Name   string // with the registry, without a tag; if several registries serve it, the first name in byte order
	Images int
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

// Newest returns the image with the latest creation time. If several images have this time, it returns the image with
// the highest ID. It returns nil if there are no images.
func Newest(images []pai.Image) *pai.Image {
	if len(images) == 0 {
		return nil
	}
	newest := &images[0]
	for i := range images {
		if compareCreated(&images[i], newest) > 0 {
			newest = &images[i]
		}
	}
	return newest
}

// NewestFirst returns a copy of the images, sorted by creation time with the newest image first. Images with the same
// time are sorted by ID, with the highest ID first.
func NewestFirst(images []pai.Image) []pai.Image {
	sorted := append(make([]pai.Image, 0, len(images)), images...)
	slices.SortFunc(sorted, func(a, b pai.Image) int { return compareCreated(&b, &a) })
	return sorted
}

// Highest returns the image with the highest version, which VersionOf returns. If several images have this version, it
// returns the newest of them. Images without a version are ignored.
//
// The error is ErrNoVersion if no image has a version. It is a *RepositoriesError if framework is empty and the images
// that have a version belong to several repositories.
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
		return cmp.Or(compareVersions(a.version, b.version), compareCreated(a.image, b.image))
	}).image, nil
}

// candidate is an image that has a version.
type candidate struct {
	image   *pai.Image
	version *version.Version
}

func countRepositories(candidates []candidate) []RepositoryCount {
	byFamily := make(map[string]RepositoryCount)
	for _, c := range candidates {
		reference, _ := imageuri.Parse(*c.image.ImageURI) // can't fail, because VersionOf parsed the same URI
		name, repository := reference.FullName(), byFamily[reference.Family()]
		if repository.Images == 0 || name < repository.Name {
			repository.Name = name
		}
		repository.Images++
		byFamily[reference.Family()] = repository
	}
	return slices.SortedFunc(maps.Values(byFamily), func(a, b RepositoryCount) int {
		return cmp.Or(cmp.Compare(b.Images, a.Images), strings.Compare(a.Name, b.Name))
	})
}

// compareCreated compares images by pai.CompareCreated and then by all other fields. A selection or a sorted list
// therefore never depends on the order of its input.
func compareCreated(a, b *pai.Image) int {
	if order := pai.CompareCreated(a, b); order != 0 {
		return order
	}
	return strings.Compare(encode(a), encode(b))
}

func encode(image *pai.Image) string {
	encoded, _ := json.Marshal(image) // can't fail, because an image has only strings, numbers and lists
	return string(encoded)
}

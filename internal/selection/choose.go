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

// ErrNoVersion says that no image has a version to choose by.
var ErrNoVersion = errors.New("no image has a version")

// RepositoriesError says that images come from more than one repository: the tags of each count something else, so
// that their versions can't be compared.
type RepositoriesError struct {
	Repositories []RepositoryCount // the one with most images first, then by name
}

// RepositoryCount says how many images a repository has. It may be served from several places: Name is one of its
// names as written, without a tag, and the smallest, so that it doesn't depend on the images' order.
type RepositoryCount struct {
	Name   string
	Images int // those with a version: no other can be chosen
}

func (e *RepositoriesError) Error() string {
	named := make([]string, 0, len(e.Repositories))
	for _, repository := range e.Repositories {
		noun := "images"
		if repository.Images == 1 {
			noun = "image"
		}
		named = append(named, fmt.Sprintf("%s (%d %s)", repository.Name, repository.Images, noun))
	}
	return "versions of several repositories can't be compared: " + strings.Join(named, ", ")
}

// Newest gives the image that was created last, nil where there are none. Among equally old ones it is the one with
// the highest id.
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

// NewestFirst gives a copy in the exact reverse of pai.CompareCreated.
func NewestFirst(images []pai.Image) []pai.Image {
	sorted := append(make([]pai.Image, 0, len(images)), images...)
	slices.SortFunc(sorted, func(a, b pai.Image) int { return compareAge(&b, &a) })
	return sorted
}

// Highest gives the image of the highest version, and among those of equal versions the newest. The version is that of
// a framework, or where none is named the tag's; then images of several repositories are a *RepositoriesError. Images
// without a version don't count, and if none has one it is ErrNoVersion.
func Highest(images []pai.Image, framework string) (*pai.Image, error) {
	var candidates []candidate
	for i := range images {
		if found := VersionOf(&images[i], framework); found != nil {
			candidates = append(candidates, candidate{&images[i], found})
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
		reference, _ := imageuri.Parse(*c.image.ImageURI) // can't fail: VersionOf read the version from it
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

// compareAge is pai.CompareCreated, and where that knows no difference, as it may between images of one id, all
// that the images hold: the choice must not depend on the order in which they came.
func compareAge(a, b *pai.Image) int {
	if order := pai.CompareCreated(a, b); order != 0 {
		return order
	}
	return strings.Compare(everything(a), everything(b))
}

func everything(image *pai.Image) string {
	encoded, _ := json.Marshal(image) // texts, numbers and lists of them can't fail
	return string(encoded)
}

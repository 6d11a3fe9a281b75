package selection

import (
	"testing"

	"github.com/hashicorp/go-version"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// constraints contain no pre-releases. TestAllows checks constraints with pre-releases.
var constraints = []version.Constraints{
	constraint(">= 2.9"), constraint("< 2.9"), constraint("!= 2.12"), constraint("~> 1.9"), constraint("> 1, < 2.12"),
}

// query is a filter by version, with the images that it is applied to.
type query struct {
	images      []pai.Image
	constraints version.Constraints
	framework   string
}

func (q query) match(image *pai.Image) bool {
	return Allows(q.constraints, VersionOf(image, q.framework))
}

func queries(t *testing.T) *rapid.Generator[query] {
	t.Helper()
	catalogue := catalogues(t)
	return rapid.Custom(func(t *rapid.T) query {
		return query{
			images:      catalogue.Draw(t, "images"),
			constraints: rapid.SampledFrom(constraints).Draw(t, "version"),
			framework:   frameworks.Draw(t, "framework"),
		}
	})
}

// TestVersionsMatchReference compares filters by version with the reference implementation.
func TestVersionsMatchReference(t *testing.T) {
	t.Parallel()
	drawn := queries(t)
	rapid.Check(t, func(t *rapid.T) {
		q := drawn.Draw(t, "query")
		for i := range q.images {
			got, want := q.match(&q.images[i]), referenceAllows(q, &q.images[i])
			if got != want {
				t.Errorf("%s of %q: got %t, want %t for %s", q.constraints, q.framework, got, want, encodeIndented(&q.images[i]))
			}
		}
	})
}

// TestLabelsMatchReference compares HasLabel with the reference implementation.
func TestLabelsMatchReference(t *testing.T) {
	t.Parallel()
	catalogue := catalogues(t)
	rapid.Check(t, func(t *rapid.T) {
		images := catalogue.Draw(t, "images")
		key, value := anyOf(labelKeys).Draw(t, "key"), anyOf(labelValues).Draw(t, "value")
		for i := range images {
			got, want := HasLabel(&images[i], key, value), referenceHasLabel(&images[i], key, value)
			if got != want {
				t.Errorf("%q = %q: got %t, want %t for %s", key, value, got, want, encodeIndented(&images[i]))
			}
		}
	})
}

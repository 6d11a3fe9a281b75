package selection_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

const (
	catalogueSize = 10_000
	selections    = 100_000
	shards        = 10 // subtests that run at the same time

	// minOutcomes is how many selections must have each outcome, so that the test compares enough of them.
	minOutcomes = selections / 50
)

// TestHighestMatchesNaiveImplementation compares the images that random selections return, or their errors.
func TestHighestMatchesNaiveImplementation(t *testing.T) {
	t.Parallel()
	c := theCatalogue()
	var counts [shards]map[string]int
	for shard := range uint64(shards) {
		count := make(map[string]int)
		counts[shard] = count
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			g := newGenerator(1 + shard)
			for range selections / shards {
				s := g.selectionCase(c)
				got, want := s.run(t, c)
				if got != want {
					s = s.shrink(t, c)
					got, want = s.run(t, c)
					t.Fatalf("seed %d: got %v, want %v\n%s", *seed, got, want, s.describe(c))
				}
				count[want.kind]++
			}
		})
	}
	t.Cleanup(func() { // runs after the subtests
		for _, kind := range []string{
			selected, noVersion, onlyPreReleases, severalRepositories, severalSchemes, severalVariants,
		} {
			sum := 0
			for _, count := range counts {
				sum += count[kind]
			}
			if sum < minOutcomes {
				t.Errorf("%s: got %d selections, want at least %d", kind, sum, minOutcomes)
			}
		}
	})
}

// outcomeOf returns what Highest returned.
func outcomeOf(t *testing.T, image *pai.Image, err error) outcome {
	t.Helper()
	if err == nil {
		return outcome{selected, *image.SourceID}
	}
	if image != nil {
		t.Fatalf("got an image and error %v", err)
	}
	if errors.Is(err, selection.ErrNoVersion) {
		return outcome{kind: noVersion}
	}
	var preReleases *selection.PreReleasesError
	if errors.As(err, &preReleases) {
		return outcome{onlyPreReleases, *preReleases.Highest.Image.SourceID}
	}
	var named []string
	var repositories *selection.RepositoriesError
	if errors.As(err, &repositories) {
		for _, r := range repositories.Repositories {
			named = append(named, fmt.Sprintf("%s of %d", *r.Highest.Image.SourceID, r.Images))
		}
		slices.Sort(named)
		return outcome{severalRepositories, strings.Join(named, " ")}
	}
	var schemes *selection.SchemesError
	if errors.As(err, &schemes) {
		return outcome{severalSchemes, *schemes.Plain.Image.SourceID + " " + *schemes.Calendar.Image.SourceID}
	}
	var variants *selection.VariantsError
	if !errors.As(err, &variants) {
		t.Fatalf("got an unexpected error: %v", err)
	}
	for _, v := range variants.Variants {
		named = append(named, fmt.Sprintf("%s of %d", *v.Newest.Image.SourceID, len(v.Images)))
	}
	return outcome{severalVariants, strings.Join(named, " ")}
}

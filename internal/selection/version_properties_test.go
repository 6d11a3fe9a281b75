package selection_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// texts is how many random texts and pairs of texts the tests below read.
const texts = 50_000

// TestVersionsOfImagesMatchNaiveImplementation compares the versions and variants of the catalogue's images
// and of those that PAI publishes.
func TestVersionsOfImagesMatchNaiveImplementation(t *testing.T) {
	t.Parallel()
	read := maps.Clone(theCatalogue().read)
	read[""] = append(slices.Clone(read[""]), publishedImages(t)...)
	for framework, images := range read {
		for _, n := range images {
			parsed := selection.ParseImage(n.image, framework)
			if !checkVersion(t, encode(n.image), parsed.Version, n.version) || n.version == nil {
				continue
			}
			if got := parsed.Variant(); got != n.variant {
				t.Errorf("framework %q: got variant %q, want %q of %s", framework, got, n.variant, encode(n.image))
			}
		}
	}
}

// publishedImages returns images with the URIs that PAI publishes.
func publishedImages(t *testing.T) []naiveImage {
	t.Helper()
	file, err := os.ReadFile("testdata/image_uris.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var images []naiveImage
	for line := range strings.Lines(string(file)) {
		uri, _, _ := strings.Cut(line, "\t")
		images = append(images, readNaively(&pai.Image{ImageURI: &uri, SourceID: &uri}, ""))
	}
	return images
}

// TestVersionsMatchNaiveImplementation compares the versions of random texts, and the order of pairs of them.
func TestVersionsMatchNaiveImplementation(t *testing.T) {
	t.Parallel()
	g := newGenerator(100)
	orders := make(map[int]int)
	var previous *selection.Version
	var naivePrevious *naiveVersion
	for range texts {
		text := g.randomText()
		v, naive := selection.ParseVersion(text), naiveParse(text)
		if !checkVersion(t, text, v, naive) || v == nil {
			continue
		}
		if previous != nil {
			got, want := v.Compare(previous), naive.compare(naivePrevious)
			if got != want {
				t.Errorf("%q (%s) and %s: got order %d, want %d", text, v, previous, got, want)
			}
			orders[want]++
		}
		if g.isOneOf(2) {
			previous, naivePrevious = v, naive
		}
	}
	for _, order := range []int{-1, 0, 1} {
		if orders[order] < texts/100 {
			t.Errorf("%d pairs have the order %d, want at least %d", orders[order], order, texts/100)
		}
	}
}

// TestConstraintsMatchNaiveImplementation compares whether random versions match random constraints.
func TestConstraintsMatchNaiveImplementation(t *testing.T) {
	t.Parallel()
	g := newGenerator(200)
	counts := make(map[[2]bool]int) // by whether the version is a pre-release and matches
	for range texts {
		text := g.oneOf(g.constraintVersion(), g.version(g.pick(plainPaths)))
		v, naive := selection.ParseVersion(text), naiveParse(text)
		constraints := g.constraints(naive)
		got, want := parseConstraints(t, constraints).Allow(v), naiveAllows(constraints, naive)
		if got != want {
			t.Errorf("%q of %q: got %t, want %t", constraintText(constraints), text, got, want)
		}
		counts[[2]bool{naive != nil && naive.isPreRelease(), want}]++
	}
	for _, isPreRelease := range []bool{false, true} {
		for _, isAllowed := range []bool{false, true} {
			if got := counts[[2]bool{isPreRelease, isAllowed}]; got < texts/100 {
				t.Errorf("pre-release %t, allowed %t: got %d versions, want at least %d", isPreRelease, isAllowed, got, texts/100)
			}
		}
	}
}

// checkVersion compares a version that the package read with the naive reading, and reports whether they are the same.
func checkVersion(t *testing.T, text string, got *selection.Version, want *naiveVersion) bool {
	t.Helper()
	switch {
	case got == nil && want == nil:
		return true
	case got == nil:
		t.Errorf("%q: got no version, want %s", text, want.text)
	case want == nil:
		t.Errorf("%q: got version %s, want none", text, got)
	case got.String() != want.text || got.IsCalendar() != want.calendar || got.IsPreRelease() != want.isPreRelease():
		t.Errorf("%q: got %s, calendar %t, pre-release %t; want %s, %t, %t", text,
			got, got.IsCalendar(), got.IsPreRelease(), want.text, want.calendar, want.isPreRelease())
	default:
		return true
	}
	return false
}

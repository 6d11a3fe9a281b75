package selection

import (
	"testing"

	"pgregory.net/rapid"
)

// TestOrderIsTotal checks that Compare is a total order for random versions, many of which have equal numbers.
func TestOrderIsTotal(t *testing.T) {
	t.Parallel()
	texts := rapid.SliceOfN(rapid.StringMatching(
		`v?[12](\.[09]){0,3}([-_.]?(rc|alpha|beta|pre|dev|nightly|ea|post|PAI)\.?[0-9]{0,2}|[abc][0-9]?)?(-gpu)?(-rc[12])?`,
	), 3, 8)
	rapid.Check(t, func(rt *rapid.T) {
		var versions []*Version
		for _, text := range texts.Draw(rt, "texts") {
			if v := ParseVersion(text); v != nil {
				versions = append(versions, v)
			}
		}
		checkOrder(t, versions)
	})
}

// FuzzVersions checks that Compare is a total order for any three texts, and that the text of a version is a constraint
// that allows the version.
func FuzzVersions(f *testing.F) {
	for _, texts := range [][3]string{
		{"2.9.1-gpu-py312", "2.10.1", "2.10.1rc1"},
		{"1.0-rc.1", "1.0.0-rc.01", "v1.0.0.0"},
		{"1.0.post1.dev3", "1.0a0+50eac811", "1.0-gpu-nightly"},
		{"1.12PAI_x", "0.13.0rc2.dev+a8ec486.20260305pai", "deeprec2212-gpu"},
		{" 1.9223372036854775807", "26.07.20-pytorch2.11", "v100"},
	} {
		f.Add(texts[0], texts[1], texts[2])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var versions []*Version
		for _, text := range []string{a, b, c} {
			v := ParseVersion(text)
			if v == nil {
				continue
			}
			versions = append(versions, v)
			constraints, err := ParseConstraints(v.String())
			if v.stage == stagePost {
				continue // a constraint can't name a post-release
			}
			if err != nil || !constraints.Allow(v) {
				t.Errorf("%q: the constraint %q doesn't allow its version, or has an error: %v", text, v, err)
			}
		}
		checkOrder(t, versions)
	})
}

// checkOrder checks that Compare is reflexive, antisymmetric and transitive for these versions.
func checkOrder(t *testing.T, versions []*Version) {
	t.Helper()
	for _, a := range versions {
		same := *a
		if a.Compare(&same) != 0 {
			t.Errorf("%s is not equal to itself", a)
		}
		for _, b := range versions {
			if a.Compare(b) != -b.Compare(a) {
				t.Errorf("%s and %s: %d, and swapped %d", a, b, a.Compare(b), b.Compare(a))
			}
			for _, c := range versions {
				ab, bc, ac := a.Compare(b), b.Compare(c), a.Compare(c)
				if ab <= 0 && bc <= 0 && (ac > 0 || ac == 0 && (ab < 0 || bc < 0)) {
					t.Errorf("%s, %s, %s: compared %d and %d, but first to last %d", a, b, c, ab, bc, ac)
				}
			}
		}
	}
}

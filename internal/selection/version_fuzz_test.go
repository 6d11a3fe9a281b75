package selection

import (
	"testing"

	"github.com/hashicorp/go-version"
)

// FuzzVersions checks that compareVersions orders any three versions consistently, and that formatting and parsing a
// version returns the same version.
func FuzzVersions(f *testing.F) {
	for _, tags := range [][3]string{
		{"2.9.1-gpu-py312", "2.10.1", "2.10.1rc1"},
		{"1.0-rc.1", "1.0.0-rc.01", "v1.0.0.0"},
		{"1-rc.a", "1-rc", "1-99999999999999999999"},
		{"1.12PAI_x", "0.13.0rc2.dev+a8ec486.20260305pai", "deeprec2212-gpu"},
		{" 9223372036854775807", "9223372036854775808.1", "1.-rc-.1-"},
	} {
		f.Add(tags[0], tags[1], tags[2])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, parse := range []func(string) *version.Version{ParseVersion, TagVersion} {
			var versions []*version.Version
			for _, text := range []string{a, b, c} {
				parsed := parse(text)
				if parsed == nil {
					continue
				}
				versions = append(versions, parsed)
				again := ParseVersion(parsed.String())
				if again == nil || compareVersions(parsed, again) != 0 || again.String() != parsed.String() {
					t.Errorf("%q: version %s is parsed again as %v", text, parsed, again)
				}
			}
			checkOrder(t, versions)
		}
	})
}

// checkOrder checks that compareVersions is reflexive, antisymmetric and transitive for these versions.
func checkOrder(t *testing.T, versions []*version.Version) {
	t.Helper()
	for _, a := range versions {
		for _, b := range versions {
			if compareVersions(a, a) != 0 || compareVersions(a, b) != -compareVersions(b, a) {
				t.Errorf("%s and %s: %d, and swapped %d", a, b, compareVersions(a, b), compareVersions(b, a))
			}
			for _, c := range versions {
				ab, bc, ac := compareVersions(a, b), compareVersions(b, c), compareVersions(a, c)
				if ab <= 0 && bc <= 0 && (ac > 0 || ac == 0 && (ab < 0 || bc < 0)) {
					t.Errorf("%s, %s, %s: compared %d and %d, but first to last %d", a, b, c, ab, bc, ac)
				}
			}
		}
	}
}

package selection

import (
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"pgregory.net/rapid"
)

// TestCompareVersions compares all pairs of a sorted list of versions. Equal versions are in the same row.
func TestCompareVersions(t *testing.T) {
	t.Parallel()
	rows := []string{
		"0 0.0.0.0",
		"0.9",
		"0.13.0-rc1",
		"0.13.0-rc2",
		"0.13.0-rc2.a8ec486.20260305pai",
		"0.13.0",
		"1.0.0-0 1.0-00 1.0.0.0-0",
		"1.0.0-1",
		"1.0.0-1.0",
		"1.0.0-99999999999999999999",
		"1.0.0-100000000000000000000",
		"1.0.0-RC1",
		"1.0.0-alpha",
		"1.0.0-alpha.1",
		"1.0.0-alpha.beta",
		"1.0.0-beta",
		"1.0.0-beta.2 1.0.0.0.0-beta.2",
		"1.0.0-beta.11",
		"1.0.0-dev20230101",
		"1.0.0-dev20230102",
		"1.0.0-rc",
		"1.0.0-rc.1 1.0.0-rc.01 1-rc.001",
		"1.0.0-rc.1.1",
		"1.0.0-rc.2",
		"1.0.0-rc.99999999999999999999",
		"1.0.0-rc.-1", // a part with a hyphen is not a number
		"1.0.0-rc.a",
		"1.0.0-rc1",
		"1.0.0-rc10", // lower than rc9: as in SemVer, parts that are not numbers are compared as text
		"1.0.0-rc9",
		"1 1.0 1.0.0 1.0.0.0 1.0.0+cu118 1.00",
		"1.0.0.0.1-rc1",
		"1.0.0.1",
		"1.0.1-rc1",
		"1.0.1",
		"2.9.9",
		"2.12",
		"9223372036854775807",
	}
	for i, row := range rows {
		for j, other := range rows {
			want := min(max(i-j, -1), 1)
			for a := range strings.FieldsSeq(row) {
				for b := range strings.FieldsSeq(other) {
					if got := compareVersions(version.Must(version.NewVersion(a)), version.Must(version.NewVersion(b))); got != want {
						t.Errorf("compareVersions(%s, %s): got %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
}

// TestLibraryOrderIsInconsistent checks that Version.Compare still has the defects that compareVersions avoids. If the
// test fails, compareVersions may no longer be needed.
func TestLibraryOrderIsInconsistent(t *testing.T) {
	t.Parallel()
	compare := func(a, b string) int {
		return version.Must(version.NewVersion(a)).Compare(version.Must(version.NewVersion(b)))
	}
	const large = "1-99999999999999999999"
	for claim, holds := range map[string]bool{
		"a cycle": compare("1-rc.a", "1-rc") < 0 && compare("1-rc", "1-rc.1") < 0 &&
			compare("1-rc.1", "1-rc.a") < 0,
		"versions below each other": compare("1-rc.1", "1-rc.01") < 0 && compare("1-rc.01", "1-rc.1") < 0,
		"versions above each other": compare(large, "1-rc") > 0 && compare("1-rc", large) > 0,
		"a release equal to its pre-release": compare("1.0.0.0", "1.0.0") == 0 && compare("1.0.0.0", "1.0.0-rc1") == 0 &&
			compare("1.0.0", "1.0.0-rc1") > 0,
	} {
		if !holds {
			t.Errorf("the library's order no longer has %s", claim)
		}
	}
}

// TestCompareVersionsIsConsistent checks that compareVersions is reflexive, antisymmetric and transitive.
func TestCompareVersionsIsConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := oddVersions.Draw(t, "a"), oddVersions.Draw(t, "b"), oddVersions.Draw(t, "c")
		if compareVersions(a, a) != 0 {
			t.Errorf("%s is not equal to itself", a)
		}
		if compareVersions(a, b) != -compareVersions(b, a) {
			t.Errorf("%s and %s: %d, and swapped %d", a, b, compareVersions(a, b), compareVersions(b, a))
		}
		if compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0 && compareVersions(a, c) > 0 {
			t.Errorf("%s <= %s <= %s, but the first is above the last", a, b, c)
		}
	})
}

// TestOrderAgreesWithLibrary checks that compareVersions agrees with the library for simple versions. Two simple
// versions have equally many segments and parts, and their numbers are small and have no leading zeros.
func TestOrderAgreesWithLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(0, 3).Draw(t, "parts")
		plain := rapid.Custom(func(t *rapid.T) *version.Version {
			number := rapid.StringMatching(`[0-2]\.(9|1[0-2]?)\.[01]`).Draw(t, "number")
			suffix := rapid.SliceOfN(rapid.StringMatching(`[0-9]|1[0-9]|(rc|dev|Beta)[0-9]{0,2}`), parts, parts).Draw(t, "parts")
			if drop := rapid.Bool().Draw(t, "release"); drop || parts == 0 {
				return version.Must(version.NewVersion(number))
			}
			return version.Must(version.NewVersion(number + "-" + strings.Join(suffix, ".")))
		})
		a, b := plain.Draw(t, "a"), plain.Draw(t, "b")
		if got, want := compareVersions(a, b), a.Compare(b); got != want {
			t.Errorf("compareVersions(%s, %s): got %d, want %d as in the library", a, b, got, want)
		}
	})
}

// oddVersions generates similar versions, including those that the library orders inconsistently.
var oddVersions = rapid.Custom(func(t *rapid.T) *version.Version {
	number := rapid.SampledFrom([]string{"1", "1.0.0", "1.0.0.0", "1.0.1", "1.0.0.1"}).Draw(t, "number")
	part := rapid.SampledFrom([]string{
		"0", "00", "1", "01", "2", "10", "99999999999999999999", "rc", "rc1", "rc01", "a8ec486", "20260305pai", "-1", "-",
	})
	parts := rapid.SliceOfN(part, 0, 3).Draw(t, "parts")
	if len(parts) == 0 {
		return version.Must(version.NewVersion(number))
	}
	return version.Must(version.NewVersion(number + "-" + strings.Join(parts, ".")))
})

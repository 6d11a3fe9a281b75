package selection

import (
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"pgregory.net/rapid"
)

// TestCompareVersions holds the order against a list that is written down in order; equal ones stand in one row.
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
		"1.0.0-rc.-1", // a part with a hyphen is no number
		"1.0.0-rc.a",
		"1.0.0-rc1",
		"1.0.0-rc10", // SemVer's order, and the library's, is that of the letters where a part is no number
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
						t.Errorf("%s against %s: %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
}

// TestLibraryHasNoOrder shows why there is an order of our own. If it fails, the library may have learned one.
func TestLibraryHasNoOrder(t *testing.T) {
	t.Parallel()
	compare := func(a, b string) int {
		return version.Must(version.NewVersion(a)).Compare(version.Must(version.NewVersion(b)))
	}
	for claim, holds := range map[string]bool{
		"goes round in a circle":              compare("1-rc.a", "1-rc") < 0 && compare("1-rc", "1-rc.1") < 0 && compare("1-rc.1", "1-rc.a") < 0,
		"is below each other":                 compare("1-rc.1", "1-rc.01") < 0 && compare("1-rc.01", "1-rc.1") < 0,
		"is above each other":                 compare("1-99999999999999999999", "1-rc") > 0 && compare("1-rc", "1-99999999999999999999") > 0,
		"takes a release for its pre-release": compare("1.0.0.0", "1.0.0") == 0 && compare("1.0.0.0", "1.0.0-rc1") == 0 && compare("1.0.0", "1.0.0-rc1") > 0,
	} {
		if !holds {
			t.Errorf("the library no longer %s", claim)
		}
	}
}

// TestVersionsAreOrdered shows that any three versions have an order, whichever way they are compared.
func TestVersionsAreOrdered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var of [3]*version.Version
		for i := range of {
			of[i] = oddVersions.Draw(t, "version")
		}
		a, b, c := of[0], of[1], of[2]
		if compareVersions(a, a) != 0 {
			t.Errorf("%s is not equal to itself", a)
		}
		if compareVersions(a, b) != -compareVersions(b, a) {
			t.Errorf("%s and %s: %d, and the other way %d", a, b, compareVersions(a, b), compareVersions(b, a))
		}
		if compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0 && compareVersions(a, c) > 0 {
			t.Errorf("%s is not above %s, nor that above %s, but the first is above the last", a, b, c)
		}
	})
}

// TestOrderIsTheLibrarys shows that only what is wrong there is different here: as many numbers, as many parts, and no
// number that is written in two ways or is too large.
func TestOrderIsTheLibrarys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(0, 3).Draw(t, "parts")
		plain := rapid.Custom(func(t *rapid.T) *version.Version {
			number := rapid.StringMatching(`[0-2]\.(9|1[0-2]?)\.[01]`).Draw(t, "number")
			attached := rapid.SliceOfN(rapid.StringMatching(`[0-9]|1[0-9]|(rc|dev|Beta)[0-9]{0,2}`), parts, parts).Draw(t, "parts")
			if drop := rapid.Bool().Draw(t, "release"); drop || parts == 0 {
				return version.Must(version.NewVersion(number))
			}
			return version.Must(version.NewVersion(number + "-" + strings.Join(attached, ".")))
		})
		a, b := plain.Draw(t, "a"), plain.Draw(t, "b")
		if got, want := compareVersions(a, b), a.Compare(b); got != want {
			t.Errorf("%s against %s: %d, the library says %d", a, b, got, want)
		}
	})
}

// oddVersions are close to each other, and made of all that the library can't put in order.
var oddVersions = rapid.Custom(func(t *rapid.T) *version.Version {
	number := rapid.SampledFrom([]string{"1", "1.0.0", "1.0.0.0", "1.0.1", "1.0.0.1"}).Draw(t, "number")
	part := rapid.SampledFrom([]string{"0", "00", "1", "01", "2", "10", "99999999999999999999", "rc", "rc1", "rc01", "a8ec486", "20260305pai", "-1", "-"})
	parts := rapid.SliceOfN(part, 0, 3).Draw(t, "parts")
	if len(parts) == 0 {
		return version.Must(version.NewVersion(number))
	}
	return version.Must(version.NewVersion(number + "-" + strings.Join(parts, ".")))
})

package selection

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

func TestAllow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		constraint       string
		allowed, refused string // texts that start with a version
	}{
		{"~> 2.3", "2.3 2.3.1 2.8.0 2.99 2.4.post1", "2.2.9 3.0 2.4rc1 2.3rc1"},
		{"~> 2.3.0", "2.3 2.3.9 2.3.0.1", "2.4.0 2.2 2.3.1rc1"},
		{"~> 2", "2 2.1 3.0 99.0", "1.9"},
		{">= 2.0, < 3.0", "2.0 2.0PAI 2.99.9", "1.99 3.0 2.5rc1 3.0rc1 2.0.0rc1"},
		{"= 1.12", "1.12 1.12.0 1.12PAI v1.12.0+cu1 1.12.post1", "1.12.1 1.12rc1 1.2"},
		{"1.15", "1.15deeprec2106", "1.15.5"},
		{"!= 2.0", "1.9 2.0.1 3.0PAI", "2.0 2.0.0PAI 2.0rc1 1.9rc1 3.0.dev1 2.0.post1"},
		{"!= 2.0, != 2.1", "2.2", "2.0 2.1 2.2rc1"},
		{"!= 2.0-rc1", "2.0 1.0", "2.0rc1 2.0rc2"}, // it excludes a pre-release, and so doesn't allow others
		{" != 2.0", "2.1", "2.1rc1"},
		{"> 1.9", "1.10 2", "1.9 1.8 1.9.post1"}, // 1.10 is higher as a number, but lower as text
		{"< 3", "2.99", "3.0 3.0rc1"},
		{"<= 2.9", "2.9 2.8 2.9.post2", "2.9.1 2.9rc1"},
		{"= 0.13.0-rc2", "0.13.0rc2.a8ec486.20260305pai 0.13.0c2", "0.13.0rc1 0.13.0"},
		{">= 0.13.0-rc2", "0.13.0rc2 0.13.0rc19 0.13.0 0.14.0", "0.13.0alpha 0.13.0rc1 0.14.0rc1 0.12.9"},
		{">= 0.13.0-rc1, != 0.13.0-rc2", "0.13.0rc1 0.13.0rc3 0.13.0", "0.13.0rc2"},
		{">= 0.13-rc1, < 1.0", "0.13.0rc1 0.13.1", "1.0 0.14rc1"}, // one of the conditions names a pre-release
		{"~> 0.8, >= 0.13.0-rc1", "0.13.0rc1 0.13.0", "1.0 0.12"},
		{"~> 0.13.0-rc1", "0.13.0rc2 0.13.0 0.13.9", "0.13.1rc1 0.14"},
		{">= 2.9.0-dev", "2.9.0-nightly 2.9.0a1 2.9.0rc1 2.9.0", "2.9.1rc1"},
		{"= 2.9.0-ea.1", "2.9.0-ea.1 2.9.0-pre1", "2.9.0-ea.2"},
		{">= 0", "0 99.0.0 1.0.post1", "1.0rc1 1.0.dev1 1.0nightly gpu"},
		{">= 2.9.0-a0", "2.9.0a0+50eac811 2.9.0b1 2.9.0", "2.9.0-dev"},
		{"< 17", "2.9.1 16.04", "17.01 23.12 2025.1"},
		{">= 17", "23.12 26.07.20 2025.1 100.1", "2.9.1"},
		{"= 26.7.20", "26.07.20", "26.07.21"},
	}
	for _, test := range tests {
		constraints, err := ParseConstraints(test.constraint)
		if err != nil {
			t.Errorf("%q: %v", test.constraint, err)
			continue
		}
		for texts, want := range map[string]bool{test.allowed: true, test.refused: false} {
			for text := range strings.FieldsSeq(texts) {
				if got := constraints.Allow(ParseVersion(text)); got != want {
					t.Errorf("%q and %s: got %t, want %t", test.constraint, text, got, want)
				}
			}
		}
	}
}

func TestParseConstraintsErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "not a version constraint",
		"latest":                       "not a version constraint",
		"^2.0":                         "not a version constraint",
		">= 2.0 < 3.0":                 "not a version constraint",
		">= 2.0,":                      "not a version constraint",
		"2.9.0-gpu":                    `use "2.9.0"`,
		">= 2.9.0-gpu-nightly":         `use "2.9.0"`,
		"2.9.0+cu128":                  `use "2.9.0"`,
		"2.9.0-":                       `use "2.9.0"`,
		">= 1.0, = 0.8.5-post1":        `use "0.8.5"`,
		"= 1.99999999999999999999":     "not a version constraint",
		"= 1.0-rc99999999999999999999": "too many digits",
	} {
		if _, err := ParseConstraints(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q in it", text, err, want)
		}
	}
}

func TestExactVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"2.9": "2.9", "= 2.9.0": "2.9.0", ">= 2.9": none, "2.9, 2.9": none} {
		constraints, err := ParseConstraints(text)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := constraints.ExactVersion()
		if ok != (want != none) || describe(got) != want {
			t.Errorf("%q: got %s, %t, want %s", text, describe(got), ok, want)
		}
	}
}

// TestAllowAgreesWithLibrary checks that Allow returns the same as the library for releases.
func TestAllowAgreesWithLibrary(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	number := func() string { return pick("1", "2", "10") + pick("", ".0", ".9", ".12") + pick("", ".0", ".1") }
	allowed := 0
	for range 20_000 {
		text := pick("", "=", "!=", ">", ">=", "<", "<=", "~>") + " " + number()
		if random.IntN(3) == 0 {
			text += ", " + pick(">", "<=", "!=") + number()
		}
		release := number()
		constraints, err := ParseConstraints(text)
		if err != nil {
			t.Fatal(err)
		}
		library := version.MustConstraints(version.NewConstraint(text))
		got, want := constraints.Allow(ParseVersion(release)), library.Check(version.Must(version.NewVersion(release)))
		if got != want {
			t.Errorf("%q and %s: got %t, want %t as in the library", text, release, got, want)
		}
		if want {
			allowed++
		}
	}
	if allowed < 5_000 || allowed > 15_000 {
		t.Errorf("%d of 20000 versions are allowed: the test compares too few of one kind", allowed)
	}
}

package lookup

import (
	"slices"
	"strings"
	"testing"
)

// TestSortByDistance checks the order of values that differ in case, in a few characters, and completely.
func TestSortByDistance(t *testing.T) {
	t.Parallel()
	want := []string{"Vision_Lab", "visionlab", "vision_lab_2", "speech", "default_workspace"}
	got := slices.Clone(want)
	slices.Sort(got)
	SortByDistance(got, "vision_lab")
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "ab", 2},
		{"kitten", "sitting", 3},
		{"Ä", "ä", 0},
		{"abc", "", 3},
		{"ab", "ba", 2},
		{strings.Repeat("a", 50), strings.Repeat("b", 99), maxDistance + 1},
	} {
		if got := Distance(test.a, test.b); got != test.want || Distance(test.b, test.a) != test.want {
			t.Errorf("distance of %q and %q: got %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

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
		value, requested string
		want             int
	}{
		{"", "", 0},
		{"", "ab", 2},
		{"abc", "", 2},
		{"kitten", "sitting", 3},
		{"sitting", "kitten", 3},
		{"ab", "ba", 2},
		{"Ä", "ä", 0},
		{"pytorch:2.9.1-gpu-py312", "pytorch:2.9", 2},
		{"pytorch:2.9.1-gpu-py312", "Pytorch-2.9", 3},
		{"pytorch:2.9", "pytorch:2.9.1-gpu-py312", 12},
		{strings.Repeat("a", 50), strings.Repeat("b", 99), maxDistance + 1},
	} {
		if got := Distance(test.value, test.requested); got != test.want {
			t.Errorf("distance of %q from %q: got %d, want %d", test.value, test.requested, got, test.want)
		}
	}
}

package pai_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestCompareCreated checks that sorting restores the order of a shuffled list.
func TestCompareCreated(t *testing.T) {
	t.Parallel()
	image := func(id, at string) pai.Image {
		image := pai.Image{}
		if id != "" {
			image.ImageID = &id
		}
		if at != "" {
			image.GmtCreateTime = &at
		}
		return image
	}
	want := []pai.Image{
		image("", ""),
		image("a", ""),
		image("b", "not a time"),
		image("d", "2020-01-01T00:00:00.1Z"),
		image("c", "2020-01-01T00:00:00.10001Z"),
		image("a", "2021-01-01T00:00:00+08:00"), // still 2020 in UTC
		image("a", "2021-01-01T00:00:00Z"),
		image("b", "2021-01-01T00:00:00.000Z"),
		image("c", "1609459200000"),
		image("b", "1609459200001"),
		image("c", "2021-01-01 00:01"),
		image("a", "20210101T000200Z"),
	}
	for range 50 {
		got := slices.Clone(want)
		rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, func(a, b pai.Image) int { return pai.CompareCreated(&a, &b) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

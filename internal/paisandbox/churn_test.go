package paisandbox

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seenByAsking is the whole catalogue at each of so many requests, one at a time.
func seenByAsking(t *testing.T, c *caller, requests int) [][]Image {
	t.Helper()
	var all [][]Image
	for range requests {
		all = append(all, c.list(t, "PageSize=100&Verbose=true&SortBy=GmtCreateTime").Images)
	}
	return all
}

// TestHistoryIsWhatWasSeen holds what watches tell against the answers, filtered and not: they agree in every image.
func TestHistoryIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	every := func(*Image) bool { return true }
	red := func(i *Image) bool { return strings.HasPrefix(i.Name.Or(""), "red") }
	for seed := range uint64(8) {
		s := start(t, Options{})
		churn, c := s.StartChurn(ChurnOptions{Seed: seed, Images: 8, Likelihood: 0.7}), newCaller(s)
		long := churn.Watch()
		answers := seenByAsking(t, c, 20)
		short := churn.Watch()
		answers = append(answers, seenByAsking(t, c, 20)...)
		for watch, seen := range map[*Watch][][]Image{short: answers[20:], long: answers} {
			history := watch.End()
			for name, meets := range map[string]func(*Image) bool{"any": every, "red": red} {
				stayed, ever := maps.Clone(idSet(seen[0], meets)), make(map[string]bool)
				for _, images := range seen {
					there := idSet(images, meets)
					maps.DeleteFunc(stayed, func(id string, _ bool) bool { return !there[id] })
					maps.Copy(ever, there)
				}
				if diff := cmp.Diff(slices.Sorted(maps.Keys(stayed)), history.Stayed(meets)); diff != "" {
					t.Errorf("seed %d, %s, stayed: %s", seed, name, diff)
				}
				if diff := cmp.Diff(slices.Sorted(maps.Keys(ever)), history.Ever(meets)); diff != "" {
					t.Errorf("seed %d, %s, ever: %s", seed, name, diff)
				}
			}
			if want := versionsOf(seen); !reflect.DeepEqual(want, history.versions) {
				t.Errorf("seed %d: %s", seed, cmp.Diff(want, history.versions))
			}
		}
		if len(churn.watches) != 0 {
			t.Error("a watch goes on after its end")
		}
	}
}

func idSet(images []Image, meets func(*Image) bool) map[string]bool {
	there := make(map[string]bool)
	for _, i := range images {
		if meets(&i) {
			there[id(&i)] = true
		}
	}
	return there
}

// versionsOf are the different forms of each image, in the order in which they were seen.
func versionsOf(seen [][]Image) map[string][]Image {
	versions := make(map[string][]Image)
	for _, images := range seen {
		for _, i := range images {
			if known := versions[id(&i)]; len(known) == 0 || !reflect.DeepEqual(known[len(known)-1], i) {
				versions[id(&i)] = append(known, i)
			}
		}
	}
	return versions
}

// TestChurnRepeats from its seed, does all that it is said to, and keeps to its size.
func TestChurnRepeats(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) ([][]Image, *History) {
		s := start(t, Options{})
		watch := s.StartChurn(ChurnOptions{Seed: seed, Images: 40, Likelihood: 0.5}).Watch()
		seen := seenByAsking(t, newCaller(s), 100)
		return seen, watch.End()
	}
	seen, history := run(1)
	again, _ := run(1)
	other, _ := run(2)
	if !reflect.DeepEqual(seen, again) || reflect.DeepEqual(seen[0], other[0]) {
		t.Error("one seed leads to different images, or two seeds to the same")
	}
	kinds := make(map[string]int)
	for _, change := range history.Changes {
		kinds[kindOfChange(change)]++
	}
	for _, kind := range []string{"added", "deleted", "renamed", "re-timed"} {
		if kinds[kind] < 5 {
			t.Errorf("%d %s in %v", kinds[kind], kind, kinds)
		}
	}
	unseen := 0 // by the count
	for k, images := range seen {
		if len(images) < 29 || len(images) > 51 {
			t.Errorf("%d images before request %d", len(images), k+1)
		}
		every := func(*Image) bool { return true }
		if k > 0 && len(images) == len(seen[k-1]) && !maps.Equal(idSet(images, every), idSet(seen[k-1], every)) {
			unseen++
		}
	}
	if unseen < 5 {
		t.Errorf("%d times an image took the place of another", unseen)
	}
}

// kindOfChange reads "added ID (NAME, TIME)" or "ID (NAME, TIME) became ID (NAME, TIME)".
func kindOfChange(change string) string {
	before, after, modified := strings.Cut(change, " became ")
	if !modified {
		kind, _, _ := strings.Cut(change, " ")
		return kind
	}
	var was, is struct{ id, name, time string }
	if _, err := fmt.Sscanf(before+" "+after, "%s %s %s %s %s %s", &was.id, &was.name, &was.time, &is.id, &is.name, &is.time); err != nil {
		return err.Error()
	}
	if was.name != is.name {
		return "renamed"
	}
	return "re-timed"
}

// TestStillChurn changes nothing.
func TestStillChurn(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	watch := s.StartChurn(ChurnOptions{Images: 10}).Watch()
	seen := seenByAsking(t, newCaller(s), 20)
	history := watch.End()
	if !reflect.DeepEqual(seen[0], seen[19]) || len(seen[0]) != 10 || len(history.Changes) != 0 || history.Versions("never") != nil {
		t.Errorf("%d images, %v", len(seen[19]), history.Changes)
	}
}

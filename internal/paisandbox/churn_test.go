package paisandbox

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func matchAny(*Image) bool { return true }

// TestHistoryMatchesResponses compares the histories of two watches with the responses, with and without a filter.
func TestHistoryMatchesResponses(t *testing.T) {
	t.Parallel()
	matchRed := func(i *Image) bool { return strings.HasPrefix(i.Name.Or(""), "red") }
	for seed := range uint64(8) {
		s := startSandbox(t, Options{})
		churn, c := s.StartChurn(ChurnOptions{Seed: seed, Images: 8, Likelihood: 0.7}), newCaller(s)
		long := churn.Watch()
		responses := listRepeatedly(t, c, 20)
		short := churn.Watch()
		responses = append(responses, listRepeatedly(t, c, 20)...)
		for watch, lists := range map[*Watch][][]Image{short: responses[20:], long: responses} {
			history := watch.End()
			for name, match := range map[string]func(*Image) bool{"any": matchAny, "red": matchRed} {
				always, ever := maps.Clone(matchingIDs(lists[0], match)), make(map[string]bool)
				for _, images := range lists {
					current := matchingIDs(images, match)
					maps.DeleteFunc(always, func(id string, _ bool) bool { return !current[id] })
					maps.Copy(ever, current)
				}
				if diff := cmp.Diff(slices.Sorted(maps.Keys(always)), history.AlwaysMatched(match)); diff != "" {
					t.Errorf("seed %d, %s, AlwaysMatched: %s", seed, name, diff)
				}
				if diff := cmp.Diff(slices.Sorted(maps.Keys(ever)), history.EverMatched(match)); diff != "" {
					t.Errorf("seed %d, %s, EverMatched: %s", seed, name, diff)
				}
			}
			if want := versionsIn(lists); !reflect.DeepEqual(want, history.versions) {
				t.Errorf("seed %d: %s", seed, cmp.Diff(want, history.versions))
			}
		}
		if len(churn.watches) != 0 {
			t.Error("a watch still records after End")
		}
	}
}

// listRepeatedly lists the whole catalogue n times, one request after another.
func listRepeatedly(t *testing.T, c *caller, n int) [][]Image {
	t.Helper()
	var lists [][]Image
	for range n {
		lists = append(lists, c.list(t, "PageSize=100&Verbose=true&SortBy=GmtCreateTime").Images)
	}
	return lists
}

func matchingIDs(images []Image, match func(*Image) bool) map[string]bool {
	ids := make(map[string]bool)
	for _, i := range images {
		if match(&i) {
			ids[idOf(&i)] = true
		}
	}
	return ids
}

// versionsIn returns the distinct states of each image by ID, in order.
func versionsIn(lists [][]Image) map[string][]Image {
	versions := make(map[string][]Image)
	for _, images := range lists {
		for _, i := range images {
			earlier := versions[idOf(&i)]
			if len(earlier) == 0 || !reflect.DeepEqual(earlier[len(earlier)-1], i) {
				versions[idOf(&i)] = append(earlier, i)
			}
		}
	}
	return versions
}

// TestChurnChanges checks that the seed determines the changes, that all kinds of changes occur, and that the number of
// images stays near the configured number.
func TestChurnChanges(t *testing.T) {
	t.Parallel()
	listChurn := func(seed uint64) ([][]Image, *History) {
		s := startSandbox(t, Options{})
		watch := s.StartChurn(ChurnOptions{Seed: seed, Images: 40, Likelihood: 0.5}).Watch()
		lists := listRepeatedly(t, newCaller(s), 100)
		return lists, watch.End()
	}
	lists, history := listChurn(1)
	repeated, _ := listChurn(1)
	other, _ := listChurn(2)
	if !reflect.DeepEqual(lists, repeated) || reflect.DeepEqual(lists[0], other[0]) {
		t.Error("the same seed led to different images, or different seeds to the same images")
	}

	kinds := make(map[string]int)
	initial := matchingIDs(lists[0], matchAny)
	for id, versions := range history.versions {
		if !initial[id] {
			kinds["added"]++
		} else if !history.stayed[id] {
			kinds["deleted"]++
		}
		for k := 1; k < len(versions); k++ {
			if !versions[k].Name.Equal(versions[k-1].Name) {
				kinds["renamed"]++
			} else if !versions[k].GmtCreateTime.Equal(versions[k-1].GmtCreateTime) {
				kinds["creation time"]++
			}
		}
	}
	for k, images := range lists {
		if len(images) < 29 || len(images) > 51 {
			t.Errorf("got %d images at request %d, want 29 to 51", len(images), k+1)
		}
		if k > 0 && len(images) == len(lists[k-1]) &&
			!maps.Equal(matchingIDs(images, matchAny), matchingIDs(lists[k-1], matchAny)) {
			kinds["replaced with the count unchanged"]++
		}
	}
	for _, kind := range []string{"added", "deleted", "renamed", "creation time", "replaced with the count unchanged"} {
		if kinds[kind] < 5 {
			t.Errorf("got %d changes of kind %q, want at least 5; all kinds: %v", kinds[kind], kind, kinds)
		}
	}
}

func TestChurnWithoutChanges(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	watch := s.StartChurn(ChurnOptions{Images: 10}).Watch()
	lists := listRepeatedly(t, newCaller(s), 20)
	history := watch.End()
	if !reflect.DeepEqual(lists[0], lists[19]) || len(lists[0]) != 10 || len(history.Changes) != 0 {
		t.Errorf("got %d images and the changes %v, want 10 unchanged images", len(lists[19]), history.Changes)
	}
	if versions := history.Versions("never"); versions != nil {
		t.Errorf("got versions %v of an image that never existed", versions)
	}
}

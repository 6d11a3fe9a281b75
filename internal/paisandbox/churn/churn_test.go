package churn

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// churner is a running Churn of images or of workspaces.
type churner[T any] struct {
	*Churn[T]
	list func(*testing.T) []T // sends one request for all items
}

func startImages(t *testing.T, o Options) churner[paisandbox.Image] {
	t.Helper()
	s := startSandbox(t)
	return churner[paisandbox.Image]{StartImages(s, o), func(t *testing.T) []paisandbox.Image {
		t.Helper()
		return listItems(t, s, "ListImages", "/api/v1/images").Images
	}}
}

func startWorkspaces(t *testing.T, o Options) churner[paisandbox.Workspace] {
	t.Helper()
	s := startSandbox(t)
	return churner[paisandbox.Workspace]{StartWorkspaces(s, o), func(t *testing.T) []paisandbox.Workspace {
		t.Helper()
		return listItems(t, s, "ListWorkspaces", "/api/v1/workspaces").Workspaces
	}}
}

func startSandbox(t *testing.T) *paisandbox.Sandbox {
	t.Helper()
	s, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// listItems sends a request with Alibaba Cloud's generic client.
func listItems(t *testing.T, s *paisandbox.Sandbox, action, path string) (response paisandbox.CatalogueFile) {
	t.Helper()
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(s.Host()), Protocol: dara.String("http"),
	})
	if err != nil {
		t.Fatal(err)
	}
	result, err := client.CallApi(&openapi.Params{
		Action: dara.String(action), Version: dara.String("2021-02-04"), Pathname: dara.String(path),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"), BodyType: dara.String("json"),
	}, &openapi.OpenApiRequest{Query: map[string]*string{
		"PageSize": dara.String("100"), "Verbose": dara.String("true"), "SortBy": dara.String("GmtCreateTime"),
	}}, &dara.RuntimeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(result["body"])
	if err == nil {
		err = json.Unmarshal(data, &response)
	}
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// listRepeatedly lists all items n times, one request after another.
func (c churner[T]) listRepeatedly(t *testing.T, n int) [][]T {
	t.Helper()
	var lists [][]T
	for range n {
		lists = append(lists, c.list(t))
	}
	return lists
}

func matchAny[T any](*T) bool { return true }

// TestHistoryMatchesResponses compares the histories of two watches with the responses, with and without a filter.
func TestHistoryMatchesResponses(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		o := Options{Seed: seed, Items: 8, Likelihood: 0.7}
		checkHistories(t, startImages(t, o))
		checkHistories(t, startWorkspaces(t, o))
	}
}

func checkHistories[T any](t *testing.T, c churner[T]) {
	t.Helper()
	matchRed := func(item *T) bool { return strings.HasPrefix(c.fields(item).name.Or(""), "red") }
	long := c.Watch()
	responses := c.listRepeatedly(t, 20)
	short := c.Watch()
	responses = append(responses, c.listRepeatedly(t, 20)...)
	for watch, lists := range map[*Watch[T]][][]T{short: responses[20:], long: responses} {
		history := watch.End()
		for name, match := range map[string]func(*T) bool{"any": matchAny[T], "red": matchRed} {
			always, ever := maps.Clone(c.matchingIDs(lists[0], match)), make(map[string]bool)
			for _, items := range lists {
				current := c.matchingIDs(items, match)
				maps.DeleteFunc(always, func(id string, _ bool) bool { return !current[id] })
				maps.Copy(ever, current)
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(always)), history.AlwaysMatched(match)); diff != "" {
				t.Errorf("%T, %s, AlwaysMatched: %s", c, name, diff)
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(ever)), history.EverMatched(match)); diff != "" {
				t.Errorf("%T, %s, EverMatched: %s", c, name, diff)
			}
		}
		if want := c.versionsIn(lists); !reflect.DeepEqual(want, history.versions) {
			t.Errorf("%T: %s", c, cmp.Diff(want, history.versions))
		}
	}
	if len(c.watches) != 0 || long.End().Versions("never") != nil {
		t.Errorf("%T: a watch still records after End, or has versions of an item that never existed", c)
	}
}

func (c churner[T]) matchingIDs(items []T, match func(*T) bool) map[string]bool {
	ids := make(map[string]bool)
	for _, item := range items {
		if match(&item) {
			ids[c.idOf(&item)] = true
		}
	}
	return ids
}

// versionsIn returns the distinct states of each item by ID, in order.
func (c churner[T]) versionsIn(lists [][]T) map[string][]T {
	versions := make(map[string][]T)
	for _, items := range lists {
		for _, item := range items {
			id := c.idOf(&item)
			earlier := versions[id]
			if len(earlier) == 0 || !reflect.DeepEqual(earlier[len(earlier)-1], item) {
				versions[id] = append(earlier, item)
			}
		}
	}
	return versions
}

// TestChanges checks that the seed determines the changes, that all kinds of changes occur, and that the number of
// items stays near the configured number.
func TestChanges(t *testing.T) {
	t.Parallel()
	checkChanges(t, startImages)
	checkChanges(t, startWorkspaces)
}

func checkChanges[T any](t *testing.T, start func(*testing.T, Options) churner[T]) {
	t.Helper()
	listChurn := func(seed uint64) (churner[T], [][]T, *History[T]) {
		c := start(t, Options{Seed: seed, Items: 40, Likelihood: 0.5})
		watch := c.Watch()
		lists := c.listRepeatedly(t, 100)
		return c, lists, watch.End()
	}
	c, lists, history := listChurn(1)
	_, repeated, _ := listChurn(1)
	_, other, _ := listChurn(2)
	if !reflect.DeepEqual(lists, repeated) || reflect.DeepEqual(lists[0], other[0]) {
		t.Errorf("%T: the same seed led to different items, or different seeds to the same items", c)
	}

	kinds := make(map[string]int)
	initial := c.matchingIDs(lists[0], matchAny[T])
	for id, versions := range history.versions {
		if !initial[id] {
			kinds["added"]++
		} else if !history.stayed[id] {
			kinds["deleted"]++
		}
		for k := 1; k < len(versions); k++ {
			before, after := c.fields(&versions[k-1]), c.fields(&versions[k])
			if *before.name != *after.name {
				kinds["renamed"]++
			} else if *before.created != *after.created {
				kinds["creation time"]++
			}
		}
	}
	for k, items := range lists {
		if len(items) < 29 || len(items) > 51 {
			t.Errorf("%T: got %d items at request %d, want 29 to 51", c, len(items), k+1)
		}
		if k > 0 && len(items) == len(lists[k-1]) &&
			!maps.Equal(c.matchingIDs(items, matchAny[T]), c.matchingIDs(lists[k-1], matchAny[T])) {
			kinds["replaced with the count unchanged"]++
		}
	}
	created, modified := make(map[string]bool), make(map[string]bool)
	for _, item := range lists[0] {
		createTime, modifiedTime := timesOf(t, item)
		created[createTime], modified[modifiedTime] = true, true
	}
	if len(created) < 5 || len(modified) != len(lists[0]) {
		t.Errorf("%T: %d items have %d creation times and %d modification times", c, len(lists[0]), len(created),
			len(modified))
	}
	for _, kind := range []string{"added", "deleted", "renamed", "creation time", "replaced with the count unchanged"} {
		if kinds[kind] < 5 {
			t.Errorf("%T: got %d changes of kind %q, want at least 5; all kinds: %v", c, kinds[kind], kind, kinds)
		}
	}
}

// timesOf returns the times in the JSON of an item, which doesn't depend on the fields that a Churn changes.
func timesOf(t *testing.T, item any) (createTime, modifiedTime string) {
	t.Helper()
	data, err := json.Marshal(item)
	var times struct{ GmtCreateTime, GmtModifiedTime string }
	if err == nil {
		err = json.Unmarshal(data, &times)
	}
	if err != nil {
		t.Fatal(err)
	}
	return times.GmtCreateTime, times.GmtModifiedTime
}

func TestWithoutChanges(t *testing.T) {
	t.Parallel()
	c := startImages(t, Options{Items: 10})
	watch := c.Watch()
	lists := c.listRepeatedly(t, 20)
	history := watch.End()
	if !reflect.DeepEqual(lists[0], lists[19]) || len(lists[0]) != 10 || len(history.Changes) != 0 {
		t.Errorf("got %d images and the changes %v, want 10 unchanged images", len(lists[19]), history.Changes)
	}
}

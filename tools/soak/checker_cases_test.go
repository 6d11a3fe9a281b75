package soak_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// readOnce runs a lookup without changes of images and without faults. It returns a checker of the result.
func readOnce(t *testing.T, l *lookup) *checker {
	t.Helper()
	sandbox := providertest.Start(t, paisandbox.Options{})
	watch := churn.StartImages(sandbox, churn.Options{Seed: 1, Items: 30}).Watch()
	tf := providertest.New(t, provider.NewServer("test", "")())
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	if l.imageID != "" {
		l.imageID = sandbox.Images()[7].ImageID.Or("")
		l.arguments["image_id"] = l.imageID
	}
	r := readDataSource(t.Context(), tf, l)
	if len(r.errors) > 0 {
		t.Fatal(describe(r.errors))
	}
	return &checker{lookup: l, result: r, history: watch.End()}
}

// officialLookup returns a lookup of official images.
func officialLookup(dataSource string) *lookup {
	l := &lookup{dataSource: dataSource, arguments: providertest.Values{}}
	l.set("official", true, hasLabel("system.official", "true"))
	return l
}

// TestCheckerOfLists checks that the checker accepts a correct list, and that it finds the problem after each change of
// the list.
func TestCheckerOfLists(t *testing.T) {
	t.Parallel()
	change := func(k int, attribute string, value any) func(*checker, []any) {
		return func(_ *checker, images []any) {
			changed := maps.Clone(images[k].(map[string]any))
			changed[attribute] = value
			images[k] = changed
		}
	}
	for name, tt := range map[string]struct {
		change func(c *checker, images []any)
		want   string // part of a problem; "" if there must be none
	}{
		"unchanged": {func(*checker, []any) {}, ""},
		"missing":   {func(c *checker, images []any) { c.result.state["images"] = images[1:] }, "is missing"},
		"missing with a warning": {func(c *checker, images []any) {
			c.history.Changes, c.result.warnings = []string{"a change"}, []string{summaryIncomplete}
			c.result.state["images"] = images[1:]
			for _, name := range []string{"ids", "names", "image_uris"} {
				c.result.state[name] = listAt(c.result.state, name)[1:]
			}
		}, ""},
		"warning without a change": {
			func(c *checker, _ []any) { c.result.warnings = []string{summaryIncomplete} }, "nothing changed",
		},
		"other warning":  {func(c *checker, _ []any) { c.result.warnings = []string{"Other"} }, "unexpected warning"},
		"duplicate":      {func(_ *checker, images []any) { images[1] = images[0] }, "listed twice"},
		"other ID":       {change(3, "image_id", "image-x"), "image-x ("},
		"other name":     {change(3, "name", "red-0"), "(red-0, "},
		"without labels": {change(3, "label_list", nil), "never existed"},
		"no match":       {func(c *checker, _ []any) { c.set("name", "x", hasLabel("x", "")) }, "never existed"},
		"other order":    {func(_ *checker, images []any) { slices.Reverse(images) }, "out of order"},
		"other count": {
			func(c *checker, images []any) { c.result.state["total_count"] = int64(len(images) + 1) }, "total_count",
		},
		"other image_uris": {
			func(c *checker, _ []any) { slices.Reverse(listAt(c.result.state, "image_uris")) }, "image_uris differs",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := officialLookup("pai_images")
			l.arguments["page_size"] = 10
			c := readOnce(t, l)
			tt.change(c, listAt(c.result.state, "images"))
			c.checkWarnings()
			c.checkList()
			wantProblem(t, c, tt.want)
		})
	}
}

// TestCheckerOfSelections checks that the checker accepts a correct selection, and that it finds the problem after each
// change of the selection.
func TestCheckerOfSelections(t *testing.T) {
	t.Parallel()
	selectOther := func(c *checker) {
		matched := c.result.state["matched_count"]
		for _, id := range c.history.AlwaysMatched(c.match) {
			version := c.history.Versions(id)[0]
			if id != stringAt(c.result.state, "image_id") {
				c.result.state = map[string]any{
					"image_id": id, "name": version.Name.Or(""), "image_uri": version.ImageURI.Or(""), "matched_count": matched,
					"repository": buildOf(&version).repository, "image_version": fmt.Sprintf("1.%d.0", buildOf(&version).minor),
					"gmt_create_time": version.GmtCreateTime.Or(""), "gmt_modified_time": version.GmtModifiedTime.Or(""),
					"label_list": make([]any, len(version.Labels.Or(nil))),
				}
				return
			}
		}
	}
	count := func(matched int64) func(*checker) {
		return func(c *checker) { c.result.state["matched_count"] = matched }
	}
	fail := func(summary string) func(*checker) {
		return func(c *checker) { c.result = &result{errors: []*tfprotov6.Diagnostic{{Summary: summary}}} }
	}
	matchOtherRepositories := func(c *checker) { c.filters = c.filters[:1] }
	for name, tt := range map[string]struct {
		argument string // or "both"
		change   func(*checker)
		want     string // part of a problem; "" if there must be none
	}{
		"newest":                  {"most_recent", func(*checker) {}, ""},
		"not the newest":          {"most_recent", selectOther, "always came after it"},
		"highest version":         {"latest_version", func(*checker) {}, ""},
		"not the highest version": {"latest_version", selectOther, "always came after it"},
		"newest of the highest":   {"both", func(*checker) {}, ""},
		"not the newest of them":  {"both", selectOther, "always came after it"},
		"several repositories":    {"latest_version", matchOtherRepositories, summaryRepositories},
		"repository is decided":   {"latest_version", fail(summaryRepositories), "one image has the highest version"},
		"variant is decided":      {"latest_version", fail(summaryVariants), "one image has the highest version"},
		"too few matched":         {"most_recent", count(2), "matched_count is 2"},
		"too many matched":        {"most_recent", count(99), "matched_count is 99"},
		"one of several": {
			"most_recent", func(c *checker) { delete(c.arguments, "most_recent") }, "without an order",
		},
		"needless warning": {
			"most_recent", func(c *checker) { c.result.warnings = []string{summarySomeoneElse} }, "got true, want false",
		},
		"by ID":                     {"image_id", func(*checker) {}, ""},
		"another ID":                {"image_id", selectOther, "with matched_count"},
		"no match though some do":   {"most_recent", fail(summaryNoMatch), "always matched"},
		"several though newest set": {"most_recent", fail(summarySeveralMatch), "matched"},
		"no ID though it exists":    {"image_id", fail(summaryNoID), "always existed"},
		"mismatch though it fits":   {"image_id", fail(summaryMismatch), "always matched"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := officialLookup("pai_image")
			l.set("repository", "training", func(i *paisandbox.Image) bool { return buildOf(i).repository == "training" })
			for _, argument := range []string{"most_recent", "latest_version"} {
				if tt.argument == argument || tt.argument == "both" {
					l.arguments[argument] = true
				}
			}
			if tt.argument == "image_id" {
				l = &lookup{dataSource: "pai_image", imageID: "any", arguments: providertest.Values{}}
			}
			c := readOnce(t, l)
			tt.change(c)
			c.checkWarnings()
			if len(c.result.errors) == 0 {
				c.checkSelected()
			} else if !c.checkError() {
				t.Error("the error was not checked")
			}
			wantProblem(t, c, tt.want)
		})
	}
}

func wantProblem(t *testing.T, c *checker, want string) {
	t.Helper()
	got := strings.Join(c.problems, "; ")
	if want == "" && got != "" || !strings.Contains(got, want) {
		t.Errorf("problems: got %q, want %q", got, want)
	}
}

// TestExplain checks that only a fault of the same kind or an exceeded limit explains an error.
func TestExplain(t *testing.T) {
	t.Parallel()
	kinds := []faultKind{{name: "502", messages: []string{"HTTP 502"}}, {name: "late"}}
	for name, tt := range map[string]struct {
		lookup   lookup
		summary  string
		detail   string
		injected []int
		want     outcome
	}{
		"fault":               {detail: "Response: HTTP 502", injected: []int{1, 0}, want: outcomeFailed},
		"fault not injected":  {detail: "Response: HTTP 502", injected: []int{0, 1}},
		"other fault":         {detail: "Response: HTTP 503", injected: []int{1, 1}},
		"cancelled":           {lookup: lookup{cancelAfter: time.Second}, summary: summaryCancelled, want: outcomeCancelled},
		"cancelled by nobody": {summary: summaryCancelled, injected: []int{1, 1}},
		"cancelled too early": {lookup: lookup{cancelAfter: time.Minute}, summary: summaryCancelled},
		"timed out":           {lookup: lookup{timeout: time.Second}, summary: summaryTimedOut, want: outcomeTimedOut},
		"timed out too early": {lookup: lookup{timeout: time.Minute}, summary: summaryTimedOut},
		"throttled":           {lookup: lookup{timeout: time.Second}, summary: summaryThrottled, want: outcomeTimedOut},
		"throttled too early": {lookup: lookup{timeout: time.Minute}, summary: summaryThrottled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.injected == nil {
				tt.injected = []int{0, 0}
			}
			r := &result{errors: []*tfprotov6.Diagnostic{{Summary: tt.summary, Detail: tt.detail}}}
			if got := explain(&tt.lookup, r, 2*time.Second, kinds, tt.injected); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			r.errors = append(r.errors, r.errors...)
			if got := explain(&tt.lookup, r, 2*time.Second, kinds, tt.injected); got != "" {
				t.Errorf("two errors: got %q, want no explanation", got)
			}
		})
	}
}

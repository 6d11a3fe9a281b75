package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// asked reads the data source from a churn that rests, in fair weather, and gives all that it takes to judge what comes.
func asked(t *testing.T, q *question) *judge {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	watch := sandbox.StartChurn(paisandbox.ChurnOptions{Seed: 1, Images: 30}).Watch()
	tf, err := configured(t.Context(), object{
		"endpoint": sandbox.URL(), "access_key": paisandbox.DefaultAccessKeyID, "secret_key": paisandbox.DefaultAccessKeySecret,
	})
	if err != nil {
		t.Fatal(err)
	}
	if q.byID != "" {
		q.byID = sandbox.Images()[7].ImageID.Or("")
		q.arguments["image_id"] = q.byID
	}
	got, err := tf.read(t.Context(), q.source, q.arguments)
	if err != nil || len(got.errors) > 0 {
		t.Fatal(err, said(got.errors))
	}
	return &judge{question: q, answer: got, history: watch.End()}
}

func official() *question {
	return &question{arguments: object{"official": true}, meets: labelled("system.official", "true")}
}

// TestListsAreJudged: a right list passes, and with any one thing changed it doesn't.
func TestListsAreJudged(t *testing.T) {
	t.Parallel()
	change := func(k int, attribute string, value any) func(*judge, []any) {
		return func(_ *judge, images []any) {
			changed := maps.Clone(images[k].(object))
			changed[attribute] = value
			images[k] = changed
		}
	}
	cases := map[string]struct {
		change func(j *judge, images []any)
		says   string // empty: nothing is wrong
	}{
		"as it is":       {func(*judge, []any) {}, ""},
		"one is missing": {func(j *judge, images []any) { j.answer.state["images"] = images[1:] }, "was there all along and is missing"},
		"one is missing, with a warning": {func(j *judge, images []any) {
			j.history.Changes, j.answer.warnings = []string{"a change"}, []string{mayBeIncomplete}
			j.answer.state["images"] = images[1:]
			for _, list := range []string{"ids", "names", "image_uris"} {
				j.answer.state[list] = j.answer.state[list].([]any)[1:]
			}
		}, ""},
		"a warning without a cause": {func(j *judge, _ []any) { j.answer.warnings = []string{mayBeIncomplete} }, "though nothing changed"},
		"a strange warning":         {func(j *judge, _ []any) { j.answer.warnings = []string{"Hm"} }, "an unexpected warning: Hm"},
		"one is there twice":        {func(_ *judge, images []any) { images[1] = images[0] }, "is there twice"},
		"one never was":             {change(3, "image_id", "image-x"), "image-x ("},
		"one has another name":      {change(3, "name", "red-0"), "(red-0, "},
		"one has no labels":         {change(3, "label_list", nil), "never was"},
		"one is not asked for": {func(j *judge, _ []any) {
			j.meets = func(i *paisandbox.Image) bool { return i.WorkspaceID.Or("") != "" }
		}, "never was"},
		"order":      {func(_ *judge, images []any) { slices.Reverse(images) }, "stands after"},
		"the count":  {func(j *judge, images []any) { j.answer.state["total_count"] = int64(len(images) + 1) }, " images of "},
		"other uris": {func(j *judge, _ []any) { slices.Reverse(j.answer.state["image_uris"].([]any)) }, "image_uris is not the image_uri of images"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := official()
			q.source, q.arguments["page_size"] = "pai_images", 10
			j := asked(t, q)
			test.change(j, j.answer.state["images"].([]any))
			j.warnings()
			j.list()
			expect(t, j.wrong, test.says)
		})
	}
}

// TestChoicesAreJudged in the same way.
func TestChoicesAreJudged(t *testing.T) {
	t.Parallel()
	// another is the state of some image that was there, but not the choice.
	another := func(j *judge) object {
		for _, id := range j.history.AlwaysMatched(j.meets) {
			version := j.history.Versions(id)[0]
			if id != text(j.answer.state, "image_id") {
				return object{
					"image_id": id, "name": version.Name.Or(""), "image_uri": version.ImageURI.Or(""), "matched_count": j.answer.state["matched_count"],
					"gmt_create_time": version.GmtCreateTime.Or(""), "gmt_modified_time": version.GmtModifiedTime.Or(""),
					"label_list": make([]any, len(version.Labels.Or(nil))),
				}
			}
		}
		return nil
	}
	cases := map[string]struct {
		choice string
		change func(j *judge)
		says   string
	}{
		"the newest":                 {"most_recent", func(*judge) {}, ""},
		"not the newest":             {"most_recent", func(j *judge) { j.answer.state = another(j) }, "was better all along"},
		"the highest":                {"latest_version", func(*judge) {}, ""},
		"not the highest":            {"latest_version", func(j *judge) { j.answer.state = another(j) }, "was better all along"},
		"too few matched":            {"most_recent", func(j *judge) { j.answer.state["matched_count"] = int64(2) }, "matched_count 2, but"},
		"too many matched":           {"most_recent", func(j *judge) { j.answer.state["matched_count"] = int64(99) }, "matched_count 99, but"},
		"one of several":             {"most_recent", func(j *judge) { delete(j.arguments, "most_recent") }, "one was taken of"},
		"a needless warning":         {"most_recent", func(j *judge) { j.answer.warnings = []string{someoneElses} }, "warned of someone else's image: true"},
		"by id":                      {"image_id", func(*judge) {}, ""},
		"another by id":              {"image_id", func(j *judge) { j.answer.state = another(j) }, " instead of "},
		"none, though some are":      {"most_recent", func(j *judge) { fail(j, noneMatches) }, "none matches, though"},
		"several, though one is new": {"most_recent", func(j *judge) { fail(j, severalMatch) }, "several match, though"},
		"not there, though it is":    {"image_id", func(j *judge) { fail(j, noSuchID) }, "was there all along"},
		"something else, though not": {"image_id", func(j *judge) { fail(j, isSomethingElse) }, "is said not to be what it was"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := official()
			q.source, q.arguments[test.choice] = "pai_image", true
			if test.choice == "image_id" {
				q = &question{source: "pai_image", byID: "any", arguments: make(object), meets: func(*paisandbox.Image) bool { return true }}
			}
			j := asked(t, q)
			test.change(j)
			j.warnings()
			if len(j.answer.errors) == 0 {
				j.single()
			} else if !j.refusal() {
				t.Error("the error is no answer")
			}
			expect(t, j.wrong, test.says)
		})
	}
}

func fail(j *judge, summary string) {
	j.answer = &answer{errors: []*tfprotov6.Diagnostic{{Summary: summary}}}
}

func expect(t *testing.T, wrong []string, says string) {
	t.Helper()
	if all := strings.Join(wrong, "; "); says == "" && all != "" || !strings.Contains(all, says) {
		t.Errorf("got %q instead of %q", all, says)
	}
}

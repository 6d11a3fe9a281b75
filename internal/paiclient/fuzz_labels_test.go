package paiclient_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// FuzzLabels: the filter that is sent can be taken apart again into the labels that were asked for; labels of which that isn't
// so are an error, and nothing is sent.
func FuzzLabels(f *testing.F) {
	catalogue := paisandbox.Catalogue()
	for i := 0; i < len(catalogue); i += 30 {
		labels := catalogue[i].Labels.Or(nil)
		if len(labels) > 1 {
			f.Add(labels[0].Key, labels[0].Value, labels[1].Key, labels[1].Value)
		}
	}
	f.Add("system.framework", "XGBoost 1.6.0", "a", "x=y")
	f.Add("a", "ü&+%", "b", pai.AnyValue)
	for _, odd := range [][2]string{{"a=b", "1"}, {"a,b", "1"}, {"a", "1,2"}, {"a", "1,c=2"}, {"", "1"}, {" ", "1"}, {"a", ""}, {"a", "\n"}} {
		f.Add(odd[0], odd[1], "b", "1")
	}
	f.Fuzz(func(t *testing.T, key, value, key2, value2 string) {
		labels := map[string]string{key: value}
		labels[key2] = value2
		answer := &canned{status: http.StatusOK, body: []byte(`{"TotalCount":0,"Images":[]}`)}
		input := onePage
		input.Labels = labels
		_, err := answered(t, answer).ListImages(t.Context(), input)

		var refused error
		for key, value := range labels {
			refused = errors.Join(refused, paiclient.CheckLabelKey(key), paiclient.CheckLabelValue(value))
		}
		if (err != nil) != (refused != nil) {
			t.Fatalf("%q: %v, and by the checks %v", labels, err, refused)
		}
		if err != nil {
			if len(answer.asked) != 0 {
				t.Errorf("%q was sent: %s", labels, answer.asked[0].URL)
			}
			return
		}
		sent := answer.asked[0].URL.Query().Get("Labels")
		found := make(map[string]string)
		for condition := range strings.SplitSeq(sent, ",") {
			key, value, _ := strings.Cut(condition, "=")
			if _, twice := found[key]; twice {
				t.Errorf("%q stands twice in %q", key, sent)
			}
			found[key] = value
		}
		if !maps.Equal(found, labels) {
			t.Errorf("%q was sent as %q, which says %q", labels, sent, found)
		}
	})
}

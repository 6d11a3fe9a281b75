package paisandbox

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestListImageLabels(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{Catalogue: smallCatalogue()}))
	for filters, want := range map[string]string{
		"": "k=first k=second system.chipType=CPU system.chipType=GPU system.framework.PyTorch=2.1 " +
			"system.framework=XGBoost_1.6.0 system.official=true",
		"LabelKeys=system.chipType":         "system.chipType=CPU system.chipType=GPU",
		"LabelKeys=k,system.framework,none": "k=first k=second system.framework=XGBoost_1.6.0",
		"LabelKeys=system.framework.":       "",
		"ImageId=twice":                     "k=first k=second system.official=true",
		"ImageId=none":                      "",
		"WorkspaceId=20455":                 "system.chipType=GPU",
		"WorkspaceId=31977":                 "",
		"LabelFilter=system.framework.PyTorch=*": "system.chipType=GPU system.framework.PyTorch=2.1 " +
			"system.official=true",
		"LabelFilter=k=first,system.official=true":                  "k=first k=second system.official=true",
		"LabelFilter=system.chipType=CPU,k=first":                   "",
		"LabelFilter=system.chipType=GPU&LabelKeys=system.official": "system.official=true",
		"LabelFilter=system.chipType=GPU&WorkspaceId=20455":         "system.chipType=GPU",
	} {
		r := c.get(t, imageLabelsPath+"?"+encodeFilters(filters))
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: got %s %s", filters, r.Status, r.body)
			continue
		}
		var response listImageLabelsResponse
		decodeStrictly(t, r.body, &response)
		var got []string
		for _, label := range response.Labels {
			got = append(got, label.Key+"="+strings.ReplaceAll(label.Value, " ", "_"))
		}
		if len(got) > 6 && slices.IsSorted(got) {
			t.Errorf("%s: the labels are sorted", filters)
		}
		slices.Sort(got)
		if diff := cmp.Diff(strings.Fields(want), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", filters, diff)
		}
		if response.TotalCount != len(got) || response.Labels == nil ||
			response.RequestID != r.Header.Get("X-Acs-Request-Id") {
			t.Errorf("%s: got %+v, want TotalCount %d", filters, response, len(got))
		}
	}
	for name, query := range map[string]string{
		"LabelFilter": "LabelFilter=k", "LabelKeys": "LabelKeys=a,", "ImageId": "ImageId=", "WorkspaceId": "WorkspaceId=",
		"Region": "Region=cn-hangzhou", "PageSize": "PageSize=1",
	} {
		r := c.get(t, imageLabelsPath+"?"+query)
		if e := r.apiError(t); e.Code != "InvalidParameter."+name || r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: got %s %s, want 400 InvalidParameter.%s", query, r.Status, e.Code, name)
		}
	}
}

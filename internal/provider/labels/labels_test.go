package labels_test

import (
	"net/url"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

type values = providertest.Values

func TestMain(m *testing.M) {
	providertest.UnsetAccount()
	os.Exit(m.Run())
}

// newTerraform returns a Terraform whose provider sends requests to the sandbox, and which reads pai_image_labels.
func newTerraform(tb testing.TB, sandbox *paisandbox.Sandbox) *providertest.Terraform {
	tb.Helper()
	return providertest.NewSignedIn(tb, provider.NewServer("1.2.3", "0a1b2c3")(), sandbox, "pai_image_labels")
}

// TestLabels checks the results for each argument, and the parameters of its request. Whitespace at the start and end
// of an argument is ignored.
func TestLabels(t *testing.T) {
	t.Parallel()
	label := paisandbox.L
	images := []paisandbox.Image{
		paisandbox.Official("r/pai/a:1", label("system.chipType", "GPU"), label("system.framework.PyTorch", "2.9.1"),
			label("system.framework.vLLM", "0.11.0")),
		paisandbox.Official("r/pai/a:2", label("system.chipType", "CPU"), label("system.framework.PyTorch", "2.8.0"),
			label("system.framework", "XGBoost 1.6.0")),
		paisandbox.Custom("20455", "r/team/b:1", label("team", "search"), label("team", "ads")),
	}
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: images})
	id := images[2].ImageID.Or("")
	for name, test := range map[string]struct {
		block      values
		want       map[string]any // label_values
		frameworks []any
		query      url.Values
	}{
		"all": {values{}, map[string]any{
			"system.chipType": []any{"CPU", "GPU"}, "system.framework": []any{"XGBoost 1.6.0"},
			"system.framework.PyTorch": []any{"2.8.0", "2.9.1"}, "system.framework.vLLM": []any{"0.11.0"},
			"system.official": []any{"true"}, "team": []any{"ads", "search"},
		}, []any{"PyTorch", "vLLM"}, url.Values{}},
		"label_keys": {
			values{"label_keys": []any{"team", "system.chipType"}},
			map[string]any{"system.chipType": []any{"CPU", "GPU"}, "team": []any{"ads", "search"}},
			[]any{},
			url.Values{"LabelKeys": {"system.chipType,team"}},
		},
		"labels": {
			values{"labels": map[string]any{"system.chipType": "GPU", "system.official": "true"}},
			map[string]any{
				"system.chipType": []any{"GPU"}, "system.framework.PyTorch": []any{"2.9.1"},
				"system.framework.vLLM": []any{"0.11.0"}, "system.official": []any{"true"},
			},
			[]any{"PyTorch", "vLLM"},
			url.Values{"LabelFilter": {"system.chipType=GPU,system.official=true"}},
		},
		"workspace_id": {
			values{"workspace_id": " 20455\n"},
			map[string]any{"team": []any{"ads", "search"}},
			[]any{},
			url.Values{"WorkspaceId": {"20455"}},
		},
		"image_id": {
			values{"image_id": id + "\n"},
			map[string]any{"team": []any{"ads", "search"}},
			[]any{},
			url.Values{"ImageId": {id}},
		},
		"none": {
			values{"workspace_id": "1"}, map[string]any{}, []any{}, url.Values{"WorkspaceId": {"1"}},
		},
	} {
		before := len(sandbox.Requests())
		state := newTerraform(t, sandbox).State(test.block)
		if diff := cmp.Diff(test.want, state["label_values"]); diff != "" {
			t.Errorf("%s: label_values: %s", name, diff)
		}
		if diff := cmp.Diff(test.frameworks, state["frameworks"]); diff != "" {
			t.Errorf("%s: frameworks: %s", name, diff)
		}
		for argument, value := range test.block {
			if !cmp.Equal(state[argument], value) && argument != "label_keys" { // Terraform sorts sets
				t.Errorf("%s: got %s = %v, want it as configured", name, argument, state[argument])
			}
		}
		requests := sandbox.Requests()[before:]
		if len(requests) != 1 || requests[0].Action != "ListImageLabels" {
			t.Fatalf("%s: got %d requests, want one ListImageLabels", name, len(requests))
		}
		if diff := cmp.Diff(test.query, requests[0].Query); diff != "" {
			t.Errorf("%s: query: %s", name, diff)
		}
	}
}

// TestLabelResponses checks the state for labels that are repeated, lack a key or a value, have keys that Terraform
// considers equal, or whose key was not requested (design rules 2 and 3).
func TestLabelResponses(t *testing.T) {
	t.Parallel()
	const labels = `{"Key":"b","Value":"2"},{"Key":"a\u0308","Value":"1"},{"Key":"b","Value":"1"},{"Key":"b","Value":"2"},
		{"Key":"\u00e4","Value":"0"},{"Value":"v"},{"Key":"c"},{"Key":"d","Value":""},{"Key":"system.framework.","Value":"1"}`
	label := func(key, value any) any { return map[string]any{"key": key, "value": value} }
	for name, test := range map[string]struct {
		keys   any
		list   []any
		values map[string]any
	}{
		"all": {
			nil,
			[]any{
				label(nil, "v"), label("b", "1"), label("b", "2"), label("c", nil), label("d", ""),
				label("system.framework.", "1"), label("ä", "0"), label("ä", "1"),
			},
			map[string]any{
				"ä": []any{"0", "1"}, "b": []any{"1", "2"}, "c": []any{}, "d": []any{""}, "system.framework.": []any{"1"},
			},
		},
		"requested keys": {
			[]any{"ä", "c"},
			[]any{label("c", nil), label("ä", "0"), label("ä", "1")},
			map[string]any{"ä": []any{"0", "1"}, "c": []any{}},
		},
	} {
		sandbox := providertest.Start(t, paisandbox.Options{})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":9,"Labels":[`+labels+`]}`)})
		state := newTerraform(t, sandbox).State(values{"label_keys": test.keys})
		if diff := cmp.Diff(test.list, state["label_list"]); diff != "" {
			t.Errorf("%s: label_list: %s", name, diff)
		}
		if diff := cmp.Diff(test.values, state["label_values"]); diff != "" {
			t.Errorf("%s: label_values: %s", name, diff)
		}
		if diff := cmp.Diff([]any{}, state["frameworks"]); diff != "" {
			t.Errorf("%s: frameworks: %s", name, diff)
		}
	}
}

// TestMatchingLabelsWithoutWarnings checks that wildcards and keys in another case have no warning if labels match.
func TestMatchingLabelsWithoutWarnings(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{
		Do: paisandbox.Body(200, `{"TotalCount":1,"Labels":[{"Key":"team","Value":"a"}]}`),
	})
	providertest.WantNone(t, newTerraform(t, sandbox).Read(t.Context(), values{
		"label_keys": []any{"team", "Team", "t*"}, "labels": map[string]any{"a*": "1", "b": "x*"},
	}).Diagnostics)
}

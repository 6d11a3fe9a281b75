package paiclient_test

import (
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestLabels: what can be asked for reaches the service sorted by key, what can't is an error before anything is sent.
func TestLabels(t *testing.T) {
	t.Parallel()
	cases := []struct {
		labels map[string]string
		want   string // empty: an error
	}{
		{map[string]string{"b": "2", "a": "1", "c": "*"}, "a=1,b=2,c=*"},
		{map[string]string{"system.framework": "XGBoost 1.6.0"}, "system.framework=XGBoost 1.6.0"},
		{map[string]string{"a": "x=y"}, "a=x=y"},
		{map[string]string{"a": "ü&+%"}, "a=ü&+%"},
		{map[string]string{"": "1"}, ""},
		{map[string]string{" ": "1"}, ""},
		{map[string]string{"a=b": "1"}, ""},
		{map[string]string{"a,b": "1"}, ""},
		{map[string]string{"a": ""}, ""},
		{map[string]string{"a": "1,2"}, ""},
	}
	for _, test := range cases {
		sandbox := start(t, paisandbox.Options{})
		_, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{Labels: test.labels})
		requests := sandbox.Requests()
		if test.want == "" {
			if err == nil || len(requests) != 0 {
				t.Errorf("%v: %v after %d requests", test.labels, err, len(requests))
			}
			continue
		}
		if err != nil || requests[0].Query.Get("Labels") != test.want {
			t.Errorf("%v: %v, asked for %v", test.labels, err, requests)
		}
	}
}

package main

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// TestErrorsNeedAnExplanation: a fault that struck and is told of, or a limit that was reached.
func TestErrorsNeedAnExplanation(t *testing.T) {
	t.Parallel()
	s := &soak{weather: &weather{kinds: []calamity{{name: "502", says: []string{"HTTP 502"}}, {name: "late"}}}}
	cases := map[string]struct {
		q       question
		all     bool // are interrupted
		summary string
		detail  string
		hits    []int
		ended   string
	}{
		"a fault":                       {detail: "Answer: HTTP 502", hits: []int{1, 0}, ended: failed},
		"a fault that did not strike":   {detail: "Answer: HTTP 502", hits: []int{0, 1}},
		"another than that which did":   {detail: "Answer: HTTP 503", hits: []int{1, 1}},
		"a cancelled one":               {q: question{cancelled: time.Second}, summary: "Lookup cancelled", hits: []int{0, 0}, ended: cancelled},
		"cancelled by nobody":           {summary: "Lookup cancelled", hits: []int{1, 1}},
		"all are cancelled":             {all: true, summary: "Lookup cancelled", hits: []int{0, 0}, ended: cancelled},
		"out of its time":               {q: question{within: time.Second}, summary: "Lookup timed out", hits: []int{0, 0}, ended: tooLate},
		"out of time that there was":    {q: question{within: time.Minute}, summary: "Lookup timed out", hits: []int{0, 0}},
		"cancelled before it was to be": {q: question{cancelled: time.Minute}, summary: "Lookup cancelled", hits: []int{0, 0}},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := &answer{errors: []*tfprotov6.Diagnostic{{Summary: test.summary, Detail: test.detail}}}
			if ended := s.explain(&test.q, got, 2*time.Second, test.all, []int{0, 0}, test.hits); ended != test.ended {
				t.Errorf("got %q", ended)
			}
			got.errors = append(got.errors, got.errors...)
			if ended := s.explain(&test.q, got, 2*time.Second, test.all, []int{0, 0}, test.hits); ended != "" {
				t.Errorf("two errors at once are %q", ended)
			}
		})
	}
}

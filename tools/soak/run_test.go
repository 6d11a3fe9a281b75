package soak_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// outcome says how a lookup ended.
type outcome string

const (
	found         outcome = "found"
	expectedError outcome = "expected error"
	failed        outcome = "failed by a fault"
	cancelled     outcome = "cancelled"
	timedOut      outcome = "timed out"
	wrong         outcome = "wrong result"
)

// check runs a lookup, checks its result and counts its outcome. It returns a description of a wrong result, or
// nothing.
func (s *soak) check(ctx context.Context, l *lookup) string {
	watch, faultsBefore, started := s.churn.Watch(), s.faults.count(), time.Now()
	lookupContext, cancel := ctx, context.CancelFunc(func() {})
	if l.cancelAfter > 0 {
		lookupContext, cancel = context.WithTimeoutCause(ctx, l.cancelAfter, context.Canceled)
	}
	r := read(lookupContext, s.provider, l)
	cancel()
	duration, history := time.Since(started), watch.End()
	c := &checker{lookup: l, result: r, history: history}
	c.checkWarnings()
	ended := found
	switch {
	case len(r.errors) == 0 && l.dataSource == "pai_images":
		c.checkList()
	case len(r.errors) == 0:
		c.checkSelected()
	case c.checkError():
		ended = expectedError
	default:
		injected := s.faults.count()
		for i := range injected {
			injected[i] -= faultsBefore[i]
		}
		ended = explain(l, r, duration, s.faults.kinds, injected)
		if ended == "" {
			c.problem("unexplained error: %s", describe(r.errors))
		}
	}
	if len(c.problems) > 0 {
		ended = wrong
	}
	if !s.report.countLookup(l, ended, c.incomplete) {
		return ""
	}
	return fmt.Sprintf("%s\n  %s\nChanges during the lookup:\n  %s\n",
		l, strings.Join(c.problems, "\n  "), strings.Join(history.Changes, "\n  "))
}

// read validates and reads the data source of a lookup.
func read(ctx context.Context, provider *providertest.Terraform, l *lookup) *result {
	tf := *provider
	tf.DataSource = l.dataSource
	response := tf.Read(ctx, l.arguments)
	r := &result{}
	for _, diagnostic := range response.Diagnostics {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			r.errors = append(r.errors, diagnostic)
			continue
		}
		r.warnings = append(r.warnings, diagnostic.Summary)
	}
	if len(r.errors) == 0 {
		r.state = tf.Decode(response)
	}
	return r
}

// explain returns how a lookup with an error ended: by its own limits, or by a fault that was injected during the
// lookup and that the error names. It returns nothing if neither explains the error.
func explain(l *lookup, r *result, duration time.Duration, kinds []faultKind, injected []int) outcome {
	first := r.errors[0]
	limited := l.cancelAfter > 0 && duration >= l.cancelAfter
	switch {
	case len(r.errors) > 1:
		return ""
	case first.Summary == summaryCancelled && limited:
		return cancelled
	case first.Summary == summaryTimedOut && (limited || l.timeout > 0 && duration >= l.timeout):
		return timedOut
	}
	for index, kind := range kinds {
		contained := func(message string) bool { return strings.Contains(first.Detail, message) }
		if injected[index] > 0 && slices.ContainsFunc(kind.messages, contained) {
			return failed
		}
	}
	return ""
}

// describe returns the text of diagnostics.
func describe(diagnostics []*tfprotov6.Diagnostic) string {
	var text strings.Builder
	for _, diagnostic := range diagnostics {
		fmt.Fprintf(&text, "%s: %s\n", diagnostic.Summary, diagnostic.Detail)
	}
	return text.String()
}

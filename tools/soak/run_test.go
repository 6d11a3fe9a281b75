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

// outcome is how a lookup ended.
type outcome string

const (
	outcomeFound         outcome = "found"
	outcomeExpectedError outcome = "expected error"
	outcomeFailed        outcome = "failed by a fault"
	outcomeCancelled     outcome = "cancelled"
	outcomeTimedOut      outcome = "timed out"
	outcomeWrong         outcome = "wrong result"
)

// check runs a lookup, checks its result and counts its outcome. It returns a description of a wrong result. It returns
// "" if the result is right or is not to be shown.
func (s *soak) check(ctx context.Context, l *lookup) string {
	watch, faultsBefore, started := s.churn.Watch(), s.faults.count(), time.Now()
	lookupContext, cancel := ctx, context.CancelFunc(func() {})
	if l.cancelAfter > 0 {
		lookupContext, cancel = context.WithTimeoutCause(ctx, l.cancelAfter, context.Canceled)
	}
	r := readDataSource(lookupContext, s.provider, l)
	cancel()
	duration, history := time.Since(started), watch.End()
	c := &checker{lookup: l, result: r, history: history}
	c.checkWarnings()
	ended := outcomeFound
	switch {
	case len(r.errors) == 0 && l.dataSource == "pai_images":
		c.checkList()
	case len(r.errors) == 0:
		c.checkSelected()
	case c.checkError():
		ended = outcomeExpectedError
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
		ended = outcomeWrong
	}
	if !s.report.countLookup(l, ended, c.incomplete) {
		return ""
	}
	return fmt.Sprintf("%s\n  %s\nChanges during the lookup:\n  %s\n",
		l, strings.Join(c.problems, "\n  "), strings.Join(history.Changes, "\n  "))
}

// readDataSource validates and reads the data source of a lookup, and returns the result.
func readDataSource(ctx context.Context, provider *providertest.Terraform, l *lookup) *result {
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

// explain returns the outcome of a lookup with an error. The error may be due to a limit of the lookup, or to a fault
// that was injected during the lookup and that the error names. explain returns "" if neither explains the error.
func explain(l *lookup, r *result, duration time.Duration, kinds []faultKind, injected []int) outcome {
	first := r.errors[0]
	limited := l.cancelAfter > 0 && duration >= l.cancelAfter
	late := duration + requestedWait // a throttled lookup ends at once if the requested wait would exceed its limit
	switch {
	case len(r.errors) > 1:
		return ""
	case first.Summary == summaryCancelled && limited:
		return outcomeCancelled
	case first.Summary == summaryTimedOut && (limited || l.timeout > 0 && duration >= l.timeout):
		return outcomeTimedOut
	case first.Summary == summaryThrottled &&
		(l.cancelAfter > 0 && late >= l.cancelAfter || l.timeout > 0 && late >= l.timeout):
		return outcomeTimedOut
	}
	for index, kind := range kinds {
		contained := func(message string) bool { return strings.Contains(first.Detail, message) }
		if injected[index] > 0 && slices.ContainsFunc(kind.messages, contained) {
			return outcomeFailed
		}
	}
	return ""
}

// describe returns the summaries and details of diagnostics.
func describe(diagnostics []*tfprotov6.Diagnostic) string {
	var text strings.Builder
	for _, diagnostic := range diagnostics {
		fmt.Fprintf(&text, "%s: %s\n", diagnostic.Summary, diagnostic.Detail)
	}
	return text.String()
}

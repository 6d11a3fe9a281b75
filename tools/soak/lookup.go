package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// How a lookup ended that is not wrong.
const (
	found     = "found"
	refused   = "refused, as it should be"
	failed    = "failed by a fault"
	cancelled = "cancelled"
	tooLate   = "out of time"
)

// lookup is one question, asked and judged.
type lookup struct {
	*question
	ended  string
	warned bool
	wrong  []string
	story  []string // what changed meanwhile
}

// look asks, and judges by what was there meanwhile, by the faults that struck, and by whether the user has ended it all.
func (s *soak) look(ctx context.Context, q *question, interrupted func() error) *lookup {
	watch, before, begun := s.churn.Watch(), s.weather.soFar(), time.Now()
	asking, cancel := ctx, context.CancelFunc(func() {})
	if q.cancelled > 0 {
		asking, cancel = context.WithTimeoutCause(ctx, q.cancelled, context.Canceled)
	}
	got, err := s.terraform.read(asking, q.source, q.arguments)
	cancel()
	took, after, history := time.Since(begun), s.weather.soFar(), watch.End()
	l := &lookup{question: q, story: history.Changes}
	if err != nil {
		l.wrong = []string{err.Error()}
		return l
	}
	j := &judge{question: q, answer: got, history: history}
	j.warnings()
	l.warned = j.warned
	switch {
	case len(got.errors) == 0 && q.source == "pai_images":
		l.ended = found
		j.list()
	case len(got.errors) == 0:
		l.ended = found
		j.single()
	case j.refusal():
		l.ended = refused
	default:
		l.ended = s.explain(q, got, took, interrupted() != nil, before, after)
		if l.ended == "" {
			j.say("an error that nothing explains: %s", said(got.errors))
		}
	}
	l.wrong = j.wrong
	return l
}

// explain finds what made a lookup fail: its own limits, or a fault that struck meanwhile and that the error tells of.
func (s *soak) explain(q *question, got *answer, took time.Duration, interrupted bool, before, after []int) string {
	first := got.errors[0]
	limited := q.cancelled > 0 && took >= q.cancelled
	switch {
	case len(got.errors) > 1:
		return ""
	case first.Summary == "Lookup cancelled" && (limited || interrupted):
		return cancelled
	case first.Summary == "Lookup timed out" && (limited || q.within > 0 && took >= q.within):
		return tooLate
	}
	for kind, calamity := range s.weather.kinds {
		told := slices.ContainsFunc(calamity.says, func(says string) bool { return strings.Contains(first.Detail, says) })
		if told && after[kind] > before[kind] {
			return failed
		}
	}
	return ""
}

// tell is all that is known of a lookup.
func (l *lookup) tell() string {
	return fmt.Sprintf("WRONG: %s\n  %s\nWhile it was read:\n  %s\n", l.question, strings.Join(l.wrong, "\n  "), strings.Join(l.story, "\n  "))
}

// ids of the images that are there now.
func ids(images []paisandbox.Image) []string {
	all := make([]string, len(images))
	for k := range images {
		all[k] = images[k].ImageID.Or("")
	}
	return all
}

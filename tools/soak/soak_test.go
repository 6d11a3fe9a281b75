package main

import (
	"strings"
	"testing"
	"time"
)

// TestSoak runs a little of it.
func TestSoak(t *testing.T) {
	t.Parallel()
	s, err := run(t.Context(), settings{
		seed: 1, length: 3 * time.Second, askers: 4, waiting: time.Minute, report: func(line string) { t.Log(line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if lookups, faults := sum(s.tally.lookups), sum(s.tally.faulty); s.tally.wrong > 0 || lookups < 20 || faults == 0 || s.tally.sent < lookups/2 {
		t.Errorf("got\n%s", s.tally)
	}
	if told := s.tally.String(); !strings.Contains(told, "       0  wrong results\n") {
		t.Errorf("got\n%s", told)
	}
}

package report

import (
	"strings"
	"testing"
)

func TestResults(t *testing.T) {
	t.Parallel()
	ours, other := Of(Seconds, 2, 1, 3), Of(Seconds, 8)
	for want, l := range map[string]Line{
		"0.25":            Line{Ours: ours, Other: other}.Times(),
		"4.00 times less": Line{Ours: ours, Other: other}.TimesLess(),
		"10.0 delays":     Line{Ours: ours}.Units(0.2, "delays"),
		"only Linux":      {Note: "only Linux", Result: 7},
	} {
		if got := l.result(); got != want {
			t.Errorf("the result is %q, want %q", got, want)
		}
	}
}

// TestAdded takes off what was measured in the same round, not the median of all rounds.
func TestAdded(t *testing.T) {
	t.Parallel()
	none := Of(Seconds, 1, 100, 2)
	l := Line{Ours: Of(Seconds, 4, 103, 5), Other: Of(Seconds, 3, 102, 4)}.Added(none).Times()
	if l.Ours.Median() != 3 || l.Other.Median() != 2 || l.Result != 1.5 {
		t.Errorf("got %v by %v is %v", l.Ours, l.Other, l.Result)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		line          Line
		goal, verdict string
	}{
		"no goal":        {line: Line{Result: 9}},
		"below":          {Line{Result: 1.14, Goal: AtMost(1.15)}, "at most 1.15", "met"},
		"as much":        {Line{Result: 1.15, Goal: AtMost(1.15)}, "at most 1.15", "met"},
		"above":          {Line{Result: 1.32, Goal: AtMost(1.15)}, "at most 1.15", "**not met**, by 0.17"},
		"enough":         {Line{Result: 80, In: "times less", Goal: AtLeast(80)}, "at least 80 times less", "met"},
		"not enough":     {Line{Result: 67.7, In: "times less", Goal: AtLeast(80)}, "at least 80 times less", "**not met**, by 12.3"},
		"units":          {Line{Result: 96.04, In: "MB", Goal: AtMost(64)}, "at most 64 MB", "**not met**, by 32.0"},
		"could not tell": {Line{Note: "only Linux says", Goal: AtMost(64), In: "MB"}, "at most 64 MB", ""},
	} {
		if got := tt.line.goal(); got != tt.goal {
			t.Errorf("%s: the goal is %q, want %q", name, got, tt.goal)
		}
		if got := tt.line.verdict(); got != tt.verdict {
			t.Errorf("%s: the verdict is %q, want %q", name, got, tt.verdict)
		}
	}
}

func TestMissedSaysWhyOnlyOfWhatIsMissed(t *testing.T) {
	t.Parallel()
	lines := []Line{
		{Row: 2, Topic: Plan, What: "a plan", Result: 1.3, Goal: AtMost(1.15)},
		{Row: 2, Topic: Plan, What: "another", Result: 1.1, Goal: AtMost(1.15)},
		{Row: 5, Topic: Memory, What: "memory", Result: 70, In: "MB", Goal: AtMost(64)},
		{Row: 5, Topic: Memory, What: "no goal", Result: 70},
	}
	got := missed(lines, map[Topic]string{Plan: "The moon is full."})
	want := []string{
		"Goal 2, a plan: 1.30, and should be at most 1.15. The moon is full.",
		"Goal 5, memory: 70.0 MB, and should be at most 64 MB. Nobody has looked into it yet.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
	if len(Missed(lines[1:2])) != 0 {
		t.Error("a goal that is met is missed")
	}
}

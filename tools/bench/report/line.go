package report

import "strings"

// Line is one line of the table: what was measured, against what, what comes out and what should.
type Line struct {
	Row     int // as the goals are numbered, from 1
	Topic   Topic
	What    string
	Ours    Sample
	Against string // what Other is
	Other   Sample
	Result  float64
	In      string // what Result counts, such as "delays"; empty: how many times Other
	Goal    *Goal  // nil: none, the line is there to compare with
	Note    string // stands for the result where it could not be measured here
}

// Goal is what a result should be.
type Goal struct {
	Limit   float64
	AtLeast bool // or else at most
}

// AtMost is a goal that is met by small results.
func AtMost(limit float64) *Goal { return &Goal{Limit: limit} }

// AtLeast is a goal that is met by large results.
func AtLeast(limit float64) *Goal { return &Goal{Limit: limit, AtLeast: true} }

// Times makes the result how many times Other's median ours is.
func (l Line) Times() Line {
	l.Result = l.Ours.Median() / l.Other.Median()
	return l
}

// TimesLess makes the result how many times less than Other's median ours is.
func (l Line) TimesLess() Line {
	l.Result, l.In = l.Other.Median()/l.Ours.Median(), "times less"
	return l
}

// Units makes the result how many units of this size ours is.
func (l Line) Units(size float64, name string) Line {
	l.Result, l.In = l.Ours.Median()/size, name
	return l
}

// Added makes the line about what both are above a third that was measured in the same rounds.
func (l Line) Added(without Sample) Line {
	l.Ours, l.Other = l.Ours.minus(without), l.Other.minus(without)
	return l
}

// missedBy is how far the result is from its goal, 0 where it is met.
func (l Line) missedBy() float64 {
	if l.Goal == nil || l.Note != "" {
		return 0
	}
	if l.Goal.AtLeast {
		return max(0, l.Goal.Limit-l.Result)
	}
	return max(0, l.Result-l.Goal.Limit)
}

func (l Line) result() string {
	if l.Note != "" {
		return l.Note
	}
	return strings.TrimSpace(digits(l.Result) + " " + l.In)
}

func (l Line) goal() string {
	switch {
	case l.Goal == nil:
		return ""
	case l.Goal.AtLeast:
		return strings.TrimSpace("at least " + count(l.Goal.Limit) + " " + l.In)
	}
	return strings.TrimSpace("at most " + count(l.Goal.Limit) + " " + l.In)
}

func (l Line) verdict() string {
	switch missed := l.missedBy(); {
	case l.Goal == nil || l.Note != "":
		return ""
	case missed > 0:
		return "**not met**, by " + digits(missed)
	}
	return "met"
}

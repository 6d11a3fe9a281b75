package main

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"
)

// row is a goal with its result.
type row struct {
	goal
	measured, compared string
	result             float64
	quick              bool
}

// judge returns a row for each goal that was measured.
func judge(all results, quick bool) []row {
	var rows []row
	for _, g := range goals {
		ours, other := all[g.ours], all[g.other]
		if len(ours) == 0 {
			continue
		}
		r := row{goal: g, measured: g.ours.format(ours), compared: g.against, quick: quick}
		switch g.kind {
		case ratio:
			r.result, r.compared = ours.median()/other.median(), g.other.format(other)+" "+g.against
		case timesLess:
			r.result, r.compared = other.median()/ours.median(), g.other.format(other)+" "+g.against
		case delays:
			r.result = other.median()
		case more:
			r.result, r.compared = ours.median()-other.median(), g.other.format(other)+" "+g.against
		case millisecondsMore:
			r.result, r.compared = (ours.median()-other.median())*1e3, g.other.format(other)+" "+g.against
		case count:
			r.result = ours.median()
		case megabytes:
			r.result = ours.median() / 1e6
		}
		rows = append(rows, r)
	}
	return rows
}

// checkMeasured returns an error if a goal was not measured. Without it, the table would lack the goal's row.
func checkMeasured(all results) error {
	for _, g := range goals {
		for _, m := range []metric{g.ours, g.other} {
			if len(all[m]) == 0 && m != (metric{}) && !g.optional {
				return fmt.Errorf("goal %d, %s: no benchmark %s reported %s", g.number, g.what, m.benchmark, m.unit)
			}
		}
	}
	return nil
}

// missedBy returns the distance of the result from the goal, or 0 if the goal is reached.
func (r row) missedBy() float64 {
	missed := max(0, r.atLeast-r.result)
	if r.atMost > 0 {
		missed = max(0, r.result-r.atMost)
	}
	return missed
}

// formatResult returns the result with its unit and with at least three significant digits.
func (r row) formatResult() string {
	decimals := 2
	switch {
	case r.result >= 100:
		decimals = 0
	case r.result >= 10:
		decimals = 1
	}
	return strings.TrimSpace(fmt.Sprintf("%.*f %s", decimals, r.result, r.kind))
}

func (r row) limit() string {
	switch {
	case r.atLeast > 0:
		return strings.TrimSpace(fmt.Sprintf("at least %g %s", r.atLeast, r.kind))
	case r.atMost > 0:
		return strings.TrimSpace(fmt.Sprintf("at most %g %s", r.atMost, r.kind))
	}
	return ""
}

func (r row) verdict() string {
	switch missed := r.missedBy(); {
	case r.quick || r.limit() == "":
		return ""
	case missed > 0:
		return fmt.Sprintf("**missed** by %.2f", missed)
	}
	return "met"
}

// formatTable returns the rows as a Markdown table with aligned columns.
func formatTable(rows []row) string {
	var text strings.Builder
	lines := tabwriter.NewWriter(&text, 0, 0, 1, ' ', 0)
	addRow := func(cells ...string) { _, _ = fmt.Fprintf(lines, "| %s\t|\n", strings.Join(cells, "\t| ")) }
	addRow("goal", "what", "measured", "compared with", "result", "target", "")
	addRow("---", "---", "---", "---", "---", "---", "---")
	for _, r := range rows {
		addRow(fmt.Sprint(r.number), r.what, r.measured, r.compared, r.formatResult(), r.limit(), r.verdict())
	}
	_ = lines.Flush() // writes to a strings.Builder never fail
	return text.String()
}

// missedGoals returns the rows that miss their goals, and the reason. Consecutive rows with the same reason share a
// line.
func missedGoals(rows []row) []string {
	var lines []string
	var names, excuse string
	for _, r := range rows {
		if r.quick || r.missedBy() == 0 {
			continue
		}
		if names != "" && r.excuse == excuse {
			names = names + "; " + r.what
			lines = lines[:len(lines)-1]
		} else {
			names = fmt.Sprintf("Goal %d, %s", r.number, r.what)
		}
		excuse = r.excuse
		lines = append(lines, names+": "+cmp.Or(excuse, "The reason is not known yet."))
	}
	return lines
}

package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Table is the lines as Markdown that is also legible as it stands.
func Table(lines []Line) string {
	rows := [][]string{{"goal", "what", "measured", "against", "result", "should be", ""}}
	for _, l := range lines {
		against := l.Other.String()
		if l.Against != "" {
			against += " " + l.Against
		}
		rows = append(rows, []string{
			fmt.Sprint(l.Row), l.What, l.Ours.String(), strings.TrimSpace(against), l.result(), l.goal(), l.verdict(),
		})
	}
	return markdown(rows)
}

// Runs is every line's samples: how many values, and from where to where.
func Runs(lines []Line) string {
	rows := [][]string{{"goal", "what", "runs", "measured", "runs", "against"}}
	for _, l := range lines {
		if len(l.Ours.Values) < 2 {
			continue // its only value stands in the table of medians
		}
		rows = append(rows, slices.Concat([]string{fmt.Sprint(l.Row), l.What}, l.Ours.runs(), l.Other.runs()))
	}
	return markdown(rows)
}

// markdown pads the cells, so that the columns are columns in a terminal, too.
func markdown(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var text strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			text.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		text.WriteString("|\n")
		if n == 0 {
			for _, width := range widths {
				text.WriteString("| " + strings.Repeat("-", width) + " ")
			}
			text.WriteString("|\n")
		}
	}
	return text.String()
}

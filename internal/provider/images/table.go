package images

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
)

const (
	maxCandidates = 10  // maximum number of rows in a table
	maxTextLength = 100 // maximum number of characters of a value in a sentence
	maxURILength  = 255 // maximum number of characters of a URI, and of every cell of a table
)

// table returns rows of cells as a table. Each line starts with spaces, so that the CLI doesn't wrap it.
func table(rows [][]string) string {
	var text strings.Builder
	writer := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = cell(value, maxURILength)
		}
		_, _ = fmt.Fprintln(writer, "  "+strings.Join(cells, "\t")) // never fails: a strings.Builder has no errors
	}
	_ = writer.Flush()
	return strings.TrimRight(text.String(), "\n")
}

// shortenAll returns the values as cells. If a value is too long, it first removes the words that all values start
// with.
func shortenAll(values []string) []string {
	cells := make([]string, len(values))
	start := 0
	if slices.ContainsFunc(values, func(value string) bool { return len(value) > maxCellLength }) {
		start = sharedStart(values)
	}
	for i, value := range values {
		if start > 0 && value != "" {
			value = "…" + value[start:]
		}
		cells[i] = cell(value, maxCellLength)
	}
	return cells
}

// sharedStart returns the number of bytes of the words that all values start with. It ignores empty values. It returns
// 0 if the values don't differ.
func sharedStart(values []string) int {
	distinct := slices.Compact(slices.Sorted(slices.Values(values)))
	if distinct[0] == "" {
		distinct = distinct[1:]
	}
	if len(distinct) < 2 {
		return 0
	}
	first, last := distinct[0], distinct[len(distinct)-1]
	n := 0
	for n < len(first) && first[n] == last[n] {
		n++
	}
	return strings.LastIndexByte(first[:n], '-') + 1
}

// cell returns a value that is printable and has at most limit characters. It returns "-" if the value is empty.
func cell(value string, limit int) string {
	if value == "" {
		return "-"
	}
	return truncate(printable(value), limit)
}

// truncate returns the first characters of a text, followed by "…" if the text has more than limit characters.
func truncate(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}

// printable replaces unprintable characters, which could break a line of the table or control the terminal. A name can
// contain any character.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// count returns a number with a noun: "1 image", "3 images".
func count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprintf("%d %s", n, plural)
}

// countShown is like count. If n is larger than maxCandidates, it adds how many elements a table shows.
func countShown(n int, singular, plural string) string {
	if n <= maxCandidates {
		return count(n, singular, plural)
	}
	return fmt.Sprintf("%d %s (%d shown, %d more)", n, plural, maxCandidates, n-maxCandidates)
}

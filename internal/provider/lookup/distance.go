package lookup

import (
	"cmp"
	"slices"
	"strings"
)

// SortByDistance sorts values by their distance to the value that was requested, nearest first, and then
// alphabetically.
func SortByDistance(values []string, requested string) {
	distances := make(map[string]int, len(values))
	for _, value := range values {
		distances[value] = distance(value, requested)
	}
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(distances[a], distances[b]), cmp.Compare(a, b))
	})
}

// distance returns the number of characters to insert, delete or replace, ignoring case, so that the texts become equal
// (the Levenshtein distance).
func distance(a, b string) int {
	from, to := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(to)+1) // distances of a part of from to each part of to
	for i := range row {
		row[i] = i
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for k := range to {
			substituted := diagonal
			if to[k] != r {
				substituted++
			}
			diagonal = row[k+1]
			row[k+1] = min(substituted, row[k]+1, row[k+1]+1)
		}
	}
	return row[len(to)]
}

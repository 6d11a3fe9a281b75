package lookup

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// SortByDistance sorts values by their distance to the value that was requested, nearest first, and then
// alphabetically.
func SortByDistance(values []string, requested string) {
	distances := make(map[string]int, len(values))
	for _, value := range values {
		distances[value] = Distance(value, requested)
	}
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(distances[a], distances[b]), cmp.Compare(a, b))
	})
}

const (
	// maxDistance limits the results of Distance, because the time that it needs grows with them.
	maxDistance = 20

	// restDistance is the distance of a value that continues the requested text.
	restDistance = 2
)

// Distance returns how far a value is from the requested text, ignoring case: the number of characters to insert,
// delete or replace (the Levenshtein distance). If the start of the value is nearer, Distance returns its distance plus
// restDistance, so that `pytorch:2.9.1-gpu` is near to `pytorch:2.9`. The result is at most maxDistance + 1.
func Distance(value, requested string) int {
	from, to := []rune(strings.ToLower(value)), []rune(strings.ToLower(requested))
	edits := levenshteinDistance(from, to)
	if len(from) > len(to) {
		edits = min(edits, levenshteinDistance(from[:len(to)], to)+restDistance)
	}
	return min(edits, maxDistance+1)
}

func levenshteinDistance(from, to []rune) int {
	edits, _, _ := levenshtein.Calculate(from, to, maxDistance, 1, 1, 1)
	return edits
}

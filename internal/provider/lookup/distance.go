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

// maxDistance limits the distances that Distance computes, because the time that it needs grows with them. Texts that
// need more edits are equally unlike.
const maxDistance = 20

// Distance returns the number of characters to insert, delete or replace, ignoring case, so that the texts become equal
// (the Levenshtein distance). It returns maxDistance + 1 for all larger distances.
func Distance(a, b string) int {
	edits := levenshtein.Distance(strings.ToLower(a), strings.ToLower(b), levenshtein.NewParams().MaxCost(maxDistance))
	return min(edits, maxDistance+1)
}

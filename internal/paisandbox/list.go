package paisandbox

import (
	"cmp"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

const defaultPageSize = 20

// listQuery holds the parameters that ListImages and ListWorkspaces share: the page, the order and Verbose.
type listQuery struct {
	pageNumber, pageSize int
	requestedSize        int    // the page size before it is reduced to the maximum
	sortBy               string // "" for an arbitrary order
	descending           bool
	tieSeed              string // ShuffleTies sets a different one for each request
	verbose              bool
}

// listQuery reads the shared parameters. def is the field that the API sorts by without SortBy, or "" if that is not
// documented.
func (p *Parameters) listQuery(maxPageSize int, def string, sortFields ...string) listQuery {
	q := listQuery{
		pageNumber:    p.PositiveInt("PageNumber", 1),
		requestedSize: p.PositiveInt("PageSize", defaultPageSize),
		sortBy:        p.OneOf("SortBy", def, sortFields...),
		descending:    p.OneOf("Order", "ASC", "ASC", "DESC") == "DESC",
		verbose:       p.Bool("Verbose", false),
	}
	q.pageSize = min(q.requestedSize, maxPageSize)
	return q
}

// withoutPage returns the part of the query that is the same for all pages of a listing.
func (q *listQuery) withoutPage() listQuery {
	return listQuery{sortBy: q.sortBy, descending: q.descending, tieSeed: q.tieSeed}
}

// pageRange is the range of a page in the matches, and the TotalCount of the response.
type pageRange struct {
	from, to, total int
}

// readPage returns the requested page of the matches and the TotalCount, with the effects applied.
func readPage[T any](x *exchange, effects []Effect, q *listQuery, find func() []*T) ([]*T, int, *ErrorResponse) {
	for _, e := range effects {
		if e.query != nil {
			if errResp := e.query(x, q); errResp != nil {
				return nil, 0, errResp
			}
		}
	}
	matches := find()
	r := q.pageRange(len(matches))
	for _, e := range effects {
		if e.page != nil {
			e.page(&r)
		}
	}
	return matches[r.from:r.to], r.total, nil
}

func (q *listQuery) pageRange(total int) pageRange {
	from := min((q.pageNumber-1)*q.pageSize, total)
	if q.pageNumber > total+1 { // the product above may have overflowed
		from = total
	}
	return pageRange{from: from, to: min(from+q.pageSize, total), total: total}
}

// findItems returns the items that match, sorted by the time that the query sorts by. Items with equal times, and all
// items without SortBy, are in an arbitrary order that is the same at each request. DESC doesn't reverse that order,
// because the API doesn't document a stable order. The result has pointers, because copying items is expensive.
func findItems[T any](
	q *listQuery, items []T, match func(*T) bool, timeOf func(*T) Field[string], idOf func(*T) string,
) []*T {
	type entry struct {
		item *T
		at   time.Time
		tie  uint64
	}
	var entries []entry
	for i := range items {
		item := &items[i]
		if !match(item) {
			continue
		}
		e := entry{item: item, tie: hash(strconv.FormatBool(q.descending) + q.tieSeed + idOf(item))}
		if q.sortBy != "" {
			e.at = parseTime(timeOf(item))
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		byTime := a.at.Compare(b.at)
		if q.descending {
			byTime = -byTime
		}
		return cmp.Or(byTime, cmp.Compare(a.tie, b.tie))
	})
	matches := make([]*T, 0, len(entries))
	for _, e := range entries {
		matches = append(matches, e.item)
	}
	return matches
}

// hash returns a number that depends only on the string. Sorted by it, items are in an arbitrary order.
func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, s) // a hash never returns an error
	return h.Sum64()
}

// parseTime returns the time in the field, or the zero time if the field is missing or invalid.
func parseTime(f Field[string]) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(f.Or("")))
	if err != nil {
		return time.Time{}
	}
	return t
}

// containsFold reports whether s contains part, ignoring case.
func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

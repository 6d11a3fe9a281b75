package paiclient

import (
	"maps"
	"slices"
)

// maxPagesWithoutNew limits how many pages a pass reads after the last page with a new item, even if the API's count
// is higher. A smaller number of pages without new items can be a gap that more items follow.
const maxPagesWithoutNew = 10

// pass contains the pages of one pass over a list. Pages can be added in any order. A pass is not safe for concurrent
// use.
type pass[T any] struct {
	keys       itemKeys[T]
	size       int // the page size that was requested
	pages      map[int]itemPage[T]
	modified   map[string]string // modification times by the identity of the item
	lastNew    int               // highest number of a page that had a new item when it was added
	withoutNew int               // how many of the added pages have a higher number than lastNew
}

func newPass[T any](keys itemKeys[T], size int) *pass[T] {
	return &pass[T]{keys: keys, size: size, pages: make(map[int]itemPage[T]), modified: make(map[string]string)}
}

func (p *pass[T]) addPage(number int, added itemPage[T]) {
	before := len(p.modified)
	for i := range added.items {
		item := &added.items[i]
		p.modified[p.keys.identity(item)] = stringOrEmpty(p.keys.modified(item))
	}
	p.pages[number] = added
	switch {
	case number < p.lastNew:
	case len(p.modified) == before:
		p.withoutNew++
	default:
		p.lastNew, p.withoutNew = number, 0
		for other := range p.pages {
			if other > number {
				p.withoutNew++
			}
		}
	}
}

// hasPage reports whether the page was added.
func (p *pass[T]) hasPage(number int) bool {
	_, ok := p.pages[number]
	return ok
}

// isExhausted reports whether the pass should end even if the API counts more items.
func (p *pass[T]) isExhausted() bool { return p.withoutNew >= maxPagesWithoutNew }

// lastPage returns the highest page number.
func (p *pass[T]) lastPage() int {
	last := 0
	for number := range p.pages {
		last = max(last, number)
	}
	return last
}

// countedPages returns the number of pages that the API's count implies if all pages are as long as the longest page.
// It returns 0 if the API reported no count.
func (p *pass[T]) countedPages() int {
	longest := 1
	for _, page := range p.pages {
		longest = max(longest, len(page.items))
	}
	total := p.total()
	if total == nil {
		return 0
	}
	return int((*total + int64(longest) - 1) / int64(longest))
}

// mayContinue reports whether there may be another page after the last one. This is the case if the last page has new
// items, and the count is missing or differs from the number of distinct items.
//
// If page 1 is the last page and is full, mayContinue ignores the count. The API's reference describes TotalCount as
// "the number of returned images", which could mean those of one page.
func (p *pass[T]) mayContinue() bool {
	last, total := p.lastPage(), p.total()
	if p.lastNew != last {
		return false
	}
	isFullFirst := last == 1 && len(p.pages[1].items) >= p.size
	return isFullFirst || total == nil || *total != int64(len(p.modified))
}

// firstPageIsShort reports whether page 1 has fewer items than requested, but at least one, and the API's count is
// missing or differs from the number of items.
func (p *pass[T]) firstPageIsShort() bool {
	length := len(p.pages[1].items)
	return length > 0 && length < p.size && !p.countsMatch()
}

// withEffectiveSize returns the pass to continue with if page 1 is short. Pages 1 and 2 must have been added.
//
// If both pages are shorter than requested, the service limits the page size to the length of the longer page. The
// result is then a new pass with that page size. Its pages have no gaps between them, even if the service computes the
// start of each page from the requested size.
func (p *pass[T]) withEffectiveSize() *pass[T] {
	length := len(p.pages[1].items)
	longer := max(length, len(p.pages[2].items))
	if longer >= p.size {
		return p // only page 1 is short
	}
	resized := newPass(p.keys, longer)
	if length == longer {
		resized.addPage(1, p.pages[1])
	}
	return resized
}

// result returns the distinct items in the order of the pages, and the counts.
func (p *pass[T]) result(passes int) *listed[T] {
	seen := make(map[string]bool)
	items := []T{}
	for _, number := range slices.Sorted(maps.Keys(p.pages)) {
		page := p.pages[number].items
		for i := range page {
			if identity := p.keys.identity(&page[i]); !seen[identity] {
				seen[identity] = true
				items = append(items, page[i])
			}
		}
	}
	return &listed[T]{items: items, total: p.total(), pages: len(p.pages), passes: passes}
}

// total returns the largest count of any page, or nil if no page has a count.
func (p *pass[T]) total() *int64 {
	var largest *int64
	for _, page := range p.pages {
		if page.total != nil && (largest == nil || *page.total > *largest) {
			largest = page.total
		}
	}
	return largest
}

// countsMatch reports whether every page has a count that equals the number of distinct items.
func (p *pass[T]) countsMatch() bool {
	for _, page := range p.pages {
		if page.total == nil || *page.total != int64(len(p.modified)) {
			return false
		}
	}
	return true
}

// isOneCompletePage reports whether the first page contains all items that the API counts.
func (p *pass[T]) isOneCompletePage() bool {
	return p.countsMatch() && len(p.pages[1].items) >= len(p.modified)
}

// agrees reports whether the counts of both passes match, and both passes have the same items with the same
// modification times. The times are needed because an item can stop matching and match again, for example if it is
// renamed and renamed back. Both passes could then contain this item and miss another one.
func (p *pass[T]) agrees(other *pass[T]) bool {
	return p.countsMatch() && other.countsMatch() && maps.Equal(p.modified, other.modified)
}

func stringOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

package paiclient

import (
	"maps"
	"math"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// maxPagesWithoutNew limits how many pages a pass reads after the last page with a new item, even if the API's count
// is higher. A smaller number of pages without new items can be a gap that more items follow.
const maxPagesWithoutNew = 10

// pass contains the pages of one pass over a list. Pages can be added in any order. A pass is not safe for concurrent
// use.
type pass[T any] struct {
	keys       itemKeys[T]
	size       int // the page size to request
	from, to   int // numbers of the first and the last page that the pass may contain
	pages      map[int]itemPage[T]
	length     int           // number of items on all pages, including repeated items
	distinct   map[string]*T // by identity; for equal identities, the item that keys.prefers
	lastNew    int           // highest number of a page that had a new item when it was added
	withoutNew int           // how many of the added pages have a higher number than lastNew
}

func newPass[T any](keys itemKeys[T], size int) *pass[T] {
	return &pass[T]{
		keys: keys, size: size, from: 1, to: math.MaxInt, pages: make(map[int]itemPage[T]), distinct: make(map[string]*T),
	}
}

func (p *pass[T]) addPage(number int, added itemPage[T]) {
	before := len(p.distinct)
	for i := range added.items {
		item := &added.items[i]
		identity := p.keys.identity(item)
		if other, ok := p.distinct[identity]; !ok || p.keys.prefers(item, other) {
			p.distinct[identity] = item
		}
	}
	p.pages[number] = added
	p.length += len(added.items)
	switch {
	case number < p.lastNew:
	case len(p.distinct) == before:
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
// It returns 0 if the API reported no count, and never more than p.to.
func (p *pass[T]) countedPages() int {
	longest := 1
	for _, page := range p.pages {
		longest = max(longest, len(page.items))
	}
	total := p.total()
	if total == nil {
		return 0
	}
	return int(min(int64(p.to), (*total+int64(longest)-1)/int64(longest)))
}

// mayContinue reports whether there may be another page after the last one. This is the case if the last page has new
// items, and the count is missing or differs from the number of distinct items.
//
// If the pass has only one page, which is full, mayContinue ignores the count, which could be that of the page.
func (p *pass[T]) mayContinue() bool {
	last, total := p.lastPage(), p.total()
	if p.lastNew != last || last >= p.to {
		return false
	}
	isFullFirst := last == p.from && len(p.pages[last].items) >= p.size
	return isFullFirst || !countEquals(total, len(p.distinct))
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

// between returns a pass with only the items at the positions from start to end-1 of the list. The pages must have
// p.size items, except for the last page.
func (p *pass[T]) between(start, end int64) *pass[T] {
	part := newPass(p.keys, p.size)
	for number, page := range p.pages {
		before := int64(number-1) * int64(p.size)
		length := int64(len(page.items))
		from, to := min(max(0, start-before), length), min(max(0, end-before), length)
		part.addPage(number, itemPage[T]{items: page.items[from:to], total: page.total})
	}
	return part
}

// result returns the distinct items in the order of the pages, and the counts.
func (p *pass[T]) result(passes int) *listed[T] {
	items := []T{}
	for _, number := range slices.Sorted(maps.Keys(p.pages)) {
		page := p.pages[number].items
		for i := range page {
			if p.distinct[p.keys.identity(&page[i])] == &page[i] {
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
		if !countEquals(page.total, len(p.distinct)) {
			return false
		}
	}
	return true
}

// countsPages reports whether the count of every page is the number of items on that page.
func (p *pass[T]) countsPages() bool {
	for _, page := range p.pages {
		if !countEquals(page.total, len(page.items)) {
			return false
		}
	}
	return true
}

// isOneCompletePage reports whether the first page contains all items of the pass, and as many as the API counts.
func (p *pass[T]) isOneCompletePage() bool {
	for number, page := range p.pages {
		// The count of a page after the first may be the number of items on the page.
		if !countEquals(page.total, len(p.distinct)) && (number == 1 || !countEquals(page.total, len(page.items))) {
			return false
		}
	}
	return len(p.pages[1].items) >= len(p.distinct)
}

// hasSameItems reports whether both passes have the same items with the same modification times. The times are needed
// because an item can stop matching and match again, for example if it is renamed and renamed back. Both passes could
// then contain this item and miss another one.
func (p *pass[T]) hasSameItems(other *pass[T]) bool {
	return maps.EqualFunc(p.distinct, other.distinct, func(a, b *T) bool {
		return pai.OrEmpty(p.keys.modified(a)) == pai.OrEmpty(p.keys.modified(b))
	})
}

func countEquals(total *int64, length int) bool { return total != nil && *total == int64(length) }

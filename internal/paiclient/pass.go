package paiclient

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// barrenPagesToEnd ends a pass early: where so many pages beyond the last that brought anything bring nothing new, a
// count that promises more is wrong. A few of them may be a hole, with more behind.
const barrenPagesToEnd = 10

// pass is what one reading of all pages found. Pages come in any order; what is made of them doesn't depend on it.
type pass struct {
	size int // of the pages that were asked for

	mu      sync.Mutex // while pages come in
	got     map[int]page
	seen    map[string]string // identities, and when each image was modified
	lastNew int               // the last page that brought an image that no other had brought before
	barren  int               // pages after it

	askedAgain atomic.Bool // a page, after its answer was in and had turned out to be broken
}

func newPass(size int) *pass {
	return &pass{size: size, got: make(map[int]page), seen: make(map[string]string)}
}

func (p *pass) add(number int, got page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := len(p.seen)
	for i := range got.images {
		p.seen[got.images[i].Identity()] = stringOrEmpty(got.images[i].GmtModifiedTime)
	}
	p.got[number] = got
	switch {
	case number < p.lastNew:
	case len(p.seen) == known:
		p.barren++
	default:
		p.lastNew, p.barren = number, 0
		for other := range p.got {
			if other > number {
				p.barren++
			}
		}
	}
}

func (p *pass) has(number int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, there := p.got[number]
	return there
}

// missing is how many of the first pages are not there yet.
func (p *pass) missing(pages int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	count := pages
	for number := range p.got {
		if number <= pages {
			count--
		}
	}
	return count
}

// ended says that there is no reason to ask for more pages, whatever the count promises.
func (p *pass) ended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.barren >= barrenPagesToEnd
}

// pages is the number of the last page.
func (p *pass) pages() int {
	last := 0
	for number := range p.got {
		last = max(last, number)
	}
	return last
}

// promised is how many pages the images that the API counts fill, by the fullest page that it gave.
func (p *pass) promised() int {
	fullest := 1
	for _, got := range p.got {
		fullest = max(fullest, len(got.images))
	}
	total := p.total()
	if total == nil {
		return 0
	}
	return int((*total + int64(fullest) - 1) / int64(fullest))
}

// goesOn says that there may be a page after the last one. Its images are new, and either the count is not that of the
// images, or it is but may be no more than what this page alone holds: "the number of returned images", as the API's
// reference calls it.
func (p *pass) goesOn() bool {
	last, total := p.pages(), p.total()
	if p.lastNew != last {
		return false
	}
	isFullFirst := last == 1 && len(p.got[1].images) >= p.size
	return isFullFirst || total == nil || *total != int64(len(p.seen))
}

// images are the distinct images, in the order of the pages.
func (p *pass) images() []pai.Image {
	seen := make(map[string]bool)
	images := []pai.Image{}
	for _, number := range slices.Sorted(maps.Keys(p.got)) {
		for _, image := range p.got[number].images {
			if id := image.Identity(); !seen[id] {
				seen[id] = true
				images = append(images, image)
			}
		}
	}
	return images
}

// total is the largest count that came with a page, nil where none did.
func (p *pass) total() *int64 {
	var largest *int64
	for _, got := range p.got {
		if got.total != nil && (largest == nil || *got.total > *largest) {
			largest = got.total
		}
	}
	return largest
}

// whole says that every page's count is the number of distinct images.
func (p *pass) whole() bool {
	distinct := int64(len(p.seen))
	for _, got := range p.got {
		if got.total == nil || *got.total != distinct {
			return false
		}
	}
	return true
}

// isOneWholePage says that the first page holds all that the API counts: nothing could move while it was read.
func (p *pass) isOneWholePage() bool {
	return p.whole() && len(p.got[1].images) >= len(p.seen)
}

// agrees says that both passes are whole and found the same images, none of them modified in between: one that is renamed may leave
// what a filter finds and come back, and what was seen both before and after a moment need not have been there then.
func (p *pass) agrees(other *pass) bool {
	return p.whole() && other.whole() && maps.Equal(p.seen, other.seen)
}

// listing orders what a pass found, the one that so many passes were made for.
func (p *pass) listing(input ListImagesInput, passes int) *Listing {
	images := pai.SortByCreated(p.images())
	if input.order() == Descending {
		slices.Reverse(images)
	}
	return &Listing{Images: images, TotalCount: p.total(), Pages: len(p.got), Passes: passes}
}

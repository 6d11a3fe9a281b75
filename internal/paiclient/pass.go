package paiclient

import (
	"maps"
	"slices"
	"sync"
)

// emptyPagesToEnd ends a pass early: after so many pages without images, a count that promises more is wrong.
const emptyPagesToEnd = 3

// pass is what one reading of all pages found. Pages come in any order; what is made of them doesn't depend on it.
type pass struct {
	size int          // of the pages that were asked for
	mu   sync.Mutex   // while pages come in
	got  map[int]page // by number
}

func newPass(size int) *pass { return &pass{size: size, got: make(map[int]page)} }

func (p *pass) add(number int, got page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got[number] = got
}

func (p *pass) has(number int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, there := p.got[number]
	return there
}

// ended says that enough pages came without an image.
func (p *pass) ended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	empty := 0
	for _, got := range p.got {
		if len(got.images) == 0 {
			empty++
		}
	}
	return empty >= emptyPagesToEnd
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

// goesOn says that the last page brought images that no other page had, though fewer than the API counts are there.
func (p *pass) goesOn() bool {
	last := p.pages()
	before := make(map[string]bool)
	for number, got := range p.got {
		for i := range got.images {
			before[got.images[i].identity()] = before[got.images[i].identity()] || number != last
		}
	}
	total := p.total()
	if total != nil && int64(len(before)) >= *total {
		return false
	}
	return slices.ContainsFunc(p.got[last].images, func(image Image) bool { return !before[image.identity()] })
}

// images are the distinct images, in the order of the pages.
func (p *pass) images() []Image {
	seen := make(map[string]bool)
	images := []Image{}
	for _, number := range slices.Sorted(maps.Keys(p.got)) {
		for _, image := range p.got[number].images {
			if id := image.identity(); !seen[id] {
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
	distinct := int64(len(p.images()))
	for _, got := range p.got {
		if got.total == nil || *got.total != distinct {
			return false
		}
	}
	return true
}

// isOneWholePage says that the first page holds all that the API counts: nothing could move while it was read.
func (p *pass) isOneWholePage() bool { return len(p.got) == 1 && p.whole() }

// agrees says that both passes are whole and found the same images.
func (p *pass) agrees(other *pass) bool {
	return p.whole() && other.whole() && maps.Equal(p.ids(), other.ids())
}

func (p *pass) ids() map[string]bool {
	ids := make(map[string]bool)
	for _, image := range p.images() {
		ids[image.identity()] = true
	}
	return ids
}

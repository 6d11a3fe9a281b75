package paiclient

import (
	"maps"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// maxPagesWithoutNew ends a pass: if so many pages after the last one with a new image have no new image, a count that
// promises more is wrong. Fewer such pages may be a gap with more images behind it.
const maxPagesWithoutNew = 10

// pass is the pages that one reading of a list returned. They can be added in any order; the result is the same.
// It is not safe for concurrent use.
type pass struct {
	size       int // the page size that was requested
	pages      map[int]imagePage
	modified   map[string]string // modification times by the identity of the image
	lastNew    int               // number of the last page that had an image which no page added before it had
	withoutNew int               // number of pages after it
}

func newPass(size int) *pass {
	return &pass{size: size, pages: make(map[int]imagePage), modified: make(map[string]string)}
}

func (p *pass) addPage(number int, added imagePage) {
	before := len(p.modified)
	for i := range added.images {
		p.modified[added.images[i].Identity()] = stringOrEmpty(added.images[i].GmtModifiedTime)
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
func (p *pass) hasPage(number int) bool {
	_, ok := p.pages[number]
	return ok
}

// isExhausted reports whether further pages are pointless, whatever the count promises.
func (p *pass) isExhausted() bool { return p.withoutNew >= maxPagesWithoutNew }

// lastPage returns the highest number of a page.
func (p *pass) lastPage() int {
	last := 0
	for number := range p.pages {
		last = max(last, number)
	}
	return last
}

// countedPages returns how many pages the images fill that the API counts, judged by the longest page.
func (p *pass) countedPages() int {
	longest := 1
	for _, page := range p.pages {
		longest = max(longest, len(page.images))
	}
	total := p.total()
	if total == nil {
		return 0
	}
	return int((*total + int64(longest) - 1) / int64(longest))
}

// mayContinue reports whether there may be a page after the last one. That is so if the last page has new images and
// the count differs from the number of images. A full first page is followed even if the count is its length, as the
// API's reference describes TotalCount as "the number of returned images", which may mean those of one page.
func (p *pass) mayContinue() bool {
	last, total := p.lastPage(), p.total()
	if p.lastNew != last {
		return false
	}
	isFullFirst := last == 1 && len(p.pages[1].images) >= p.size
	return isFullFirst || total == nil || *total != int64(len(p.modified))
}

// firstPageIsShort reports whether page 1 has fewer images than requested although the API counts more.
func (p *pass) firstPageIsShort() bool {
	length := len(p.pages[1].images)
	return length > 0 && length < p.size && !p.countsMatch()
}

// withEffectiveSize returns the pass to continue with after pages 1 and 2 were read because page 1 is short. If page 2
// is short, too, the service has a smaller limit, and the new pass requests pages of that size: whether the service
// counts pages by its limit or by the requested size, no image then falls between two pages.
func (p *pass) withEffectiveSize() *pass {
	length := len(p.pages[1].images)
	longer := max(length, len(p.pages[2].images))
	if longer >= p.size {
		return p // only page 1 is short
	}
	resized := newPass(longer)
	if length == longer {
		resized.addPage(1, p.pages[1])
	}
	return resized
}

// images returns the distinct images in the order of the pages.
func (p *pass) images() []pai.Image {
	seen := make(map[string]bool)
	images := []pai.Image{}
	for _, number := range slices.Sorted(maps.Keys(p.pages)) {
		for _, image := range p.pages[number].images {
			if id := image.Identity(); !seen[id] {
				seen[id] = true
				images = append(images, image)
			}
		}
	}
	return images
}

// total returns the largest count of any page, or nil if no page has one.
func (p *pass) total() *int64 {
	var largest *int64
	for _, page := range p.pages {
		if page.total != nil && (largest == nil || *page.total > *largest) {
			largest = page.total
		}
	}
	return largest
}

// countsMatch reports whether every page has a count and it is the number of distinct images.
func (p *pass) countsMatch() bool {
	for _, page := range p.pages {
		if page.total == nil || *page.total != int64(len(p.modified)) {
			return false
		}
	}
	return true
}

// isOneCompletePage reports whether the first page has all images that the API counts.
func (p *pass) isOneCompletePage() bool {
	return p.countsMatch() && len(p.pages[1].images) >= len(p.modified)
}

// agrees reports whether the counts of both passes match and both have the same images with the same modification
// times. Without the times, an image that is renamed between the passes, and renamed back, could hide another one:
// an image that was seen twice need not have matched all the time between.
func (p *pass) agrees(other *pass) bool {
	return p.countsMatch() && other.countsMatch() && maps.Equal(p.modified, other.modified)
}

func stringOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

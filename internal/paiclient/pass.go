package paiclient

import (
	"maps"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// maxPagesWithoutNew limits how many pages a pass reads after the last page with a new image, even if the API's count
// is higher. A smaller number of pages without new images can be a gap that more images follow.
const maxPagesWithoutNew = 10

// pass contains the pages of one pass over a list. Pages can be added in any order. A pass is not safe for concurrent
// use.
type pass struct {
	size       int // the page size that was requested
	pages      map[int]imagePage
	modified   map[string]string // modification times by the identity of the image
	lastNew    int               // highest number of a page that had a new image when it was added
	withoutNew int               // how many of the added pages have a higher number than lastNew
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

// isExhausted reports whether the pass should end even if the API counts more images.
func (p *pass) isExhausted() bool { return p.withoutNew >= maxPagesWithoutNew }

// lastPage returns the highest page number.
func (p *pass) lastPage() int {
	last := 0
	for number := range p.pages {
		last = max(last, number)
	}
	return last
}

// countedPages returns the number of pages that the API's count implies if all pages are as long as the longest page.
// It returns 0 if the API reported no count.
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

// mayContinue reports whether there may be another page after the last one. This is the case if the last page has new
// images, and the count is missing or differs from the number of distinct images.
//
// If page 1 is the last page and is full, mayContinue ignores the count. The API's reference describes TotalCount as
// "the number of returned images", which could mean the images of one page.
func (p *pass) mayContinue() bool {
	last, total := p.lastPage(), p.total()
	if p.lastNew != last {
		return false
	}
	isFullFirst := last == 1 && len(p.pages[1].images) >= p.size
	return isFullFirst || total == nil || *total != int64(len(p.modified))
}

// firstPageIsShort reports whether page 1 has fewer images than requested, but at least one, and the API's count is
// missing or differs from the number of images.
func (p *pass) firstPageIsShort() bool {
	length := len(p.pages[1].images)
	return length > 0 && length < p.size && !p.countsMatch()
}

// withEffectiveSize returns the pass to continue with if page 1 is short. Pages 1 and 2 must have been added.
//
// If both pages are shorter than requested, the service limits the page size to the length of the longer page. The
// result is then a new pass with that page size. Its pages have no gaps between them, even if the service computes the
// start of each page from the requested size.
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

// total returns the largest count of any page, or nil if no page has a count.
func (p *pass) total() *int64 {
	var largest *int64
	for _, page := range p.pages {
		if page.total != nil && (largest == nil || *page.total > *largest) {
			largest = page.total
		}
	}
	return largest
}

// countsMatch reports whether every page has a count that equals the number of distinct images.
func (p *pass) countsMatch() bool {
	for _, page := range p.pages {
		if page.total == nil || *page.total != int64(len(p.modified)) {
			return false
		}
	}
	return true
}

// isOneCompletePage reports whether the first page contains all images that the API counts.
func (p *pass) isOneCompletePage() bool {
	return p.countsMatch() && len(p.pages[1].images) >= len(p.modified)
}

// agrees reports whether the counts of both passes match, and both passes have the same images with the same
// modification times. The times are needed because an image can stop matching and match again, for example if it is
// renamed and renamed back. Both passes could then contain this image and miss another one.
func (p *pass) agrees(other *pass) bool {
	return p.countsMatch() && other.countsMatch() && maps.Equal(p.modified, other.modified)
}

func stringOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

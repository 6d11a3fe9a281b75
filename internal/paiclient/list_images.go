package paiclient

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// MaxPageSize is the largest page size that the client requests. The API's reference states no maximum. The vendor's
// own tools don't request larger pages.
const MaxPageSize = 100

// maxPasses is the maximum number of passes over all pages of a list.
const maxPasses = 4

// defaultPageSizes are the page sizes that the client tries in this order, until the service accepts one.
var defaultPageSizes = []int{MaxPageSize, 50, 20}

// ImageList is the result of ListImages.
type ImageList struct {
	Images     []pai.Image // distinct, in the requested order
	TotalCount *int64      // reported by the API; nil if the API reported none
	Pages      int         // number of pages in the last pass
	Passes     int         // number of passes over all pages
	Incomplete *Incomplete // not nil if the list may lack images
	ShortPage  *ShortPage  // not nil if a single requested page is shorter than the total count implies
}

// ShortPage describes a single requested page that has fewer images than the total count implies. The service probably
// used a smaller page size than requested. The page may then start at a different image than the caller expects.
type ShortPage struct {
	Requested int // page size
	Returned  int // number of images
}

// Incomplete describes a list that may lack images, because no two consecutive passes agreed.
type Incomplete struct {
	Passes     int    // number of passes over all pages
	TotalCount *int64 // reported by the API; nil if the API reported none
	Listed     int    // number of distinct images in the last pass
}

// ListImages returns all images that match the input. If the input has a page number, ListImages returns only the
// images of that page. The images are sorted by creation time and then by ID, in ascending or descending order.
//
// ListImages reads a list of several pages up to maxPasses times. It stops after two consecutive passes that return the
// same images with the same modification times, if every page reports a total count equal to the number of images. If
// no two consecutive passes agree in this way, the field Incomplete of the result is set.
//
// Errors are of type *APIError, *ResponseError, *TransportError, *CredentialsError or *InterruptedError. If a label
// can't be expressed in the API's syntax, ListImages returns an error of another type and sends no request.
func (c *Client) ListImages(ctx context.Context, in ListImagesInput) (*ImageList, error) {
	l := &lister{client: c, in: in, pool: newStringPool(), start: time.Now()}
	first, size, err := l.firstPage(ctx)
	if err != nil {
		return nil, err
	}
	if in.PageNumber > 0 {
		return l.singlePage(first, size), nil
	}
	p, err := l.firstPass(ctx, first, size)
	if err != nil {
		return nil, err
	}
	// If one page contains all images, no image can move to another page while the list is read. No second pass is
	// needed.
	if p.isOneCompletePage() {
		return l.result(p, 1), nil
	}
	return l.repeatPasses(ctx, p)
}

// lister contains the input and the state of one call of ListImages.
type lister struct {
	client *Client
	in     ListImagesInput
	pool   *stringPool
	start  time.Time
}

// firstPage requests page 1, or the single page that the input specifies. It returns the page, and the page size that
// the service accepted. If the input sets no page size, firstPage tries smaller default sizes while the service rejects
// the parameters.
func (l *lister) firstPage(ctx context.Context) (imagePage, int, error) {
	sizes := defaultPageSizes
	if l.in.PageSize > 0 {
		sizes = []int{l.in.PageSize}
	}
	var firstErr error
	for _, size := range sizes {
		first, err := l.page(ctx, pageQuery{number: max(1, l.in.PageNumber), size: size, verbose: l.in.Verbose})
		if apiErr, ok := errors.AsType[*APIError](err); !ok || apiErr.Kind != KindParameter {
			return first, size, err
		}
		firstErr = cmp.Or(firstErr, err)
	}
	// The service rejects every size, so probably another parameter is invalid. The first error describes that
	// parameter.
	return imagePage{}, 0, firstErr
}

// singlePage returns the result for the single page that the input specifies.
func (l *lister) singlePage(page imagePage, size int) *ImageList {
	p := newPass(size)
	p.addPage(l.in.PageNumber, page)
	list := l.result(p, 1)
	if page.total != nil {
		want := min(*page.total-int64(l.in.PageNumber-1)*int64(l.requestedSize()), int64(l.requestedSize()))
		if int64(len(page.images)) < want {
			list.ShortPage = &ShortPage{Requested: l.requestedSize(), Returned: len(page.images)}
		}
	}
	return list
}

func (l *lister) requestedSize() int { return cmp.Or(l.in.PageSize, defaultPageSizes[0]) }

// firstPass returns the first pass: the given first page and all following pages. If the first page is short, firstPass
// determines the page size that the service uses.
func (l *lister) firstPass(ctx context.Context, first imagePage, size int) (*pass, error) {
	p := newPass(size)
	p.addPage(1, first)
	if p.firstPageIsShort() {
		second, err := l.page(ctx, pageQuery{number: 2, size: size, verbose: l.in.Verbose})
		if err != nil {
			return nil, err
		}
		p.addPage(2, second)
		p = p.withEffectiveSize()
	}
	return p, l.readPages(ctx, p, 1, l.in.Verbose)
}

// readPages adds the missing pages from 1 to last to the pass. It then reads further pages as long as the counts or the
// images of the pages show that there may be more.
func (l *lister) readPages(ctx context.Context, p *pass, last int, verbose bool) error {
	for {
		if err := l.readMissing(ctx, p, last, verbose); err != nil {
			return err
		}
		switch counted := p.countedPages(); {
		case p.isExhausted():
			return nil
		case counted > last: // for example, in the first pass, if images were added, or if pages are short
			last = counted
		case p.mayContinue():
			last = p.lastPage() + 1
		default:
			return nil
		}
	}
}

// readMissing adds the missing pages from 1 to last to the pass. It sends several requests at once, but only the
// goroutine that called readMissing changes the pass.
func (l *lister) readMissing(ctx context.Context, p *pass, last int, verbose bool) error {
	type response struct {
		number int
		page   imagePage
		err    error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	responses := make(chan response)
	request := func(number int) {
		got, err := l.page(ctx, pageQuery{number: number, size: p.size, verbose: verbose})
		responses <- response{number, got, err}
	}
	// If MaxConcurrency is 1, the limit also ensures that pages are requested in their order.
	limit := l.client.options.MaxConcurrency
	inProgress, next := 0, 1
	var firstErr error
	for {
		for ; next <= last && inProgress < limit && firstErr == nil && !p.isExhausted(); next++ {
			if !p.hasPage(next) {
				inProgress++
				go request(next)
			}
		}
		if inProgress == 0 {
			return firstErr
		}
		got := <-responses
		inProgress--
		if got.err == nil {
			p.addPage(got.number, got.page)
		} else {
			firstErr = moreInformative(firstErr, got.err)
			cancel()
		}
	}
}

// moreInformative returns first, or other if first is nil. It also returns other if both are of type *InterruptedError
// and only other has a Last error.
func moreInformative(first, other error) error {
	var a, b *InterruptedError
	if errors.As(first, &a) && a.Last == nil && errors.As(other, &b) && b.Last != nil {
		return other
	}
	return cmp.Or(first, other)
}

// repeatPasses reads all pages again until two consecutive passes agree. A single pass can miss images: if an image is
// deleted during the pass, a later image can move to a page that was already read.
func (l *lister) repeatPasses(ctx context.Context, previous *pass) (*ImageList, error) {
	for number := 2; number <= maxPasses; number++ {
		// The second pass omits labels, because it is only compared with the first. Later passes need labels, because
		// any of them may become the result.
		verbose := l.in.Verbose && number != 2
		next := newPass(previous.size)
		if err := l.readPages(ctx, next, previous.lastPage(), verbose); err != nil {
			return nil, err
		}
		if previous.agrees(next) {
			if l.in.Verbose && !verbose {
				next = previous
			}
			return l.result(next, number), nil
		}
		previous = next
	}
	list := l.result(previous, maxPasses)
	list.Incomplete = &Incomplete{Passes: maxPasses, TotalCount: list.TotalCount, Listed: len(list.Images)}
	return list, nil
}

// page requests one page. If the request is interrupted, the error contains the time since the start of ListImages.
func (l *lister) page(ctx context.Context, query pageQuery) (imagePage, error) {
	got, err := l.client.listPage(ctx, l.in, query, l.pool)
	if interrupted, ok := errors.AsType[*InterruptedError](err); ok {
		interrupted.After = time.Since(l.start)
	}
	return got, err
}

// result returns the list of the images in a pass, in the requested order.
func (l *lister) result(p *pass, passes int) *ImageList {
	images := pai.SortByCreated(p.images())
	if l.in.order() == Descending {
		slices.Reverse(images)
	}
	return &ImageList{Images: images, TotalCount: p.total(), Pages: len(p.pages), Passes: passes}
}

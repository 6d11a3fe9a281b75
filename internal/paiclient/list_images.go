package paiclient

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// MaxPageSize is the largest page size that is requested. The API's reference states no maximum; the vendor's own
// tools request no more.
const MaxPageSize = 100

// maxPasses limits how often all pages are read until two consecutive passes agree.
const maxPasses = 4

// defaultPageSizes are requested in this order while the service rejects them.
var defaultPageSizes = []int{MaxPageSize, 50, 20}

// ImageList is the result of ListImages.
type ImageList struct {
	Images     []pai.Image // distinct, in the requested order
	TotalCount *int64      // of the API; nil if it sent no count
	Pages      int         // that the last pass read
	Passes     int         // over all pages
	Incomplete *Incomplete // not nil if the list may lack images
	ShortPage  *ShortPage  // not nil if a single requested page is shorter than the count implies
}

// ShortPage describes a single page with fewer images than requested. With a smaller page size, the same page number
// means other images.
type ShortPage struct {
	Requested int
	Returned  int
}

// Incomplete describes a list that may lack images, because no two consecutive passes agreed.
type Incomplete struct {
	Passes  int    // over all pages
	Counted *int64 // by the API; nil if it sent no count
	Listed  int    // distinct images of the last pass
}

// ListImages returns all images that match the input, or only those of the page that the input names. They are ordered
// by creation time and then by ID.
//
// A list of more than one page is read until two consecutive passes return the same images with the same modification
// times and every page's count is their number, at most maxPasses times. If that never happens, the result's Incomplete
// field says how many images were counted and listed.
//
// Errors are of type *APIError, *ResponseError, *TransportError, *CredentialsError or *InterruptedError. Labels that
// the API has no syntax for cause an error of another type, and no request.
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
	// One page can't be torn by a concurrent change, so it needs no second pass.
	if p.isOneCompletePage() {
		return l.result(p, 1), nil
	}
	return l.repeatPasses(ctx, p)
}

// lister is one call of ListImages.
type lister struct {
	client *Client
	in     ListImagesInput
	pool   *stringPool
	start  time.Time
}

// firstPage requests page 1, or the only page that is wanted, and returns it with the page size that the service
// accepted. If the caller set no size, it tries the smaller default sizes while the service rejects the parameters.
func (l *lister) firstPage(ctx context.Context) (imagePage, int, error) {
	sizes := defaultPageSizes
	if l.in.PageSize > 0 {
		sizes = []int{l.in.PageSize}
	}
	var firstErr error
	for _, size := range sizes {
		first, err := l.page(ctx, pageQuery{number: max(1, l.in.PageNumber), size: size, verbose: l.in.Verbose})
		if api, ok := errors.AsType[*APIError](err); !ok || api.Kind != KindParameter {
			return first, size, err
		}
		firstErr = cmp.Or(firstErr, err)
	}
	// The service rejects every size, so another parameter is wrong, and the first error is about that one.
	return imagePage{}, 0, firstErr
}

// singlePage returns the result for the only page that is wanted.
func (l *lister) singlePage(only imagePage, size int) *ImageList {
	p := newPass(size)
	p.addPage(l.in.PageNumber, only)
	list := l.result(p, 1)
	if only.total != nil {
		want := min(*only.total-int64(l.in.PageNumber-1)*int64(l.requestedSize()), int64(l.requestedSize()))
		if int64(len(only.images)) < want {
			list.ShortPage = &ShortPage{Requested: l.requestedSize(), Returned: len(only.images)}
		}
	}
	return list
}

func (l *lister) requestedSize() int { return cmp.Or(l.in.PageSize, defaultPageSizes[0]) }

// firstPass reads the pages after the first.
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

// readPages reads all pages that the pass still lacks: first those up to the number last, and then the ones that follow
// from what these contain.
func (l *lister) readPages(ctx context.Context, p *pass, last int, verbose bool) error {
	for {
		if err := l.readMissing(ctx, p, last, verbose); err != nil {
			return err
		}
		switch counted := p.countedPages(); {
		case p.isExhausted():
			return nil
		case counted > last: // the first count is known now, or the catalogue grew, or pages are shorter than requested
			last = counted
		case p.mayContinue():
			last = p.lastPage() + 1
		default:
			return nil
		}
	}
}

// readMissing reads those pages up to the number last that the pass lacks, several at once. Only this goroutine changes
// the pass.
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
	// The limit also keeps pages in their order if only one request is allowed.
	limit := l.client.options.MaxConcurrency
	inProgress, next := 0, 1
	var failure error
	for {
		for ; next <= last && inProgress < limit && failure == nil && !p.isExhausted(); next++ {
			if !p.hasPage(next) {
				inProgress++
				go request(next)
			}
		}
		if inProgress == 0 {
			return failure
		}
		got := <-responses
		inProgress--
		if got.err == nil {
			p.addPage(got.number, got.page)
		} else {
			failure = preferReason(failure, got.err)
			cancel()
		}
	}
}

// preferReason returns the first of two errors of requests that ran at the same time. If the first request was
// interrupted while it waited for its turn, its error has no reason. Then the other error is returned if it has one.
func preferReason(first, other error) error {
	var interrupted, reasoned *InterruptedError
	if errors.As(first, &interrupted) && interrupted.Last == nil && errors.As(other, &reasoned) && reasoned.Last != nil {
		return other
	}
	return cmp.Or(first, other)
}

// repeatPasses reads all pages again until two consecutive passes agree. Without that, an image that is deleted during
// a pass would move another one to a page that was read before.
func (l *lister) repeatPasses(ctx context.Context, previous *pass) (*ImageList, error) {
	for number := 2; number <= maxPasses; number++ {
		// The second pass only compares, so it needs no labels. The last one is the result if no two passes agree.
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
	list.Incomplete = &Incomplete{Passes: maxPasses, Counted: list.TotalCount, Listed: len(list.Images)}
	return list, nil
}

// page requests one page. If it is interrupted, the error counts the time from the start of ListImages, as the request
// itself may only just have begun.
func (l *lister) page(ctx context.Context, query pageQuery) (imagePage, error) {
	got, err := l.client.listPage(ctx, l.in, query, l.pool)
	if interrupted, ok := errors.AsType[*InterruptedError](err); ok {
		interrupted.After = time.Since(l.start)
	}
	return got, err
}

// result returns the images of a pass in the requested order.
func (l *lister) result(p *pass, passes int) *ImageList {
	images := pai.SortByCreated(p.images())
	if l.in.order() == Descending {
		slices.Reverse(images)
	}
	return &ImageList{Images: images, TotalCount: p.total(), Pages: len(p.pages), Passes: passes}
}

package paiclient

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// MaxPageSize is the largest page size that the client requests. The API's reference states no maximum. The vendor's
// own tools don't request larger pages.
const MaxPageSize = 100

// maxPasses is the maximum number of passes over all pages of a list.
const maxPasses = 4

// defaultPageSizes are the page sizes that the client tries in this order, until the service accepts one.
var defaultPageSizes = []int{MaxPageSize, 50, 20}

// Incomplete describes a list that may lack items, because no two consecutive passes agreed.
type Incomplete struct {
	Passes     int    // number of passes over all pages
	TotalCount *int64 // reported by the API; nil if the API reported none
	Listed     int    // number of distinct items in the last pass
}

// ShortPage describes a single requested page that has fewer items than the total count implies. The service probably
// used a smaller page size than requested. The page may then start at a different item than the caller expects.
type ShortPage struct {
	Requested int // page size
	Returned  int // number of items
}

// lister lists the items of type T of one list operation of the API, such as ListImages. A lister is used once.
type lister[T any] struct {
	client  *Client
	request func(context.Context, pageQuery) (itemPage[T], error)
	keys    itemKeys[T]
	verbose bool      // whether the result includes the fields that the API returns only for Verbose=true
	size    int       // page size; 0 means the first of the default sizes that the service accepts
	number  int       // number of the only page to list, from 1; 0 means all pages
	start   time.Time // set by the method list
}

// itemKeys contains the functions that compare the items of two passes.
type itemKeys[T any] struct {
	identity func(*T) string  // distinguishes the items of a list
	modified func(*T) *string // modification time, or nil if the item has none
}

// pageQuery selects a page.
type pageQuery struct {
	number  int // from 1
	size    int
	verbose bool // value of the parameter Verbose
}

// itemPage is one page of a list.
type itemPage[T any] struct {
	items []T
	total *int64 // number of items on all pages, as reported by the API; nil if the API reported none
}

// listed is the result of a lister.
type listed[T any] struct {
	items      []T    // distinct, in the order of the pages
	total      *int64 // reported by the API; nil if the API reported none
	pages      int    // number of pages in the last pass
	passes     int    // number of passes over all pages
	incomplete *Incomplete
	short      *ShortPage
}

// list returns all items, or those of a single page. For more than one page, it repeats the pass over all pages until
// two consecutive passes agree, at most maxPasses times.
func (l *lister[T]) list(ctx context.Context) (*listed[T], error) {
	l.start = time.Now()
	first, size, err := l.firstPage(ctx)
	if err != nil {
		return nil, err
	}
	if l.number > 0 {
		return l.singlePage(first, size), nil
	}
	p, err := l.firstPass(ctx, first, size)
	if err != nil {
		return nil, err
	}
	// If one page contains all items, no item can move to another page while the list is read. No second pass is needed.
	if p.isOneCompletePage() {
		return p.result(1), nil
	}
	return l.repeatPasses(ctx, p)
}

// firstPage requests page 1, or the single page that the input specifies. It returns the page, and the page size that
// the service accepted. If the input sets no page size, firstPage tries smaller default sizes while the service rejects
// the parameters.
func (l *lister[T]) firstPage(ctx context.Context) (itemPage[T], int, error) {
	sizes := defaultPageSizes
	if l.size > 0 {
		sizes = []int{l.size}
	}
	var firstErr error
	for _, size := range sizes {
		first, err := l.page(ctx, pageQuery{number: max(1, l.number), size: size, verbose: l.verbose})
		if apiErr, ok := errors.AsType[*APIError](err); !ok || apiErr.Kind != KindParameter {
			return first, size, err
		}
		firstErr = cmp.Or(firstErr, err)
	}
	// The service rejects every size, so probably another parameter is invalid. The first error describes that
	// parameter.
	return itemPage[T]{}, 0, firstErr
}

// singlePage returns the result for the single page that the input specifies.
func (l *lister[T]) singlePage(page itemPage[T], size int) *listed[T] {
	p := newPass(l.keys, size)
	p.addPage(l.number, page)
	list := p.result(1)
	if page.total != nil {
		want := min(*page.total-int64(l.number-1)*int64(l.requestedSize()), int64(l.requestedSize()))
		if int64(len(page.items)) < want {
			list.short = &ShortPage{Requested: l.requestedSize(), Returned: len(page.items)}
		}
	}
	return list
}

func (l *lister[T]) requestedSize() int { return cmp.Or(l.size, defaultPageSizes[0]) }

// page requests one page. If the request is interrupted, the error contains the time since the start of list.
func (l *lister[T]) page(ctx context.Context, query pageQuery) (itemPage[T], error) {
	got, err := l.request(ctx, query)
	if interrupted, ok := errors.AsType[*InterruptedError](err); ok {
		interrupted.After = time.Since(l.start)
	}
	return got, err
}

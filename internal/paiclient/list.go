package paiclient

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// MaxPageSize is the largest page size that the client requests. The API's reference states no maximum. The vendor's
// own tools don't request larger pages.
const MaxPageSize = 100

// maxPasses is the maximum number of passes over all pages of a list.
const maxPasses = 4

// maxListed is the maximum number of items in a list, including repeated items.
const maxListed = 100_000

var errTooManyItems = fmt.Errorf("the list has more than %d items", maxListed)

var (
	// defaultPageSizes are the page sizes that the client tries in this order, until the service accepts one.
	defaultPageSizes = []int{MaxPageSize, 50, 20}

	// reducedPageSizes are the page sizes to which the client reduces its page size if a response is too large.
	reducedPageSizes = []int{20, 4, 1}
)

// Incomplete describes a list that may lack items, because no two consecutive passes agreed, or because the API doesn't
// count the items of the list.
type Incomplete struct {
	Passes      int    // number of passes over all pages
	TotalCount  *int64 // reported by the API; nil if the API reported none
	Listed      int    // number of distinct items in the last pass
	CountsPages bool   // whether the API reported the number of items on each page instead of the total
}

// PageMismatch describes a single page that has more or fewer items than the total count implies.
type PageMismatch struct {
	TotalCount int64
	Want       int // number of items that the total count implies
	Listed     int // number of distinct items on the page
}

// lister lists the items of type T of one list operation of the API, such as ListImages. A lister is used once.
type lister[T any] struct {
	client  *Client
	action  string // the API's name of the operation
	request func(context.Context, pageQuery) (itemPage[T], error)
	history *pageHistory // what the endpoint returned for the operation before
	keys    itemKeys[T]
	verbose bool      // whether the result includes the fields that the API returns only for Verbose=true
	size    int       // page size; 0 means the first of the default sizes that the service accepts
	number  int       // number of the only page to list, from 1; 0 means all pages
	reduced int       // page size after a response was too large; 0 before. Set by the method list
	start   time.Time // set by the method list
}

// itemKeys contains the functions that distinguish and compare the items of a list.
type itemKeys[T any] struct {
	identity func(*T) string
	modified func(*T) *string // modification time, or nil if the item has none
}

// prefers reports whether the list should contain item instead of other, which has the same identity. It prefers the
// later modification time. Even for equal times, the result doesn't depend on the order of the pages.
func (k itemKeys[T]) prefers(item, other *T) bool {
	modified, otherModified := pai.OrEmpty(k.modified(item)), pai.OrEmpty(k.modified(other))
	at, _ := pai.ParseTime(modified) // the zero time if the text is invalid
	otherAt, _ := pai.ParseTime(otherModified)
	content, _ := json.Marshal(item) // an item has only fields that were decoded from JSON
	otherContent, _ := json.Marshal(other)
	return cmp.Or(
		at.Compare(otherAt), strings.Compare(modified, otherModified), bytes.Compare(content, otherContent)) > 0
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

// newItemPage returns a page with the items and the count of a response. Each of them is nil if the response lacks the
// field. If both are nil, newItemPage returns an error.
func newItemPage[T any](c *Client, response *apiResponse, items *[]T, total *int64) (itemPage[T], error) {
	switch {
	case items != nil:
		return itemPage[T]{*items, total}, nil
	case total != nil:
		return itemPage[T]{total: total}, nil
	}
	return itemPage[T]{}, c.bodyError(response, errMissingFields)
}

// listed is the result of a lister.
type listed[T any] struct {
	items      []T    // distinct, in the order of the pages
	total      *int64 // reported by the API; nil if the API reported none
	pages      int    // number of pages in the last pass
	passes     int    // number of passes over all pages
	incomplete *Incomplete
	mismatch   *PageMismatch
}

// list returns all items, or those of a single page. If a response is too large, list starts again with smaller pages.
// The error is a *ListTooLargeError if there are more than maxListed items.
func (l *lister[T]) list(ctx context.Context) (*listed[T], error) {
	l.start = time.Now()
	for {
		result, err := l.listOnce(ctx)
		if _, ok := errors.AsType[tooLargeError](err); !ok {
			return result, err
		}
		size := l.pageSizes()[0]
		if size == 1 {
			if response, ok := errors.AsType[*ResponseError](err); ok {
				response.Err = fmt.Errorf("%w, although the page size is 1", response.Err)
			}
			return nil, err
		}
		l.reduced = reducedPageSize(size)
	}
}

// reducedPageSize returns the next page size below size.
func reducedPageSize(size int) int {
	next := slices.IndexFunc(reducedPageSizes, func(reduced int) bool { return reduced < size })
	return reducedPageSizes[next]
}

// listOnce returns all items, or those of a single page. For more than one page, it repeats the pass over all pages
// until two consecutive passes agree, at most maxPasses times.
func (l *lister[T]) listOnce(ctx context.Context) (*listed[T], error) {
	if l.number > 0 {
		return l.listRange(ctx)
	}
	first, size, err := l.firstPage(ctx, 0)
	if err != nil {
		return nil, err
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

// firstPage requests the page that begins with, or contains, the item at the given position, counted from 0. It returns
// the page, and the page size that the service accepted. If the input sets no page size, firstPage tries smaller
// default sizes while the service rejects the parameters.
func (l *lister[T]) firstPage(ctx context.Context, position int64) (itemPage[T], int, error) {
	var firstErr error
	for _, size := range l.pageSizes() {
		first, err := l.page(ctx, pageQuery{number: pageAt(position, size), size: size, verbose: l.verbose})
		if apiErr, ok := errors.AsType[*APIError](err); !ok || apiErr.Kind != KindParameter {
			return first, size, err
		}
		firstErr = cmp.Or(firstErr, err)
	}
	// The service rejects every size, so probably another parameter is invalid. The first error describes that
	// parameter.
	return itemPage[T]{}, 0, firstErr
}

// pageSizes returns the page sizes to try, in this order.
func (l *lister[T]) pageSizes() []int {
	if size := cmp.Or(l.reduced, l.size); size > 0 {
		return []int{size}
	}
	return defaultPageSizes
}

// page requests one page. If the request is interrupted, the error contains the time since the start of list.
func (l *lister[T]) page(ctx context.Context, query pageQuery) (itemPage[T], error) {
	got, err := l.request(ctx, query)
	if interrupted, ok := errors.AsType[*InterruptedError](err); ok {
		interrupted.After = time.Since(l.start)
	}
	if err == nil {
		l.history.add(len(got.items), got.total)
	}
	return got, err
}

// pageAt returns the number of the page that contains the item at the given position, counted from 0.
func pageAt(position int64, size int) int { return int(position/int64(size)) + 1 }

// pageHistory records what an endpoint returned for one list operation. It shows whether the service limits the page
// size without an error, and whether TotalCount counts all items. The API's reference describes TotalCount as "the
// number of returned images", which could mean those of one page. A pageHistory is safe for concurrent use.
type pageHistory struct {
	mu        sync.Mutex
	longest   int  // number of items on the longest page
	countsAll bool // whether a page had fewer items than its count
}

// add records a page.
func (h *pageHistory) add(length int, total *int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.longest = max(h.longest, length)
	h.countsAll = h.countsAll || total != nil && *total > int64(length)
}

// longestPage returns the number of items on the longest page.
func (h *pageHistory) longestPage() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.longest
}

// mayHaveLimit reports whether the service may have limited page 1 to length items, although its count is length, too.
// A limit is probably a multiple of ten.
func (h *pageHistory) mayHaveLimit(length int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return length%10 == 0 && h.longest <= length && !h.countsAll
}

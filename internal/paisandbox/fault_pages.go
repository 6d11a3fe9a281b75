package paisandbox

import (
	"fmt"
	"strconv"
)

// The effects in this file that change pages apply to ListImages and to ListWorkspaces.

// Call calls a function before the request is handled, for example to change the catalogue between two pages.
func Call(call func(*Sandbox)) Effect {
	return Effect{before: func(x *exchange) bool {
		call(x.sandbox)
		return true
	}}
}

// ClampPageSize reduces a requested page size above n to n, without an error.
func ClampPageSize(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		q.pageSize = min(q.pageSize, n)
		return nil
	}}
}

// RaisePageSize increases a requested page size below n to n, without an error.
func RaisePageSize(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		q.pageSize = max(q.pageSize, n)
		return nil
	}}
}

// RefusePageSizeAbove responds with an error if the requested page size is above n.
func RefusePageSizeAbove(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		if q.requestedSize <= n {
			return nil
		}
		return BadRequest("InvalidParameter", fmt.Sprintf("PageSize must not be larger than %d.", n))
	}}
}

// TotalCount sets the TotalCount of a page, independent of the number of items.
func TotalCount(n int) Effect {
	return Effect{page: func(r *pageRange) { r.total = n }}
}

// CountPage sets the TotalCount of a page to the number of items on the page.
func CountPage() Effect {
	return Effect{page: func(r *pageRange) { r.total = r.to - r.from }}
}

// EmptyPage removes every item from a page and keeps its TotalCount.
func EmptyPage() Effect {
	return Effect{page: func(r *pageRange) { r.to = r.from }}
}

// ShortPage removes the last n items from a page and keeps its TotalCount.
func ShortPage(n int) Effect {
	return Effect{page: func(r *pageRange) { r.to = max(r.from, r.to-n) }}
}

// EndlessPages responds to every page number with n images that are on no other page, and with a TotalCount that is
// always larger than the number of images on these pages.
func EndlessPages(n int) Effect {
	return replaceResponse(func(x *exchange) *Response {
		number, _ := strconv.Atoi(x.query.Get("PageNumber")) // the parameters were not checked
		page := listImagesResponse{RequestID: x.requestID, TotalCount: (number + 1) * n}
		for k := range n {
			page.Images = append(page.Images, Official(fmt.Sprintf("registry.example.com/pai/endless:%d.%d", number, k)))
		}
		return x.jsonResponse(page)
	})
}

// RepeatPage responds with the page before the requested page.
func RepeatPage() Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		q.pageNumber = max(1, q.pageNumber-1)
		return nil
	}}
}

// IgnoreLabels evaluates a ListImages request as if it had no Labels. An invalid value is still an error.
func IgnoreLabels() Effect {
	return Effect{images: func(q *imageQuery) { q.labels = nil }}
}

// ShuffleTies changes the order of items with equal times at each request.
func ShuffleTies() Effect {
	return Effect{query: func(x *exchange, q *listQuery) *ErrorResponse {
		q.tieSeed = fmt.Sprint(x.number)
		return nil
	}}
}

// ReverseOrder sorts in the reverse of the requested order.
func ReverseOrder() Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		q.descending = !q.descending
		return nil
	}}
}

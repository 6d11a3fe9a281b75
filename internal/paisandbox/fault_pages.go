package paisandbox

import "fmt"

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

// RefusePageSizeAbove responds with an error if the requested page size is above n.
func RefusePageSizeAbove(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		if q.requestedSize <= n {
			return nil
		}
		return BadRequest("InvalidParameter", fmt.Sprintf("PageSize must not be larger than %d.", n))
	}}
}

// TotalCount sets the TotalCount of a page, independent of the number of images.
func TotalCount(n int) Effect {
	return Effect{page: func(p *listImagesResponse) { p.TotalCount = n }}
}

// EmptyPage removes every image from a page and keeps its TotalCount.
func EmptyPage() Effect {
	return Effect{page: func(p *listImagesResponse) { p.Images = []Image{} }}
}

// ShortPage removes the last n images from a page and keeps its TotalCount.
func ShortPage(n int) Effect {
	return Effect{page: func(p *listImagesResponse) { p.Images = p.Images[:max(0, len(p.Images)-n)] }}
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
	return Effect{query: func(_ *exchange, q *listQuery) *ErrorResponse {
		q.labels = nil
		return nil
	}}
}

// ShuffleTies changes the order of images with equal creation times at each request.
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

package paisandbox

import "fmt"

// Call calls a function before the request is answered, for example to change the catalogue between two pages.
func Call(call func(*Sandbox)) Effect {
	return Effect{before: func(x *exchange) bool {
		call(x.sandbox)
		return true
	}}
}

// ClampPageSize silently reduces a page size above n to n.
func ClampPageSize(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		q.pageSize = min(q.pageSize, n)
		return nil
	}}
}

// RefusePageSizeAbove responds with an error to a page size above n.
func RefusePageSizeAbove(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		if q.requestedSize <= n {
			return nil
		}
		return BadRequest("InvalidParameter", fmt.Sprintf("PageSize must not be larger than %d.", n))
	}}
}

// TotalCount sets the TotalCount of a page, whatever the number of images.
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

// RepeatPage responds with the page before the requested one.
func RepeatPage() Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		q.pageNumber = max(1, q.pageNumber-1)
		return nil
	}}
}

// ShuffleTies changes the order of images of equal creation time at each request.
func ShuffleTies() Effect {
	return Effect{query: func(x *exchange, q *listQuery) *Refusal {
		q.tieSeed = fmt.Sprint(x.number)
		return nil
	}}
}

// ReverseOrder sorts in the opposite of the requested order.
func ReverseOrder() Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		q.descending = !q.descending
		return nil
	}}
}

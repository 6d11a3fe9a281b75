package paisandbox

import "fmt"

// Change calls a function before the request is answered, typically to change the catalogue between two pages.
func Change(do func(*Sandbox)) Effect {
	return Effect{before: func(x *exchange) bool {
		do(x.sandbox)
		return true
	}}
}

// ClampPageSize gives at most n images a page and says nothing about it.
func ClampPageSize(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		q.pageSize = min(q.pageSize, n)
		return nil
	}}
}

// RefusePageSizeAbove answers a larger page size with an error.
func RefusePageSizeAbove(n int) Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		if q.askedSize <= n {
			return nil
		}
		return BadRequest("InvalidParameter", fmt.Sprintf("PageSize must not be larger than %d.", n))
	}}
}

// TotalCount answers with this count whatever the number of images.
func TotalCount(n int) Effect {
	return Effect{page: func(a *listImagesResponse) { a.TotalCount = n }}
}

// EmptyPage leaves every image out of a page, and the count as it is.
func EmptyPage() Effect {
	return Effect{page: func(a *listImagesResponse) { a.Images = []Image{} }}
}

// ShortPage leaves the last n images out of a page, and the count as it is.
func ShortPage(n int) Effect {
	return Effect{page: func(a *listImagesResponse) { a.Images = a.Images[:max(0, len(a.Images)-n)] }}
}

// RepeatPage answers with the page before the one asked for.
func RepeatPage() Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		q.pageNumber = max(1, q.pageNumber-1)
		return nil
	}}
}

// ShuffleTies orders images of equal creation time anew at each request.
func ShuffleTies() Effect {
	return Effect{query: func(x *exchange, q *listQuery) *Refusal {
		q.tieSeed = fmt.Sprint(x.number)
		return nil
	}}
}

// ReverseOrder sorts the other way round than asked.
func ReverseOrder() Effect {
	return Effect{query: func(_ *exchange, q *listQuery) *Refusal {
		q.descending = !q.descending
		return nil
	}}
}

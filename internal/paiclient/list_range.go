package paiclient

import (
	"cmp"
	"context"
)

// listRange returns the items of a single page: those at the positions from (number-1)*size to number*size-1 of the
// list. If the service uses another page size, listRange reads the pages that contain these items.
func (l *lister[T]) listRange(ctx context.Context) (*listed[T], error) {
	length := int64(cmp.Or(l.size, MaxPageSize))
	start := int64(l.number-1) * length
	end := start + length
	page, size, err := l.firstPage(ctx, start)
	if err != nil {
		return nil, err
	}
	number := pageAt(start, size)
	served, err := l.servedSize(ctx, page, pageQuery{number, size, l.verbose})
	if err != nil {
		return nil, err
	}
	p := newPass(l.keys, served)
	p.from, p.to = pageAt(start, served), pageAt(end-1, served)
	if served == size || number == 1 { // page 1 starts at the same item, whatever the page size is
		p.addPage(number, page)
	}
	if err := l.readPages(ctx, p, p.from, l.verbose); err != nil {
		return nil, err
	}
	list := p.between(start, end).result(1)
	if list.total != nil {
		if want := int(min(max(0, *list.total-start), length)); len(list.items) != want {
			list.mismatch = &PageMismatch{TotalCount: *list.total, Want: want, Listed: len(list.items)}
		}
	}
	return list, nil
}

// servedSize returns the number of items on each page that the service returns if the client requests query.size items.
// The parameters are a page and its query.
func (l *lister[T]) servedSize(ctx context.Context, page itemPage[T], query pageQuery) (int, error) {
	length := len(page.items)
	before := int64(query.number-1) * int64(query.size)
	switch {
	case length == query.size, length < query.size && l.history.longestPage() >= query.size:
		return query.size, nil
	case length == 0 && (query.number == 1 || page.total == nil || *page.total <= before):
		return query.size, nil // the list ends before this page
	case query.number > 1:
		query.number = 1
		first, err := l.page(ctx, query)
		return cmp.Or(max(length, len(first.items)), query.size), err
	case countEquals(page.total, length) && !l.history.mayHaveLimit(length):
		return query.size, nil // the page is the whole list
	}
	return length, nil
}

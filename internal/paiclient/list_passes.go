package paiclient

import (
	"cmp"
	"context"
	"errors"
)

// firstPass returns the first pass: the given first page and all following pages. If the first page is short, firstPass
// determines the page size that the service uses.
func (l *lister[T]) firstPass(ctx context.Context, first itemPage[T], size int) (*pass[T], error) {
	p := newPass(l.keys, size)
	p.addPage(1, first)
	length := len(first.items)
	switch {
	case length == 0 || length >= size:
	case !p.countsMatch():
		second, err := l.page(ctx, pageQuery{number: 2, size: size, verbose: l.verbose})
		if err != nil {
			return nil, err
		}
		p.addPage(2, second)
		p = p.withEffectiveSize()
	case l.history.mayHaveLimit(length):
		p.size = length // readPages then treats page 1 as full, and reads page 2
	}
	return p, l.readPages(ctx, p, 1, l.verbose)
}

// readPages adds the missing pages up to last to the pass. It then reads further pages as long as the counts or the
// items of the pages show that there may be more.
func (l *lister[T]) readPages(ctx context.Context, p *pass[T], last int, verbose bool) error {
	for {
		if err := l.readMissing(ctx, p, last, verbose); err != nil {
			return err
		}
		switch counted := p.countedPages(); {
		case p.isExhausted():
			return nil
		case counted > last: // for example, in the first pass, if items were added, or if pages are short
			last = counted
		case p.mayContinue():
			last = p.lastPage() + 1
		default:
			return nil
		}
	}
}

// readMissing adds the missing pages up to last to the pass. It sends several requests at once, but only the
// goroutine that called readMissing changes the pass.
func (l *lister[T]) readMissing(ctx context.Context, p *pass[T], last int, verbose bool) error {
	type response struct {
		number int
		page   itemPage[T]
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
	inProgress, next := 0, p.from
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
			got.err = l.checkLength(p)
		}
		if got.err != nil {
			firstErr = moreInformative(firstErr, got.err)
			cancel()
		}
	}
}

// checkLength returns an error if the pass has more than maxListed items.
func (l *lister[T]) checkLength(p *pass[T]) error {
	if p.length <= maxListed {
		return nil
	}
	return &ListTooLargeError{Action: l.action, Host: l.client.host(), Err: errTooManyItems}
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

// repeatPasses reads all pages again until two consecutive passes agree. A single pass can miss items: if an item is
// deleted during the pass, a later item can move to a page that was already read.
func (l *lister[T]) repeatPasses(ctx context.Context, previous *pass[T]) (*listed[T], error) {
	for number := 2; ; number++ {
		// The second pass isn't verbose, because it is only compared with the first. Later passes are, because any of them
		// may become the result.
		verbose := l.verbose && number != 2
		next := newPass(l.keys, previous.size)
		if err := l.readPages(ctx, next, previous.lastPage(), verbose); err != nil {
			return nil, err
		}
		hasSameItems := previous.hasSameItems(next)
		isComplete := hasSameItems && previous.countsMatch() && next.countsMatch()
		countsPages := hasSameItems && previous.countsPages() && next.countsPages()
		if !isComplete && !countsPages && number < maxPasses {
			previous = next
			continue
		}
		if l.verbose && !verbose {
			next = previous
		}
		list := next.result(number)
		if !isComplete {
			list.incomplete = &Incomplete{
				Passes: number, TotalCount: list.total, Listed: len(list.items), CountsPages: countsPages,
			}
		}
		return list, nil
	}
}

package paiclient

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// passPlan says how to read all pages.
type passPlan struct {
	size     int   // of a page
	verbose  bool  // with labels
	first    *page // page 1, where it is there already and the rest is yet to be found out
	expect   int   // pages to ask for at once, where an earlier pass has found out
	received func(p *pass, pages int)
}

// readPass reads all pages once. It calls plan.received, unless that is nil, when the answers to as many pages as the API counts
// are in, and yet to be decoded; more than once where those tell of more pages.
func (l *lister) readPass(ctx context.Context, plan passPlan) (*pass, error) {
	p := newPass(plan.size)
	fetch := func(ctx context.Context, number int, received func()) error {
		got, err := l.page(ctx, pageQuery{number: number, size: p.size, verbose: plan.verbose}, received)
		if err == nil {
			p.add(number, got)
		}
		return err
	}
	if plan.first != nil {
		p.add(1, *plan.first)
		if p.isShortFirst() {
			if err := fetch(ctx, 2, func() {}); err != nil {
				return nil, err
			}
			p = p.resized()
		}
	}
	for wanted := max(1, plan.expect); ; {
		received := func() {}
		if plan.received != nil && wanted > 1 && p.promised() >= wanted {
			received = func() { plan.received(p, wanted) }
		}
		if err := l.fetchMissing(ctx, p, wanted, fetch, received); err != nil {
			return nil, err
		}
		switch promised := p.promised(); {
		case p.ended():
			return p, nil
		case promised > wanted: // the first count is in, or the catalogue grew, or pages gave less than was asked for
			wanted = promised
		case p.goesOn():
			wanted = p.pages() + 1
		default:
			return p, nil
		}
	}
}

// isShortFirst says that page 1 gave less than was asked for though the API counts more.
func (p *pass) isShortFirst() bool {
	given := len(p.got[1].images)
	return given > 0 && given < p.size && !p.whole()
}

// resized is for after page 2 was read because page 1 was short. If page 2 gave no more than that either, the service has
// a limit of its own, and that becomes the size to ask for: whether it counts pages by its limit or by what was asked,
// no image then falls between two pages. What was read by another size is forgotten.
func (p *pass) resized() *pass {
	given := len(p.got[1].images)
	fuller := max(given, len(p.got[2].images))
	if fuller >= p.size {
		return p // page 1 alone was short
	}
	other := newPass(fuller)
	if given == fuller {
		other.add(1, p.got[1])
	}
	return other
}

// fetchMissing fetches those of the first pages that are not there yet, side by side, and calls received when the answers to all
// of them are in.
func (l *lister) fetchMissing(ctx context.Context, p *pass, pages int, fetch func(context.Context, int, func()) error, received func()) error {
	var awaited atomic.Int64
	awaited.Store(int64(p.missing(pages)))
	group, groupCtx := errgroup.WithContext(ctx)
	var told reason
	// The client's places limit the requests. A quarter more pages may be on their way, so that the next requests need not wait for
	// the decoding of the last. With one place, pages are asked for in their order.
	group.SetLimit(l.client.maxConcurrency + l.client.maxConcurrency/4)
	for number := 1; number <= pages && groupCtx.Err() == nil && !p.ended(); number++ {
		if p.has(number) {
			continue
		}
		group.Go(func() error {
			isIn := false
			return told.note(fetch(groupCtx, number, func() {
				switch {
				case isIn:
					p.askedAgain.Store(true)
				case awaited.Add(-1) == 0:
					received()
				}
				isIn = true
			}))
		})
	}
	if err := group.Wait(); err != nil {
		return told.in(err)
	}
	if err := ctx.Err(); err != nil { // between two pages
		return (&call{action: listImagesAction, host: l.client.endpoint.Host, begun: time.Now()}).failure(ctx, err)
	}
	return nil
}

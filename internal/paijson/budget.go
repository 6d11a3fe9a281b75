package paijson

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limits of the memory of a Decoder in bytes. An image with 12 labels needs about 1 kB, if other images have the same
// labels.
const (
	maxSmall = 2 << 20
	maxLarge = 64 << 20

	// enlargeAbove is the number of bytes above which a small Decoder should become large before the next request. The
	// rest up to maxSmall is for the bodies of requests that have been sent already.
	enlargeAbove = maxSmall / 2
)

var (
	// ErrSmall means that a small Decoder needs more memory, and another Decoder is large. The caller can call Enlarge and
	// decode the body again.
	ErrSmall = fmt.Errorf("more than %d MiB in a small lookup", maxSmall>>20)

	// ErrTooLarge means that a lookup needs more memory than a large Decoder may use.
	ErrTooLarge = fmt.Errorf("the list needs more than %d MiB of memory", maxLarge>>20)
)

// Budget limits the memory of several Decoders, one for each lookup. A Decoder is small at first, and becomes large if
// it needs more memory. Only one Decoder at a time can be large. Otherwise, the memory for large lists would be
// multiplied by the number of concurrent lookups. The wait hardly slows lookups down, because a large lookup alone
// sends as many concurrent requests as the client allows.
type Budget struct {
	large *semaphore.Weighted // held by the large Decoder
}

// NewBudget returns a Budget without Decoders.
func NewBudget() *Budget { return &Budget{large: semaphore.NewWeighted(1)} }

// NewDecoder returns a small Decoder without strings. The caller must call Close after the lookup.
func (b *Budget) NewDecoder() *Decoder {
	return &Decoder{
		budget: b, strings: make(map[string]*string), seen: make(map[[2]string]bool),
		enlarging: semaphore.NewWeighted(1),
	}
}

// ShouldEnlarge reports whether the Decoder is small and has little memory left.
func (d *Decoder) ShouldEnlarge() bool { return !d.isLarge.Load() && d.used.Load() > enlargeAbove }

// TryEnlarge enlarges the Decoder if no other Decoder is large or waits in Enlarge. It reports whether the Decoder is
// large.
func (d *Decoder) TryEnlarge() bool {
	if !d.isLarge.Load() && d.enlarging.TryAcquire(1) {
		defer d.enlarging.Release(1)
		if !d.isLarge.Load() && d.budget.large.TryAcquire(1) {
			d.isLarge.Store(true)
		}
	}
	return d.isLarge.Load()
}

// Enlarge waits until no other Decoder of the budget is large, and then enlarges the Decoder. If the limit of LimitWait
// ends the wait, Enlarge returns ErrSmall. The caller must not hold anything that a large lookup may need to end, such
// as the right to send a request.
func (d *Decoder) Enlarge(ctx context.Context) error {
	wait := ctx
	if limit, ok := ctx.Value(waitKey{}).(time.Duration); ok {
		var cancel context.CancelFunc
		wait, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if err := d.enlarging.Acquire(wait, 1); err != nil {
		return cmp.Or(ctx.Err(), ErrSmall)
	}
	defer d.enlarging.Release(1)
	if d.isLarge.Load() {
		return nil
	}
	if err := d.budget.large.Acquire(wait, 1); err != nil {
		return cmp.Or(ctx.Err(), ErrSmall)
	}
	d.isLarge.Store(true)
	return nil
}

type waitKey struct{}

// LimitWait returns a context with which Enlarge waits at most for the limit. An operation whose result several lookups
// share needs a limit. One of these lookups may be the large one, which ends only after the operation.
func LimitWait(ctx context.Context, limit time.Duration) context.Context {
	return context.WithValue(ctx, waitKey{}, limit)
}

// Close ends the lookup of the Decoder, so that another Decoder can become large. The decoded values remain valid.
func (d *Decoder) Close() {
	if d.isLarge.CompareAndSwap(true, false) {
		d.budget.large.Release(1)
	}
}

// lookup is the Decoder of a lookup, and the number of users that need it.
type lookup struct {
	mu      sync.Mutex
	decoder *Decoder // nil before the first use
	users   int
}

type lookupKey struct{}

// WithLookup returns the context of a lookup. All operations with this context share a Decoder, because the lookup
// keeps their results until it ends. The caller must then call end.
func WithLookup(ctx context.Context) (with context.Context, end func()) {
	l := &lookup{users: 1}
	return context.WithValue(ctx, lookupKey{}, l), l.release
}

// DecoderOf returns the Decoder of the lookup whose context is ctx, or of a new lookup. The caller must call release
// when the operation has ended. The operation can end after its lookup, because other lookups may share its result.
func (b *Budget) DecoderOf(ctx context.Context) (d *Decoder, release func()) {
	l, ok := ctx.Value(lookupKey{}).(*lookup)
	if !ok {
		l = new(lookup)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.decoder == nil {
		l.decoder = b.NewDecoder()
	}
	l.users++
	return l.decoder, l.release
}

func (l *lookup) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users--; l.users == 0 && l.decoder != nil {
		l.decoder.Close()
		l.decoder = nil // the framework keeps the context, and so would keep the strings in memory
	}
}

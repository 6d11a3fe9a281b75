package paijson

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/semaphore"
)

// Limits of the memory of Decoders in bytes. An image with 12 labels, which many other images have, needs about 1 kB.
const (
	maxSmall = 2 << 20
	maxLarge = 64 << 20

	// nearlySmall is the number of bytes from which a small Decoder should become large before it decodes another body.
	// The difference to maxSmall is sufficient for usual bodies that are being decoded.
	nearlySmall = maxSmall / 2
)

// Limits of a body. The limit of items, such as images, is ten times the largest page that paiclient requests. Elements
// are the labels of all items, and the strings in their lists.
const (
	maxItems    = 1000
	maxElements = 200_000
)

var (
	// ErrSmall means that a small Decoder needs more memory, and another Decoder is large. The caller can call Enlarge and
	// decode the body again.
	ErrSmall = fmt.Errorf("more than %d MiB in a small lookup", maxSmall>>20)

	// ErrTooLarge means that a lookup would need more memory than any Decoder may use.
	ErrTooLarge = fmt.Errorf("the list needs more than %d MiB of memory", maxLarge>>20)

	// ErrTooMany means that a body has too many items, or too many labels.
	ErrTooMany = fmt.Errorf("more than %d items or %d labels in a response", maxItems, maxElements)
)

// Budget limits the memory of several Decoders. A Decoder is small at first. Only one Decoder at a time can be large.
// Without this rule, the memory would be multiplied by the number of concurrent lookups. The rule hardly slows lookups
// down: a large lookup alone sends as many concurrent requests as the client allows.
type Budget struct {
	large chan struct{} // holds a value while a Decoder is large
}

// NewBudget returns a Budget without Decoders.
func NewBudget() *Budget { return &Budget{large: make(chan struct{}, 1)} }

// NewDecoder returns a small Decoder without strings. The caller must call Close after the lookup.
func (b *Budget) NewDecoder() *Decoder {
	return &Decoder{
		budget: b, strings: make(map[string]*string), seen: make(map[[2]string]bool),
		enlarging: semaphore.NewWeighted(1),
	}
}

// ShouldEnlarge reports whether the Decoder is small and has little memory left.
func (d *Decoder) ShouldEnlarge() bool { return !d.isLarge.Load() && d.used.Load() > nearlySmall }

// TryEnlarge makes the Decoder large unless another Decoder of the budget is large. It reports whether the Decoder is
// large.
func (d *Decoder) TryEnlarge() bool {
	if d.isLarge.Load() || !d.enlarging.TryAcquire(1) {
		return d.isLarge.Load()
	}
	defer d.enlarging.Release(1)
	if !d.isLarge.Load() {
		select {
		case d.budget.large <- struct{}{}:
			d.isLarge.Store(true)
		default:
		}
	}
	return d.isLarge.Load()
}

type waitKey struct{}

// LimitWait returns a context with which Enlarge waits at most for the limit. An operation that several lookups share
// needs a limit, because the lookup whose Decoder is large may be one of them, and would wait for the operation.
func LimitWait(ctx context.Context, limit time.Duration) context.Context {
	return context.WithValue(ctx, waitKey{}, limit)
}

// Enlarge makes the Decoder large. It waits until no other Decoder of the budget is large. If the limit of LimitWait
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
	select {
	case d.budget.large <- struct{}{}:
		d.isLarge.Store(true)
		return nil
	case <-wait.Done():
		return cmp.Or(ctx.Err(), ErrSmall)
	}
}

// Close makes the Decoder small again. The decoded values remain valid.
func (d *Decoder) Close() {
	if d.isLarge.CompareAndSwap(true, false) {
		<-d.budget.large
	}
}

// Sizes of values in bytes, including the structures that refer to them.
const (
	sizeOfItem    = 256
	sizeOfElement = 24 // of a list in an item
	sizeOfString  = 64 // without the content
)

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
// when the operation has ended. An operation can end after its lookup, because lookups can share operations.
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

// usage is the memory for one body.
type usage struct {
	ctx     context.Context //nolint:containedctx // of one call of Decode
	decoder *Decoder
	bytes   int64 // for all values except the strings of the Decoder
	steps   int

	items, elements int
}

// check returns an error if ctx has ended, or if there is too little memory for a value of the given size.
func (u *usage) check(size int64) error {
	if u.steps++; u.steps%256 == 0 && u.ctx.Err() != nil { // not at each step, because Err is slow
		return stop{u.ctx.Err()}
	}
	used := u.decoder.used.Load() + u.bytes + size
	switch {
	case used > maxLarge:
		return stop{ErrTooLarge}
	case used > maxSmall && !u.decoder.TryEnlarge():
		return stop{ErrSmall}
	}
	return nil
}

// add adds a value to the usage. It returns the errors of check.
func (u *usage) add(size int64) error {
	err := u.check(size)
	u.bytes += size
	return err
}

// intern returns the copy of the string that the Decoder keeps. It returns the errors of check.
func (u *usage) intern(value []byte) (*string, error) {
	d := u.decoder
	d.mu.Lock()
	defer d.mu.Unlock()
	shared, ok := d.strings[string(value)] // the compiler doesn't copy the bytes here
	if ok {
		return shared, u.check(0)
	}
	size := int64(sizeOfString + len(value))
	if err := u.check(size); err != nil {
		return nil, err
	}
	copied := string(value)
	shared = &copied
	d.strings[copied] = shared
	d.used.Add(size)
	return shared, nil
}

func (u *usage) addItem() error {
	if u.items++; u.items > maxItems {
		return stop{ErrTooMany}
	}
	return u.add(sizeOfItem)
}

func (u *usage) addElement() error {
	if u.elements++; u.elements > maxElements {
		return stop{ErrTooMany}
	}
	return u.add(sizeOfElement)
}

// count returns a function that calls add for each value of type T, and leaves the decoding to the library.
func count[T any](add func() error) *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(*jsontext.Decoder, *T) error {
		return cmp.Or(add(), errors.ErrUnsupported)
	})
}

// stop is an error that ends the decoding of a body.
type stop struct{ error }

// Unwrap returns the reason.
func (s stop) Unwrap() error { return s.error }

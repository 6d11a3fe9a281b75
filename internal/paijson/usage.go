package paijson

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits of a body. The limit of items, such as images, is ten times the largest page that paiclient requests. Elements
// are the labels of all items, and the strings in their lists.
const (
	maxItems    = 1000
	maxElements = 200_000
)

// ErrTooMany means that a body has too many items, or too many labels.
var ErrTooMany = fmt.Errorf("more than %d items or %d labels in a response", maxItems, maxElements)

// Sizes of values in bytes, including the structures that refer to them.
const (
	sizeOfItem    = 256
	sizeOfElement = 24 // of a list in an item
	sizeOfString  = 64 // without the content
)

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

package wirestate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// maxState limits the length of an encoded state. The process needs about three times as much memory for a state. An
// image with 12 labels needs about 2 kB.
const maxState = 32 << 20

// errTooLarge means that a state exceeds maxState.
var errTooLarge = fmt.Errorf("the state is larger than %d MiB", maxState>>20)

// splice returns the encoded object with the given values, whose attributes must be null in object. It encodes the
// integers among the object's other attributes as digits, like EncodeInt64. If the result would exceed maxState, the
// error is errTooLarge. If ctx ends, the error is the error of ctx.
func splice(ctx context.Context, object []byte, values map[string]EncodeFunc) ([]byte, error) {
	attributes, err := decodeAttributes(object)
	if err != nil {
		return nil, err
	}
	for name := range values {
		switch old, ok := attributes[name]; {
		case !ok:
			return nil, fmt.Errorf("no attribute %q", name)
		case !bytes.Equal(old, null):
			return nil, fmt.Errorf("attribute %q is set twice: it is not null in the state that Read returned", name)
		}
	}
	// Count the bytes first. A buffer that grows while it is written would allocate three times as much memory.
	w := stateWriter{ctx: ctx}
	if err := encodeAttributes(msgpack.NewEncoder(&w), attributes, values); err != nil {
		return nil, err
	}
	w = stateWriter{ctx: ctx, state: make([]byte, 0, w.length), keep: true}
	if err := encodeAttributes(msgpack.NewEncoder(&w), attributes, values); err != nil {
		return nil, err
	}
	return w.state, nil
}

var null = []byte{msgpcode.Nil}

// decodeAttributes returns the encoded values of an object's attributes by name.
func decodeAttributes(object []byte) (map[string]msgpack.RawMessage, error) {
	dec := msgpack.NewDecoder(bytes.NewReader(object))
	count, err := dec.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	if count < 0 {
		return nil, errors.New("the state is null")
	}
	// An invalid object can have a count that is too large to allocate.
	attributes := make(map[string]msgpack.RawMessage, min(count, len(object)))
	for range count {
		name, err := dec.DecodeString()
		if err != nil {
			return nil, err
		}
		if attributes[name], err = dec.DecodeRaw(); err != nil {
			return nil, err
		}
	}
	return attributes, nil
}

// encodeAttributes encodes an object with the attributes, of which those in values have these values. It sorts the
// attributes by name, as Terraform's encoder does.
func encodeAttributes(
	enc *msgpack.Encoder, attributes map[string]msgpack.RawMessage, values map[string]EncodeFunc,
) error {
	if err := enc.EncodeMapLen(len(attributes)); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := enc.EncodeString(name); err != nil {
			return err
		}
		value := values[name]
		if value == nil {
			value = rawEncoder(attributes[name])
		}
		if err := value(enc); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// rawEncoder returns an EncodeFunc that writes an encoded value unchanged, or an integer as digits, like EncodeInt64.
func rawEncoder(value msgpack.RawMessage) EncodeFunc {
	if !isInteger(value[0]) {
		return value.EncodeMsgpack
	}
	return func(enc *msgpack.Encoder) error {
		number, err := msgpack.NewDecoder(bytes.NewReader(value)).DecodeInterface()
		if err != nil {
			return err
		}
		return enc.EncodeString(fmt.Sprint(number))
	}
}

// isInteger reports whether the first byte of an encoded value is the code of an integer.
func isInteger(code byte) bool {
	return msgpcode.IsFixedNum(code) || code >= msgpcode.Uint8 && code <= msgpcode.Int64
}

// stateWriter counts the bytes of an encoded state and, if keep is true, appends them to state. Its methods return the
// error of ctx after ctx has ended, and errTooLarge if there are more than maxState bytes.
type stateWriter struct {
	ctx    context.Context //nolint:containedctx // of one call of splice
	state  []byte
	keep   bool
	length int
	writes int
}

// Write implements io.Writer.
func (w *stateWriter) Write(p []byte) (int, error) {
	if w.keep {
		w.state = append(w.state, p...)
	}
	return len(p), w.add(len(p))
}

// WriteByte implements io.ByteWriter. Without it, the encoder would wrap the writer in an adapter.
func (w *stateWriter) WriteByte(b byte) error {
	if w.keep {
		w.state = append(w.state, b)
	}
	return w.add(1)
}

func (w *stateWriter) add(length int) error {
	if w.length += length; w.length > maxState {
		return errTooLarge
	}
	if w.writes++; w.writes%1024 == 0 { // not at each call, because Err is slow
		return w.ctx.Err()
	}
	return nil
}

package wirestate

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// FuzzSplice checks that splice replaces only the null attribute of an object, encodes integers as digits, and keeps
// all other attributes byte for byte. It also checks that splice returns an error if the bytes are not an object, or if
// the attribute is not null.
func FuzzSplice(f *testing.F) {
	for _, seed := range [][]byte{
		{0x81, 0xa1, 'n', 0xc0},
		{0x82, 0xa1, 'n', 0xc0, 0xa1, 'f', 0xa3, 'o', 'n', 'e'},
		{0x83, 0xa1, 'n', 0xc0, 0xa1, 'u', 0xd4, 0, 0, 0xa1, 'x', 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0},
		{0xde, 0, 2, 0xd9, 1, 'n', 0xc0, 0xa1, 'l', 0x92, 0x81, 0xa1, 'k', 0xc3, 0x90},
		{0x82, 0xa1, 'n', 0xc0, 0xa1, 'n', 0xc0},
		{0x83, 0xa1, 'n', 0xc0, 0xa1, 'i', 0x07, 0xa1, 'j', 0xcf, 0xff, 0, 0, 0, 0, 0, 0, 1},
		{0x80},
		{0xc0},
		{0x90},
		{0xd4, 0, 0},
		{0x81, 0xa1, 'n', 0xa5, 'x'},
		{0x81, 0xa5, 'n'},
		{0xdf, 0xff, 0xff, 0xff, 0xff}, // an object with a count of four billion attributes
	} {
		f.Add(seed, "n", "text")
		f.Add(seed, "f", "")
	}
	f.Fuzz(func(t *testing.T, object []byte, name, content string) {
		value := func(enc *msgpack.Encoder) error { return enc.EncodeString(content) }
		attributes, decodeErr := decodeAttributes(object)
		got, err := splice(t.Context(), object, map[string]EncodeFunc{name: value})
		if decodeErr != nil {
			if err == nil {
				t.Errorf("% x is not an object (%v): got % x, want an error", object, decodeErr, got)
			}
			return
		}
		if isNull := bytes.Equal(attributes[name], null); isNull != (err == nil) {
			t.Fatalf("%q has the value % x: got error %v", name, attributes[name], err)
		}
		if err == nil {
			attributes[name] = encodeValue(t, value)
			for other, encoded := range attributes {
				attributes[other] = integerAsDigits(t, encoded)
			}
			checkAttributes(t, got, attributes)
		}
	})
}

// integerAsDigits returns the encoded value unchanged, or the digits of an integer as an encoded string.
func integerAsDigits(t *testing.T, encoded msgpack.RawMessage) msgpack.RawMessage {
	t.Helper()
	var value any
	if err := msgpack.Unmarshal(encoded, &value); err != nil {
		return encoded // for example, an unknown value
	}
	switch value.(type) {
	case int8, int16, int32, int64, uint8, uint16, uint32, uint64:
		return encodeValue(t, func(enc *msgpack.Encoder) error { return enc.EncodeString(fmt.Sprint(value)) })
	}
	return encoded
}

// checkAttributes checks that the object has exactly these attributes, sorted by name.
func checkAttributes(t *testing.T, object []byte, want map[string]msgpack.RawMessage) {
	t.Helper()
	got, err := decodeAttributes(object)
	equal := func(a, b msgpack.RawMessage) bool { return bytes.Equal(a, b) }
	if err != nil || !maps.EqualFunc(got, want, equal) {
		t.Errorf("got % x (error %v), want % x", got, err, want)
	}
	wantObject := encodeValue(t, func(enc *msgpack.Encoder) error {
		err := enc.EncodeMapLen(len(want))
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if err == nil {
				err = enc.EncodeString(name)
			}
			if err == nil {
				err = want[name].EncodeMsgpack(enc)
			}
		}
		return err
	})
	if !bytes.Equal(object, wantObject) {
		t.Errorf("got % x, want % x", object, wantObject)
	}
}

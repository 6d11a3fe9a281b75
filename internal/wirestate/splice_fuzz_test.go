package wirestate

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// FuzzSplice: of any bytes, those that are an object keep each of its attributes byte for byte, but the one whose null a value
// takes the place of; all others are an error.
func FuzzSplice(f *testing.F) {
	for _, seed := range [][]byte{
		{0x81, 0xa1, 'n', 0xc0},
		{0x82, 0xa1, 'n', 0xc0, 0xa1, 'f', 0xa3, 'o', 'n', 'e'},
		{0x83, 0xa1, 'n', 0xc0, 0xa1, 'u', 0xd4, 0, 0, 0xa1, 'x', 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0},
		{0xde, 0, 2, 0xd9, 1, 'n', 0xc0, 0xa1, 'l', 0x92, 0x81, 0xa1, 'k', 0xc3, 0x90},
		{0x82, 0xa1, 'n', 0xc0, 0xa1, 'n', 0xc0},
		{0x80},
		{0xc0},
		{0x90},
		{0xd4, 0, 0},
		{0x81, 0xa1, 'n', 0xa5, 'x'},
		{0x81, 0xa5, 'n'},
		{0xdf, 0xff, 0xff, 0xff, 0xff}, // an object of four billion attributes
	} {
		f.Add(seed, "n", "text")
		f.Add(seed, "f", "")
	}
	f.Fuzz(func(t *testing.T, object []byte, name, text string) {
		before, err := attributes(object)
		whole, spliceErr := splice(object, map[string]Value{name: func(to *msgpack.Encoder) error { return to.EncodeString(text) }})
		if err != nil {
			if spliceErr == nil {
				t.Errorf("% x is no object (%v), and became % x", object, err, whole)
			}
			return
		}
		if fits := bytes.Equal(before[name], null); fits != (spliceErr == nil) {
			t.Fatalf("%q stands for % x: %v", name, before[name], spliceErr)
		}
		if spliceErr == nil {
			before[name] = written(t, func(to *msgpack.Encoder) error { return to.EncodeString(text) })
			checkAttributes(t, whole, before)
		}
	})
}

// checkAttributes: the object holds these attributes and nothing behind them, in the order of their names.
func checkAttributes(t *testing.T, object []byte, want map[string]msgpack.RawMessage) {
	t.Helper()
	got, err := attributes(object)
	if err != nil || !maps.EqualFunc(got, want, func(a, b msgpack.RawMessage) bool { return bytes.Equal(a, b) }) {
		t.Errorf("got % x (%v), want % x", got, err, want)
	}
	again := written(t, func(to *msgpack.Encoder) error {
		err := to.EncodeMapLen(len(want))
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if err == nil {
				err = to.EncodeString(name)
			}
			if err == nil {
				err = want[name].EncodeMsgpack(to)
			}
		}
		return err
	})
	if !bytes.Equal(object, again) {
		t.Errorf("% x is written as % x", again, object)
	}
}

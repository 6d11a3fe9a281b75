package wirestate

import (
	"bytes"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

var seven = big.NewFloat(7)

// TestSpliceKeepsEverythingElse: values of every kind pass byte for byte, and what is spliced in is as Terraform's own encoder
// would have written it.
func TestSpliceKeepsEverythingElse(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"bool": tftypes.Bool, "number": tftypes.Number, "float": tftypes.Number, "huge": tftypes.Number, "unknown": tftypes.String,
		"dynamic": tftypes.DynamicPseudoType, "set": tftypes.Set{ElementType: tftypes.String}, "map": tftypes.Map{ElementType: tftypes.String},
		"null": tftypes.String, "names": tftypes.List{ElementType: tftypes.String},
	}}
	huge, _ := new(big.Float).SetString("1e400")
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	encoded := func(names any) []byte {
		value, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{
			"bool": tftypes.NewValue(tftypes.Bool, true), "number": tftypes.NewValue(tftypes.Number, 1<<40),
			"float": tftypes.NewValue(tftypes.Number, 1.5), "huge": tftypes.NewValue(tftypes.Number, huge),
			"unknown": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
			"dynamic": tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String}}, []tftypes.Value{text("in")}),
			"set":     tftypes.NewValue(object.AttributeTypes["set"], []tftypes.Value{text("one")}),
			"map":     tftypes.NewValue(object.AttributeTypes["map"], map[string]tftypes.Value{"k": text("v")}),
			"null":    tftypes.NewValue(tftypes.String, nil),
			"names":   tftypes.NewValue(object.AttributeTypes["names"], names),
		}))
		if err != nil {
			t.Fatal(err)
		}
		return value.MsgPack
	}
	many := make([]tftypes.Value, 70_000) // so many take the longest form of a list's length
	texts := make([]string, len(many))
	for i := range many {
		texts[i] = string(rune('a' + i%26))
		many[i] = text(texts[i])
	}
	for _, count := range []int{0, 1, 15, 16, 65_536, len(many)} {
		got, err := splice(encoded(nil), map[string]Value{"names": stringsOf(texts[:count])})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, encoded(many[:count])) {
			t.Errorf("%d names: not what Terraform's encoder writes", count)
		}
		if cap(got) != len(got) && cap(got) > len(got)+len(got)/4+64 {
			t.Errorf("%d names: %d bytes in a buffer of %d", count, len(got), cap(got))
		}
	}
}

// TestEncodeNumbersAndNulls: as Terraform's own encoder.
func TestEncodeNumbersAndNulls(t *testing.T) {
	t.Parallel()
	for _, number := range []int64{0, 1, -1, 127, 128, -32, -33, 255, 256, 65_535, 65_536, 1<<31 - 1, 1 << 31, 1 << 32, -1 << 31, 1<<63 - 1, -1 << 63} {
		want, err := tfprotov6.NewDynamicValue(tftypes.Number, tftypes.NewValue(tftypes.Number, new(big.Float).SetInt64(number)))
		if err != nil {
			t.Fatal(err)
		}
		if got := written(t, func(to *msgpack.Encoder) error { return EncodeInt64(to, &number) }); !bytes.Equal(got, want.MsgPack) {
			t.Errorf("%d: % x, not % x", number, got, want.MsgPack)
		}
	}
	for name, null := range map[string]Value{
		"number": func(to *msgpack.Encoder) error { return EncodeInt64(to, nil) },
		"string": func(to *msgpack.Encoder) error { return EncodeString(to, nil) },
	} {
		if got := written(t, null); !bytes.Equal(got, []byte{0xc0}) {
			t.Errorf("null as a %s: % x", name, got)
		}
	}
}

func TestSpliceRefusesWhatIsNoObject(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string][]byte{
		"nothing": nil, "null": {0xc0}, "unknown": {0xd4, 0, 0}, "a list": {0x90}, "half a name": {0x81, 0xa5, 'n'}, "half a value": {0x81, 0xa1, 'n', 0xa5, 'x'},
	} {
		if got, err := splice(broken, map[string]Value{"n": stringsOf(nil)}); err == nil {
			t.Errorf("%s: % x", name, got)
		}
	}
}

func written(t *testing.T, value Value) []byte {
	t.Helper()
	var buffer bytes.Buffer
	if err := value(msgpack.NewEncoder(&buffer)); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

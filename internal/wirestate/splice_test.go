package wirestate

import (
	"bytes"
	"errors"
	"math/big"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

var seven = big.NewFloat(7)

// TestSpliceEqualsTerraformEncoder checks that splice keeps values of every kind except integers byte for byte, and
// that the result equals the output of Terraform's encoder for the whole object.
func TestSpliceEqualsTerraformEncoder(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"bool": tftypes.Bool, "float": tftypes.Number, "huge": tftypes.Number,
		"unknown": tftypes.String, "dynamic": tftypes.DynamicPseudoType,
		"set": tftypes.Set{ElementType: tftypes.String}, "map": tftypes.Map{ElementType: tftypes.String},
		"null": tftypes.String, "names": tftypes.List{ElementType: tftypes.String},
	}}
	huge, _ := new(big.Float).SetString("1e400")
	stringValue := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	tuple := tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String}}
	encode := func(names any) []byte {
		value, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{
			"bool":  tftypes.NewValue(tftypes.Bool, true),
			"float": tftypes.NewValue(tftypes.Number, 1.5), "huge": tftypes.NewValue(tftypes.Number, huge),
			"unknown": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
			"dynamic": tftypes.NewValue(tuple, []tftypes.Value{stringValue("in")}),
			"set":     tftypes.NewValue(object.AttributeTypes["set"], []tftypes.Value{stringValue("one")}),
			"map":     tftypes.NewValue(object.AttributeTypes["map"], map[string]tftypes.Value{"k": stringValue("v")}),
			"null":    tftypes.NewValue(tftypes.String, nil),
			"names":   tftypes.NewValue(object.AttributeTypes["names"], names),
		}))
		if err != nil {
			t.Fatal(err)
		}
		return value.MsgPack
	}
	values := make([]tftypes.Value, 70_000) // more than 65,535, so that the length is encoded in the longest form
	names := make([]string, len(values))
	for i := range values {
		names[i] = string(rune('a' + i%26))
		values[i] = stringValue(names[i])
	}
	for _, count := range []int{0, 1, 15, 16, 65_536, len(values)} {
		got, err := splice(t.Context(), encode(nil), map[string]EncodeFunc{"names": stringList(names[:count])})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, encode(values[:count])) {
			t.Errorf("%d names: the result differs from that of Terraform's encoder", count)
		}
		if cap(got) != len(got) && cap(got) > len(got)+len(got)/4+64 {
			t.Errorf("%d names: a buffer of %d bytes for %d bytes", count, cap(got), len(got))
		}
	}
}

// TestEncodeInt64 checks that integers at the limits of each encoding are encoded as digits, both by EncodeInt64 and by
// splice, and that Terraform's decoder reads the digits as the same number.
func TestEncodeInt64(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"size": tftypes.Number}}
	for _, number := range []int64{
		0, 1, -1, 127, 128, -32, -33, 255, 256, 65_535, 65_536,
		1<<31 - 1, 1 << 31, 1 << 32, -1 << 31, 1<<63 - 1, -1 << 63,
	} {
		size := tftypes.NewValue(tftypes.Number, new(big.Float).SetInt64(number))
		state := tftypes.NewValue(object, map[string]tftypes.Value{"size": size})
		original, err := tfprotov6.NewDynamicValue(object, state)
		if err != nil {
			t.Fatal(err)
		}
		got, err := splice(t.Context(), original.MsgPack, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := encodeValue(t, func(enc *msgpack.Encoder) error {
			return errors.Join(enc.EncodeMapLen(1), enc.EncodeString("size"), enc.EncodeString(strconv.FormatInt(number, 10)))
		})
		if !bytes.Equal(got, want) {
			t.Errorf("%d: splice returned % x, want % x", number, got, want)
		}
		value := encodeValue(t, func(enc *msgpack.Encoder) error {
			return errors.Join(enc.EncodeMapLen(1), enc.EncodeString("size"), EncodeInt64(enc, &number))
		})
		if !bytes.Equal(value, want) {
			t.Errorf("%d: EncodeInt64 wrote % x, want % x", number, value, want)
		}
		decoded, err := (&tfprotov6.DynamicValue{MsgPack: got}).Unmarshal(object)
		if err != nil || !decoded.Equal(state) {
			t.Errorf("%d: Terraform's decoder returned %s (error %v)", number, decoded, err)
		}
	}
}

// TestEncodeNull checks that nil pointers are encoded as null.
func TestEncodeNull(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]EncodeFunc{
		"number": func(enc *msgpack.Encoder) error { return EncodeInt64(enc, nil) },
		"string": func(enc *msgpack.Encoder) error { return EncodeString(enc, nil) },
	} {
		if got := encodeValue(t, value); !bytes.Equal(got, []byte{0xc0}) {
			t.Errorf("null %s: got % x, want c0", name, got)
		}
	}
}

func TestSpliceInvalidObject(t *testing.T) {
	t.Parallel()
	for name, object := range map[string][]byte{
		"empty": nil, "null": {0xc0}, "unknown": {0xd4, 0, 0}, "list": {0x90},
		"truncated name": {0x81, 0xa5, 'n'}, "truncated value": {0x81, 0xa1, 'n', 0xa5, 'x'},
	} {
		if got, err := splice(t.Context(), object, map[string]EncodeFunc{"n": stringList(nil)}); err == nil {
			t.Errorf("%s: got % x, want an error", name, got)
		}
	}
}

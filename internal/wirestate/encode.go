package wirestate

import (
	"strconv"

	"github.com/vmihailenco/msgpack/v5"
)

// ListEncoder returns an EncodeFunc that calls EncodeList with the elements and encodeElement.
func ListEncoder[T any](elements []T, encodeElement func(*msgpack.Encoder, *T) error) EncodeFunc {
	return func(enc *msgpack.Encoder) error {
		return EncodeList(enc, elements, encodeElement)
	}
}

// EncodeList encodes a list, with encodeElement for each element. A nil slice is encoded as an empty list, not as null.
func EncodeList[T any](enc *msgpack.Encoder, elements []T, encodeElement func(*msgpack.Encoder, *T) error) error {
	if err := enc.EncodeArrayLen(len(elements)); err != nil {
		return err
	}
	for i := range elements {
		if err := encodeElement(enc, &elements[i]); err != nil {
			return err
		}
	}
	return nil
}

// EncodeString encodes a string, or null for a nil pointer.
func EncodeString(enc *msgpack.Encoder, value *string) error {
	if value == nil {
		return enc.EncodeNil()
	}
	return enc.EncodeString(*value)
}

// EncodeInt64 encodes an integer as decimal digits in a string, or null for a nil pointer. Terraform's protocol allows
// a string for a number.
//
// Terraform decodes an integer from MessagePack with another precision than from a state file. Terraform 1.11 therefore
// treats an output that contains the integer as changed: `terraform plan -refresh-only -detailed-exitcode` exits with 2
// although nothing changed. It decodes digits in a string as it decodes a state file.
func EncodeInt64(enc *msgpack.Encoder, value *int64) error {
	if value == nil {
		return enc.EncodeNil()
	}
	return enc.EncodeString(strconv.FormatInt(*value, 10))
}

package wirestate

import "github.com/vmihailenco/msgpack/v5"

// List is the value of a list: element writes one.
func List[T any](elements []T, element func(*msgpack.Encoder, *T) error) Value {
	return func(to *msgpack.Encoder) error {
		return EncodeList(to, elements, element)
	}
}

// EncodeList writes a list. A nil slice is an empty list; null is for the caller to tell.
func EncodeList[T any](to *msgpack.Encoder, elements []T, element func(*msgpack.Encoder, *T) error) error {
	if err := to.EncodeArrayLen(len(elements)); err != nil {
		return err
	}
	for i := range elements {
		if err := element(to, &elements[i]); err != nil {
			return err
		}
	}
	return nil
}

// EncodeString writes a string, null for a nil pointer.
func EncodeString(to *msgpack.Encoder, value *string) error {
	if value == nil {
		return to.EncodeNil()
	}
	return to.EncodeString(*value)
}

// EncodeInt64 writes a whole number, null for a nil pointer.
func EncodeInt64(to *msgpack.Encoder, value *int64) error {
	if value == nil {
		return to.EncodeNil()
	}
	return to.EncodeInt(*value)
}

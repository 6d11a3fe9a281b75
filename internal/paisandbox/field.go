package paisandbox

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// Field is one field of an image. The service leaves fields out, sends null, or sends a value, which may be empty;
// a client has to know the three apart. The zero Field is left out.
type Field[T any] struct {
	set  bool
	null bool
	v    T
}

// Value is a field that is sent.
func Value[T any](v T) Field[T] { return Field[T]{set: true, v: v} }

// Null is a field that is sent as null.
func Null[T any]() Field[T] { return Field[T]{set: true, null: true} }

// Missing is a field that is left out.
func Missing[T any]() Field[T] { return Field[T]{} }

// Get is the field's value, and whether it has one.
func (f Field[T]) Get() (T, bool) { return f.v, f.set && !f.null }

// Or is the field's value, or v where it has none.
func (f Field[T]) Or(v T) T {
	if f.set && !f.null {
		return f.v
	}
	return v
}

// IsZero reports whether the field is left out; encoding/json asks for it by this name.
func (f Field[T]) IsZero() bool { return !f.set }

// IsNull reports whether the field is sent as null.
func (f Field[T]) IsNull() bool { return f.null }

// Equal compares two fields; go-cmp finds it by this name.
func (f Field[T]) Equal(other Field[T]) bool { return reflect.DeepEqual(f, other) }

// MarshalJSON writes the value or null.
func (f Field[T]) MarshalJSON() ([]byte, error) {
	if f.null {
		return []byte("null"), nil
	}
	return json.Marshal(f.v)
}

// UnmarshalJSON reads a value or null.
func (f *Field[T]) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*f = Null[T]()
		return nil
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*f = Value(v)
	return nil
}

// Package paijson decodes JSON responses of the PAI API. Names and values may deviate from the API's reference.
package paijson

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/semaphore"
)

// Options accept deviations that other services of the vendor send: names in any case, with or without - and _ between
// words, duplicate names, and invalid UTF-8.
var Options = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// Decoder decodes the responses of one lookup. It keeps one copy of each string, to save memory. Most images have the
// same label keys, label values and accounts, and a second pass repeats the strings of the first. Callers must not
// write through the pointers.
//
// A Decoder is safe for concurrent use.
type Decoder struct {
	budget    *Budget
	enlarging *semaphore.Weighted // held by the only goroutine that may acquire Budget.large for the Decoder
	isLarge   atomic.Bool
	used      atomic.Int64 // bytes of all decoded values

	mu      sync.Mutex
	strings map[string]*string
	seen    map[[2]string]bool // arguments of IsNew
}

// Decode decodes JSON into target with Options. It accepts these values in addition to those of the field's type:
//
//   - *string: a number, as it is written, and a boolean
//   - *int64: a string with a number, and a number with a fraction of zero or an exponent, such as 1e10
//   - *bool: a string with a boolean
//
// A field is nil if it has one of these types and its value can't be read. The same applies to lists in an item of a
// list, such as the labels of a listed image. Decode returns such values, at most maxIgnored. Other values of a wrong
// type are an error. If the JSON ends too early, the error wraps io.ErrUnexpectedEOF. If the body needs too much
// memory, the error is ErrSmall, ErrTooLarge or ErrTooMany. If ctx ends, the error is the error of ctx.
func (d *Decoder) Decode(ctx context.Context, body []byte, target any) ([]Ignored, error) {
	c := call{usage: usage{ctx: ctx, decoder: d}}
	err := json.Unmarshal(body, target, Options, json.WithUnmarshalers(c.counters()))
	ended, isEnded := errors.AsType[stop](err)
	if _, ok := errors.AsType[*json.SemanticError](err); ok && !isEnded {
		// Only now, because the additional functions would make the first attempt slower.
		c.usage = usage{ctx: ctx, decoder: d}
		err = json.Unmarshal(body, target, Options, json.WithUnmarshalers(c.unmarshalers()))
		ended, isEnded = errors.AsType[stop](err)
	}
	var (
		syntax   *jsontext.SyntacticError
		semantic *json.SemanticError
	)
	switch {
	case err == nil:
		d.used.Add(c.bytes)
	case isEnded:
		err = ended.error
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("incomplete JSON: %w", io.ErrUnexpectedEOF)
	case errors.As(err, &semantic):
		err = unexpectedValue(semantic)
	case errors.As(err, &syntax):
		err = fmt.Errorf("invalid JSON at byte %d: %w", syntax.ByteOffset, syntax.Err)
	}
	return c.ignored, err
}

// unexpectedValue returns the error for a JSON value whose type doesn't match the type of the field.
func unexpectedValue(err *json.SemanticError) error {
	place := cmp.Or(string(err.JSONPointer), "the root")
	got, want := jsonTypes[err.JSONKind], jsonType(err.GoType)
	if got == "" || want == "" || got == want {
		return fmt.Errorf("unexpected JSON value at %s", place)
	}
	return fmt.Errorf("unexpected JSON %s at %s, want %s", got, place, want)
}

// jsonTypes maps the kind of a JSON value to the name of its type.
var jsonTypes = map[jsontext.Kind]string{
	'"': "string", '0': "number", 't': "boolean", 'f': "boolean", '{': "object", '[': "array",
}

// jsonType returns the name of the JSON type that is decoded into t. It returns "" for types that Decode never rejects.
func jsonType(t reflect.Type) string {
	if t == nil {
		return ""
	}
	switch t.Kind() {
	case reflect.Pointer:
		return jsonType(t.Elem())
	case reflect.Slice:
		return "array"
	case reflect.Struct:
		return "object"
	}
	return ""
}

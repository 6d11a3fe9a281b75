package paijson

import (
	"bytes"
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

const (
	maxIgnored      = 20   // limit for the values that Decode returns
	maxIgnoredBytes = 4096 // limit for the length of such a value
)

// Ignored is a value that Decode ignored, because it can't be read as the type of its field.
type Ignored struct {
	Item  int    // index of the item in the list; -1 if the field is not part of an item
	Field string // such as Images.Labels.Key
	Value string // JSON, truncated
}

// IsNew reports whether it is called for the first time with the field and the ID of an item. After maxIgnored such
// calls, it returns false.
func (d *Decoder) IsNew(field, itemID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := [2]string{field, itemID}
	if d.seen[key] || len(d.seen) == maxIgnored {
		return false
	}
	d.seen[key] = true
	return true
}

// call is a call of Decode.
type call struct {
	usage
	ignored []Ignored // values of a wrong type
}

// counters returns functions that count the memory, and leave the values of a wrong type to the library.
func (c *call) counters() *json.Unmarshalers {
	return json.JoinUnmarshalers(
		json.UnmarshalFromFunc(c.unmarshalString),
		count[pai.Image](c.addItem),
		count[pai.Workspace](c.addItem),
		count[pai.Label](c.addElement),
		json.UnmarshalFromFunc(c.unmarshalElement),
	)
}

// unmarshalers returns functions that also accept the values that Decode's comment describes.
func (c *call) unmarshalers() *json.Unmarshalers {
	return json.JoinUnmarshalers(
		c.counters(),
		json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, target **string) error {
			err := unmarshalScalar(c, decoder, target, parseString)
			if err == nil && *target != nil {
				err = c.add(sizeOfString + int64(len(**target)))
			}
			return err
		}),
		json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, target *string) error { // an element of a list
			var element *string
			err := unmarshalScalar(c, decoder, &element, parseString)
			if element != nil {
				*target = *element
			}
			return err
		}),
		json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, target **int64) error {
			return unmarshalScalar(c, decoder, target, parseInteger)
		}),
		json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, target **bool) error {
			return unmarshalScalar(c, decoder, target, parseBool)
		}),
		ignoreUnless[[]pai.Label](c, '['),
		ignoreUnless[pai.Label](c, '{'),
		ignoreUnless[[]string](c, '['),
	)
}

// ignore records the value that the decoder has read last.
func (c *call) ignore(decoder *jsontext.Decoder, value jsontext.Value) {
	if len(c.ignored) == maxIgnored {
		return
	}
	item := -1
	var names []string
	for token := range decoder.StackPointer().Tokens() {
		if index, err := strconv.Atoi(token); err != nil {
			names = append(names, token)
		} else if item < 0 {
			item = index
		}
	}
	c.ignored = append(c.ignored, Ignored{
		Item: item, Field: strings.Join(names, "."), Value: string(value[:min(len(value), maxIgnoredBytes)]),
	})
}

// unmarshalScalar sets the target to the parsed text of a string, a number or a boolean. parse returns the parsed value
// and whether the text is valid. unmarshalScalar ignores other values, except null.
func unmarshalScalar[T any](c *call, decoder *jsontext.Decoder, target **T, parse func([]byte) (T, bool)) error {
	if decoder.PeekKind() == 'n' {
		return errors.ErrUnsupported // the library sets the target to nil
	}
	value, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	var (
		parsed T
		ok     bool
	)
	switch value.Kind() {
	case '{', '[':
	case '"':
		text, _ := jsontext.AppendUnquote(nil, value) // an error means invalid UTF-8, which is replaced with U+FFFD
		parsed, ok = parse(bytes.TrimSpace(text))
	default:
		parsed, ok = parse(value)
	}
	*target = nil
	if ok {
		*target = &parsed
	} else {
		c.ignore(decoder, value)
	}
	return nil
}

func parseString(text []byte) (string, bool) { return string(text), true }

// exactNumber matches a number with at most 20 digits on either side of the decimal point. parseInteger takes very long
// for some numbers with a larger exponent.
var exactNumber = regexp.MustCompile(`^-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$`)

// parseInteger parses an integer, which may have a fraction of zero or an exponent.
func parseInteger(text []byte) (int64, bool) {
	if integer, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return integer, true
	}
	if !exactNumber.Match(text) {
		return 0, false
	}
	number, ok := new(big.Rat).SetString(string(text))
	if !ok || !number.IsInt() || !number.Num().IsInt64() {
		return 0, false
	}
	return number.Num().Int64(), true
}

// parseBool parses a boolean in any case.
func parseBool(text []byte) (value, ok bool) {
	value = bytes.EqualFold(text, []byte("true"))
	return value, value || bytes.EqualFold(text, []byte("false"))
}

// minItemDepth is the depth of a value in an item of a list: the depth counts the response, the list and the item.
const minItemDepth = 3

// ignoreUnless returns a function that ignores values in an item of a list that are of another kind, except null.
func ignoreUnless[T any](c *call, kind jsontext.Kind) *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, target *T) error {
		switch next := decoder.PeekKind(); {
		case next == kind, next == 'n', decoder.StackDepth() < minItemDepth:
			return errors.ErrUnsupported // the library decodes the value
		}
		value, err := decoder.ReadValue()
		if err != nil {
			return err
		}
		var zero T
		*target = zero
		c.ignore(decoder, value)
		return nil
	})
}

// unmarshalString decodes a JSON string. For any other value, including null, it returns errors.ErrUnsupported.
func (c *call) unmarshalString(decoder *jsontext.Decoder, target **string) error {
	if decoder.PeekKind() != '"' {
		return errors.ErrUnsupported
	}
	quoted, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	plain := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(plain, '\\') >= 0 || !utf8.Valid(plain) {
		// The decoder has already checked the syntax. The only possible error is invalid UTF-8, which AppendUnquote
		// replaces with U+FFFD.
		plain, _ = jsontext.AppendUnquote(nil, quoted)
	}
	*target, err = c.intern(plain)
	return err
}

// unmarshalElement decodes an element of a list of strings, as unmarshalString does.
func (c *call) unmarshalElement(decoder *jsontext.Decoder, target *string) error {
	if err := c.addElement(); err != nil {
		return err
	}
	var element *string
	if err := c.unmarshalString(decoder, &element); err != nil {
		return err
	}
	*target = *element
	return nil
}

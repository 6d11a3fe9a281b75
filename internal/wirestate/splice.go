package wirestate

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// splice gives the object with each of the values in the place of its null.
func splice(object []byte, values map[string]Value) ([]byte, error) {
	kept, err := attributes(object)
	if err != nil {
		return nil, err
	}
	for name := range values {
		switch old, there := kept[name]; {
		case !there:
			return nil, fmt.Errorf("it has no attribute %q", name)
		case !bytes.Equal(old, null):
			return nil, fmt.Errorf("the attribute %q is set twice: it isn't null in what Read returned", name)
		}
	}
	// Encoded once to count and once to keep, for a buffer that grows to the size would allocate it three times over.
	var size counter
	if err := encode(msgpack.NewEncoder(&size), kept, values); err != nil {
		return nil, err
	}
	var whole bytes.Buffer
	whole.Grow(int(size))
	if err := encode(msgpack.NewEncoder(&whole), kept, values); err != nil {
		return nil, err
	}
	return whole.Bytes(), nil
}

var null = []byte{msgpcode.Nil}

// attributes takes an object apart, each attribute's value as it is encoded.
func attributes(object []byte) (map[string]msgpack.RawMessage, error) {
	decoder := msgpack.NewDecoder(bytes.NewReader(object))
	count, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	if count < 0 {
		return nil, errors.New("there is none")
	}
	found := make(map[string]msgpack.RawMessage, min(count, len(object))) // the count may say anything
	for range count {
		name, err := decoder.DecodeString()
		if err != nil {
			return nil, err
		}
		if found[name], err = decoder.DecodeRaw(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// encode writes the attributes in the order of their names, as Terraform's own encoder does.
func encode(to *msgpack.Encoder, kept map[string]msgpack.RawMessage, values map[string]Value) error {
	if err := to.EncodeMapLen(len(kept)); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		if err := to.EncodeString(name); err != nil {
			return err
		}
		value := values[name]
		if value == nil {
			value = kept[name].EncodeMsgpack
		}
		if err := value(to); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func (c *counter) WriteByte(byte) error {
	*c++
	return nil
}

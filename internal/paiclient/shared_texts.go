package paiclient

import (
	"bytes"
	"errors"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// sharedTexts keeps one copy of each text of a listing. The keys of labels, their values and the accounts are the same on most
// images, and the second pass brings all of the first once more. Whoever holds such a text must not write to it.
type sharedTexts struct {
	mu    sync.Mutex
	known map[string]*string
}

func newSharedTexts() *sharedTexts { return &sharedTexts{known: make(map[string]*string)} }

// unmarshal reads a JSON string into a field. All but strings it leaves to the library, which knows null, and what error to give.
func (s *sharedTexts) unmarshal(decoder *jsontext.Decoder, into **string) error {
	if decoder.PeekKind() != '"' {
		return errors.ErrUnsupported
	}
	quoted, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	if plain := quoted[1 : len(quoted)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		*into = s.of(plain)
		return nil
	}
	// The decoder has found the string in order: what is left to complain of is what U+FFFD was put for.
	text, _ := jsontext.AppendUnquote(nil, quoted)
	*into = s.of(text)
	return nil
}

func (s *sharedTexts) of(text []byte) *string {
	s.mu.Lock()
	defer s.mu.Unlock()
	shared, known := s.known[string(text)] // compiles to a lookup without a copy
	if !known {
		made := string(text)
		shared = &made
		s.known[made] = shared
	}
	return shared
}

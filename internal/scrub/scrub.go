// Package scrub removes secrets from text of servers and libraries before it is shown.
package scrub

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

const (
	redacted       = "(redacted)"
	maxResultRunes = 1000
)

// Scrubber replaces secrets in text: those added to it, in every encoding that a server may use, and everything that
// has the form of a secret. The zero value is ready to use. A Scrubber is safe for concurrent use.
type Scrubber struct {
	mu sync.Mutex
	// lastAdded are the arguments of the last call of Add. Most calls repeat them, and then Add has nothing to do.
	lastAdded []string
	// encoded holds every encoding of every secret, longest first: a secret may contain another one.
	encoded []string
}

// Add adds secrets that Clean replaces, in addition to those added before.
func (s *Scrubber) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Equal(s.lastAdded, secrets) {
		return
	}
	s.lastAdded = slices.Clone(secrets)
	encoded := slices.Clone(s.encoded) // Clean may still read the old slice
	for _, secret := range secrets {
		if secret != "" {
			encoded = append(encoded, encodings(secret)...)
		}
	}
	slices.SortFunc(encoded, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	s.encoded = slices.Compact(encoded)
}

// Clean returns the text without secrets, on one line, and with at most 1,000 characters before an ellipsis.
func (s *Scrubber) Clean(text string) string {
	s.mu.Lock()
	encoded := s.encoded
	s.mu.Unlock()
	for _, secret := range encoded {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	for _, pattern := range secretPatterns {
		text = pattern.ReplaceAllString(text, "${1}"+redacted)
	}
	return shorten(oneLine(text))
}

// oneLine replaces white space, control characters and invisible characters by single spaces. They could forge log
// lines, send commands to a terminal, or change the order in which the text is displayed.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	return strings.Join(strings.Fields(text), " ")
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > maxResultRunes {
		return string(runes[:maxResultRunes]) + " …"
	}
	return text
}

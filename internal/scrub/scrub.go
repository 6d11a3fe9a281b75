// Package scrub removes secrets from text that servers and libraries return, before the provider shows it.
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

// Scrubber replaces secrets in text. It replaces the secrets added with Add, in every encoding that a server may use.
// It also replaces text that has the form of a secret. The zero value is ready to use. A Scrubber is safe for
// concurrent use.
type Scrubber struct {
	mu sync.Mutex
	// lastAdded are the arguments of the last call of Add. Most calls have the same arguments, so Add can return early.
	lastAdded []string
	// encoded holds every encoding of every secret. The longest is first, because a secret may contain a shorter secret.
	encoded []string
}

// Add adds secrets to those that Clean replaces. Empty secrets are ignored.
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

// Clean returns the text on one line, with secrets replaced by "(redacted)". If the result is longer than 1,000
// characters, an ellipsis replaces the rest.
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

// BeforeRedacted returns the sentences of a result of Clean that come before the first replaced secret.
func BeforeRedacted(cleaned string) string {
	before, _, found := strings.Cut(cleaned, redacted)
	if !found {
		return cleaned
	}
	return before[:strings.LastIndex(before, ". ")+1]
}

// oneLine replaces whitespace, control characters and invisible characters with single spaces. Such characters could
// forge log lines, send commands to a terminal, or change the order in which a terminal displays the text.
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

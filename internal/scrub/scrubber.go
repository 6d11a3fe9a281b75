// Package scrub takes secrets out of text that came from a server or a library, before anyone sees it.
package scrub

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

const (
	redacted     = "(redacted)"
	maxTextRunes = 1000
)

// Scrubber cleans text. It knows secrets by their form, and those that it learned in whatever form they come. The zero
// value is ready; it is safe for concurrent use.
type Scrubber struct {
	mu    sync.Mutex
	last  []string // learned last, to know them again at little cost
	known []string // longest first, so that no secret is left half
}

// Learn has these secrets taken out of all text from now on, in each form in which a server may repeat them.
func (s *Scrubber) Learn(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Equal(s.last, secrets) {
		return
	}
	s.last = slices.Clone(secrets) // the caller's own slice may change
	known := slices.Clone(s.known) // a reader may hold the old one
	for _, secret := range secrets {
		if secret != "" {
			known = append(known, forms(secret)...)
		}
	}
	slices.SortFunc(known, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	s.known = slices.Compact(known)
}

// Clean gives text that can be shown: on one line, of a bounded length, without secrets.
func (s *Scrubber) Clean(text string) string {
	s.mu.Lock()
	known := s.known
	s.mu.Unlock()
	for _, secret := range known {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	for _, form := range secretForms {
		text = form.ReplaceAllString(text, "${1}"+redacted)
	}
	return oneLine(text)
}

// oneLine folds white space, control characters and invisible ones, which could forge lines of a log, a terminal's
// commands, or the order in which text is shown.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxTextRunes {
		return string(runes[:maxTextRunes]) + " …"
	}
	return text
}

// Package scrub takes secrets out of text that came from a server or a library, before anyone sees it.
package scrub

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

const (
	redacted     = "(redacted)"
	maxTextRunes = 1000
)

// secretForms are what gives a secret away by its form, whoever's it is: an AccessKey id, a session token, a
// signature, and the text that was signed, which an error repeats to its end.
var secretForms = regexp.MustCompile(
	`LTAI[0-9A-Za-z]{8,}|STS\.[0-9A-Za-z]{8,}` +
		`|(?i:signature|x-acs-security-token|securitytoken)\s*[=:]\s*[^\s,;&"]+` +
		`|(?is:(?:string\s*to\s*sign|canonical\s*request)\b.*)`)

var userInfo = regexp.MustCompile(`://[^/@\s]+@`)

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
	s.last = secrets
	known := slices.Clone(s.known) // a reader may hold the old one
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		known = append(known, secret, url.QueryEscape(secret), url.PathEscape(secret),
			url.QueryEscape(url.QueryEscape(secret)), hex.EncodeToString([]byte(secret)),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)))
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
	text = secretForms.ReplaceAllString(text, redacted)
	text = userInfo.ReplaceAllString(text, "://"+redacted+"@")
	return oneLine(text)
}

// oneLine folds white space and control characters, which could forge lines of a log or a terminal's commands.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
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

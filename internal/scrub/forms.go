package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
)

// secretForms are what gives a secret away by its form, whoever's it is. Each keeps its first group, if it has one.
var secretForms = []*regexp.Regexp{
	// The text that was signed, which the service's errors repeat to their end.
	regexp.MustCompile(`(?is)(?:string(?:[\s_+-]|%20)*to(?:[\s_+-]|%20)*sign|canonical(?:[\s_+-]|%20)*request).*`),
	// Header, query, JSON or XML, as it is or URL-encoded: a name, what parts it from its value, the value.
	regexp.MustCompile(`(?i)(authorization` + separator + `)(?:[\w-]+(?: +|\+|%20))?` + value),
	regexp.MustCompile(`(?i)((?:signature|(?:security|sts|oidc|access|refresh)[-_]?token|access[-_]?key[-_]?(?:id|secret)|` +
		`secret[-_]?key|password)` + separator + `)` + value),
	regexp.MustCompile(`(?i)(credential(?:=|%(?:25)*3d))` + value),
	// An AccessKey id, a session's key id, a session token, an OIDC token.
	regexp.MustCompile(`LTAI[0-9A-Za-z]{8,}|STS\.[0-9A-Za-z]{8,}|CAI[0-9A-Za-z+/=%]{40,}|` +
		`eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?`),
	// The user name and password of a URL.
	regexp.MustCompile(`(://|(?i:%3a%2f%2f))[^/\s]+(?:@|%40)`),
}

const (
	separator = `[\\"']*\s*(?:[=:>]|%(?:25)*3[ad])\s*[\\"']*`
	value     = `(?:[^\s,;&"'<\\]|\\[^"'])+`
)

var escapes = regexp.MustCompile(`%[0-9A-F]{2}`)

// forms gives a secret in each form in which text may hold it: plain, URL-encoded once and twice with hexadecimal digits
// in either case, as JSON escapes it, in hexadecimal and in base64 without padding, which covers it with padding too.
func forms(secret string) []string {
	all := []string{secret}
	for _, escape := range []func(string) string{url.QueryEscape, url.PathEscape} {
		upper := escape(secret)
		lower := escapes.ReplaceAllStringFunc(upper, strings.ToLower)
		all = append(all, upper, lower, url.QueryEscape(upper), url.QueryEscape(lower))
	}
	digits := hex.EncodeToString([]byte(secret))
	return append(all,
		strings.ReplaceAll(secret, "/", `\/`),
		strings.NewReplacer("=", `\u003d`, "&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "'", `\u0027`).Replace(secret),
		digits, strings.ToUpper(digits),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)))
}

package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
)

// secretPatterns match text that has the form of a secret. If a pattern has a group, Clean keeps the text of the group.
var secretPatterns = []*regexp.Regexp{
	// The string to sign: the service repeats it at the end of signature errors.
	regexp.MustCompile(`(?is)(?:string(?:[\s_+-]|%20)*to(?:[\s_+-]|%20)*sign|canonical(?:[\s_+-]|%20)*request).*`),
	// The name and the value of a secret in a header, a query, JSON or XML, URL-encoded or not.
	regexp.MustCompile(`(?i)(authorization` + separator + `)(?:[\w-]+(?: +|\+|%20))?` + value),
	regexp.MustCompile(`(?i)((?:signature|(?:security|sts|oidc|access|refresh)[-_]?token|` +
		`access[-_]?key[-_]?(?:id|secret)|secret[-_]?key|password)` + separator + `)` + value),
	regexp.MustCompile(`(?i)(credential(?:=|%(?:25)*3d))` + value),
	// An AccessKey ID, the AccessKey ID of an STS session, a session token and an OIDC token.
	regexp.MustCompile(`LTAI[0-9A-Za-z]{8,}|STS\.[0-9A-Za-z]{8,}|CAI[0-9A-Za-z+/=%]{40,}|` +
		`eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?`),
	// The user name and password of a URL.
	regexp.MustCompile(`(://|(?i:%3a%2f%2f))[^/\s]+(?:@|%40)`),
}

const (
	separator = `[\\"']*\s*(?:[=:>]|%(?:25)*3[ad])\s*[\\"']*`
	value     = `(?:[^\s,;&"'<\\]|\\[^"'])+`
)

var urlEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

// encodings returns the forms in which text can contain the secret:
//
//   - unchanged
//   - URL-encoded once or twice, with hexadecimal digits in upper or lower case
//   - escaped as in JSON
//   - in hexadecimal
//   - in base64 without padding, which is also the start of base64 with padding
func encodings(secret string) []string {
	all := []string{secret}
	for _, escape := range []func(string) string{url.QueryEscape, url.PathEscape} {
		upper := escape(secret)
		lower := urlEscape.ReplaceAllStringFunc(upper, strings.ToLower)
		all = append(all, upper, lower, url.QueryEscape(upper), url.QueryEscape(lower))
	}
	digits := hex.EncodeToString([]byte(secret))
	return append(all,
		strings.ReplaceAll(secret, "/", `\/`),
		strings.NewReplacer("=", `\u003d`, "&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "'", `\u0027`).Replace(secret),
		digits, strings.ToUpper(digits),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)))
}

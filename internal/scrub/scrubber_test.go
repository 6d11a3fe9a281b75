package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// What is learned in these tests: a key as the vendor makes them, and a token with all that needs escaping.
const (
	secretKey = "Jt0rE4kQ9xWv2MzYb7LhN5sPdU3gCa"
	token     = "xyzB/mUq+9Gh2==&k~1=<w>'sPq/8%2B"
)

func TestLearnedSecretsInEveryForm(t *testing.T) {
	t.Parallel()
	lower := func(escaped string) string {
		return strings.NewReplacer("%2F", "%2f", "%2B", "%2b", "%3D", "%3d", "%3C", "%3c", "%3E", "%3e").Replace(escaped)
	}
	forms := map[string]func(string) string{
		"plain":                   func(s string) string { return s },
		"query":                   url.QueryEscape,
		"path":                    url.PathEscape,
		"query, lower-case":       func(s string) string { return lower(url.QueryEscape(s)) },
		"path, lower-case":        func(s string) string { return lower(url.PathEscape(s)) },
		"query twice":             func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"path, then query":        func(s string) string { return url.QueryEscape(url.PathEscape(s)) },
		"query twice, lower-case": func(s string) string { return url.QueryEscape(lower(url.QueryEscape(s))) },
		"hex":                     func(s string) string { return hex.EncodeToString([]byte(s)) },
		"HEX":                     func(s string) string { return fmt.Sprintf("%X", s) },
		"base64":                  func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64, raw":             func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
		"base64, URL":             func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
		"base64, URL, raw":        func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"JSON with slashes":       func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
		"JSON for HTML": func(s string) string {
			return strings.NewReplacer("=", `\u003d`, "&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "'", `\u0027`).Replace(s)
		},
	}
	for name, form := range forms {
		for _, secret := range []string{secretKey, token} {
			t.Run(name+" "+secret[:4], func(t *testing.T) {
				t.Parallel()
				var s Scrubber
				s.Learn("LTAIexample", secretKey, token)
				// Around it stands nothing that gives it away.
				text := "before ." + form(secret) + ". after"
				got := s.Clean(text)
				if want := "before ." + redacted + ". after"; strings.ReplaceAll(got, "=", "") != want {
					t.Errorf("%q became %q, want %q", text, got, want)
				}
			})
		}
	}
}

func TestSecretForms(t *testing.T) {
	t.Parallel()
	const hidden = "hiddenValue0123456789"
	jwt := "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0." + hidden
	tests := map[string]string{
		"id LTAI5t" + hidden + ", unknown":           "id (redacted), unknown",
		"id STS.NU" + hidden + " unknown":            "id (redacted) unknown",
		"x CAIS" + strings.Repeat(hidden, 3) + " y":  "x (redacted) y",
		"token " + jwt + " refused":                  "token (redacted) refused",
		"?a=1&Signature=" + hidden + "%3D&b=2":       "?a=1&Signature=(redacted)&b=2",
		"signature: " + hidden + "; rest":            "signature: (redacted); rest",
		"Signature%3D" + hidden + " rest":            "Signature%3D(redacted) rest",
		"Signature%253d" + hidden + " rest":          "Signature%253d(redacted) rest",
		"x-acs-security-token:" + hidden + "\nnext":  "x-acs-security-token:(redacted) next",
		"x-acs-security-token%3A" + hidden + " next": "x-acs-security-token%3A(redacted) next",
		"SecurityToken=" + hidden + "&x=1":           "SecurityToken=(redacted)&x=1",
		`{"SecurityToken": "` + hidden + `", "a":1}`: `{"SecurityToken": "(redacted)", "a":1}`,
		`{\"AccessKeySecret\":\"` + hidden + `\"}`:   `{\"AccessKeySecret\":\"(redacted)\"}`,
		`{"sts_token":"ab\/` + hidden + `"}`:         `{"sts_token":"(redacted)"}`,
		"access_key_secret = " + hidden:              "access_key_secret = (redacted)",
		"access_key_id=" + hidden:                    "access_key_id=(redacted)",
		"secret_key='" + hidden + "'":                "secret_key='(redacted)'",
		"OIDCToken=" + hidden:                        "OIDCToken=(redacted)",
		"oauth_refresh_token: " + hidden:             "oauth_refresh_token: (redacted)",
		"<AccessKeySecret>" + hidden + "</a>":        "<AccessKeySecret>(redacted)</a>",
		"Authorization: Bearer " + hidden + " x":     "Authorization: (redacted) x",
		"Authorization: acs me:" + hidden + " x":     "Authorization: (redacted) x",
		`"authorization":"Basic ` + hidden + `" x`:   `"authorization":"(redacted)" x`,
		"Authorization: ACS3-HMAC-SHA256 Credential=" + hidden + ",SignedHeaders=host;x-acs-date,Signature=" + hidden: "Authorization: (redacted),SignedHeaders=host;x-acs-date,Signature=(redacted)",
		"ACS3-HMAC-SHA256 Credential=" + hidden + ",SignedHeaders=host, Signature=" + hidden:                          "ACS3-HMAC-SHA256 Credential=(redacted),SignedHeaders=host, Signature=(redacted)",

		"dial https://user:" + hidden + "@host:1/path":            "dial https://(redacted)@host:1/path",
		"http://user:p@" + hidden + "@host/":                      "http://(redacted)@host/",
		"http://" + hidden + "@host":                              "http://(redacted)@host",
		"https%3A%2F%2Fuser%3A" + hidden + "%40host%2F":           "https%3A%2F%2F(redacted)host%2F",
		"https://host/path?mail=me@example.com":                   "https://host/path?mail=me@example.com",
		"SignatureDoesNotMatch: Specified signature is not right": "SignatureDoesNotMatch: Specified signature is not right",
		"no credentials: none found":                              "no credentials: none found",
		"InvalidSecurityToken.Expired: the token has expired":     "InvalidSecurityToken.Expired: the token has expired",
		"request id 3A5B-77C1, code 100700008":                    "request id 3A5B-77C1, code 100700008",

		"Specified signature is not matched with our calculation. server string to sign is:GET&%2F&AccessKeyId%3D" + hidden + "\n" + hidden: "Specified signature is not matched with our calculation. server (redacted)",
		"the StringToSign: " + hidden:                  "the (redacted)",
		"server_string_to_sign=" + hidden:              "server_(redacted)",
		"the string%20to%20sign " + hidden:             "the (redacted)",
		"server CanonicalRequest is GET\n/\n" + hidden: "server (redacted)",
		"canonical request: " + hidden:                 "(redacted)",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var s Scrubber
			got := s.Clean(text)
			if strings.Contains(got, hidden) {
				t.Errorf("%q leaks in %q", text, got)
			}
			// The @ of an encoded URL may go or stay.
			if strings.Replace(got, redacted+"@", redacted, 1) != strings.Replace(want, redacted+"@", redacted, 1) {
				t.Errorf("%q\nbecame %q\nwant   %q", text, got, want)
			}
		})
	}
}

func TestLearnedBeforeStayKnown(t *testing.T) {
	t.Parallel()
	var s Scrubber
	var text, want []string
	given := make([]string, 3)
	for i := range 20 {
		// Sessions follow each other; the slice is the caller's and is used again.
		given[0], given[1], given[2] = fmt.Sprintf("id-of-%02d", i), fmt.Sprintf("key-of-%02d", i), ""
		s.Learn(given...)
		s.Learn(given...)
		text, want = append(text, given[0], given[1]), append(want, redacted, redacted)
	}
	if got := s.Clean(strings.Join(text, " ")); got != strings.Join(want, " ") {
		t.Errorf("left: %s", got)
	}
	if got := s.Clean("plain text stays"); got != "plain text stays" {
		t.Errorf("an empty secret was learned: %s", got)
	}
	known := len(s.known)
	s.Learn("id-of-00", "key-of-00", "")
	if len(s.known) != known {
		t.Errorf("%d forms known after learning again, want %d", len(s.known), known)
	}
}

func TestSecretWithinASecret(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"inner-key", "outer-inner-key-outer"}, {"outer-inner-key-outer", "inner-key"}} {
		var s Scrubber
		s.Learn(order...)
		if got := s.Clean("a outer-inner-key-outer b inner-key c"); got != "a (redacted) b (redacted) c" {
			t.Errorf("learned as %v: %s", order, got)
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	var s Scrubber
	s.Learn(secretKey)
	tests := map[string]struct{ text, want string }{
		"empty":              {"", ""},
		"lines":              {" a\r\nb\tc\u2028d\u0085e  ", "a b c d e"},
		"terminal's command": {"a\x1b[31mb\x00c\x7fd", "a [31mb c d"},
		"order of letters":   {"a\u202eb\u200bc", "a b c"},
		"invalid UTF-8":      {"a\xffb\xc3", "a?b?"},
		"around a secret":    {"\xff\n" + secretKey + "\x00\xff", "? (redacted) ?"},
		"bound":              {strings.Repeat("版", 1000), strings.Repeat("版", 1000)},
		"over the bound":     {strings.Repeat("版", 1001), strings.Repeat("版", 1000) + " …"},
		"secret at the bound": {
			strings.Repeat("a", 980) + " " + secretKey + strings.Repeat("b", 20),
			strings.Repeat("a", 980) + " " + redacted + strings.Repeat("b", 9) + " …",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.Clean(test.text)
			if got != test.want {
				t.Errorf("%q became %q, want %q", test.text, got, test.want)
			}
			if !utf8.ValidString(got) {
				t.Errorf("%q is no UTF-8", got)
			}
		})
	}
}

// TestConcurrent is for the race detector: what one goroutine has learned, it finds cleaned while others learn.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	var (
		s    Scrubber
		wait sync.WaitGroup
	)
	for i := range 8 {
		wait.Go(func() {
			for j := range 20 {
				secret := fmt.Sprintf("secret-%d-of-%d", j, i)
				s.Learn("shared-id", secret)
				if got := s.Clean("a " + secret + " b shared-id"); got != "a (redacted) b (redacted)" {
					t.Errorf("%s is left in %q", secret, got)
				}
			}
		})
	}
	wait.Wait()
}

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

// The secrets of these tests: a key in the form of Alibaba Cloud, and a token with all characters that need escaping.
const (
	secretKey = "Jt0rE4kQ9xWv2MzYb7LhN5sPdU3gCa"
	token     = "xyzB/mUq+9Gh2==&k~1=<w>'sPq/8%2B"
)

// TestCleanEncodedSecrets checks that Clean replaces a secret in every encoding. All tests of this file are for the
// rule "Secrets stay secret" of DESIGN.md.
func TestCleanEncodedSecrets(t *testing.T) {
	t.Parallel()
	lower := func(escaped string) string {
		return strings.NewReplacer("%2F", "%2f", "%2B", "%2b", "%3D", "%3d", "%3C", "%3c", "%3E", "%3e").Replace(escaped)
	}
	encodings := map[string]func(string) string{
		"plain":                   func(s string) string { return s },
		"query":                   url.QueryEscape,
		"path":                    url.PathEscape,
		"query, lower-case":       func(s string) string { return lower(url.QueryEscape(s)) },
		"path, lower-case":        func(s string) string { return lower(url.PathEscape(s)) },
		"query twice":             func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"path, then query":        func(s string) string { return url.QueryEscape(url.PathEscape(s)) },
		"query twice, lower-case": func(s string) string { return url.QueryEscape(lower(url.QueryEscape(s))) },
		"hex":                     func(s string) string { return hex.EncodeToString([]byte(s)) },
		"hex, upper-case":         func(s string) string { return fmt.Sprintf("%X", s) },
		"base64":                  func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64, raw":             func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
		"base64, URL":             func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
		"base64, URL, raw":        func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"JSON with slashes":       func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
		"JSON for HTML": func(s string) string {
			return strings.NewReplacer("=", `\u003d`, "&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "'", `\u0027`).Replace(s)
		},
	}
	for name, encode := range encodings {
		for _, secret := range []string{secretKey, token} {
			t.Run(name+" "+secret[:4], func(t *testing.T) {
				t.Parallel()
				var s Scrubber
				s.Add("LTAIexample", secretKey, token)
				// No pattern matches the text around the secret, so Clean must find the secret itself.
				text := "before ." + encode(secret) + ". after"
				got := s.Clean(text)
				if want := "before ." + redacted + ". after"; strings.ReplaceAll(got, "=", "") != want {
					t.Errorf("Clean(%q) = %q, want %q", text, got, want)
				}
			})
		}
	}
}

func TestCleanSecretPatterns(t *testing.T) {
	t.Parallel()
	const hidden = "hiddenValue0123456789"
	jwt := "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0." + hidden
	tests := map[string]string{
		"id LTAI5t" + hidden + ", not added":         "id (redacted), not added",
		"id STS.NU" + hidden + " not added":          "id (redacted) not added",
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

		"Authorization: ACS3-HMAC-SHA256 Credential=" + hidden +
			",SignedHeaders=host;x-acs-date,Signature=" + hidden: "Authorization: (redacted),SignedHeaders=host;" +
			"x-acs-date,Signature=(redacted)",
		"ACS3-HMAC-SHA256 Credential=" + hidden +
			",SignedHeaders=host, Signature=" + hidden: "ACS3-HMAC-SHA256 Credential=(redacted)," +
			"SignedHeaders=host, Signature=(redacted)",

		"dial https://user:" + hidden + "@host:1/path":            "dial https://(redacted)@host:1/path",
		"http://user:p@" + hidden + "@host/":                      "http://(redacted)@host/",
		"http://" + hidden + "@host":                              "http://(redacted)@host",
		"https%3A%2F%2Fuser%3A" + hidden + "%40host%2F":           "https%3A%2F%2F(redacted)host%2F",
		"https://host/path?mail=me@example.com":                   "https://host/path?mail=me@example.com",
		"SignatureDoesNotMatch: Specified signature is not right": "SignatureDoesNotMatch: Specified signature is not right",
		"no credentials: none found":                              "no credentials: none found",
		"InvalidSecurityToken.Expired: the token has expired":     "InvalidSecurityToken.Expired: the token has expired",
		"request id 3A5B-77C1, code 100700008":                    "request id 3A5B-77C1, code 100700008",

		"Specified signature is not matched with our calculation. server string to sign is:GET&%2F&AccessKeyId%3D" +
			hidden + "\n" + hidden: "Specified signature is not matched with our calculation. server (redacted)",
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
				t.Errorf("Clean(%q) = %q, which contains a secret", text, got)
			}
			// Whether Clean keeps the @ of a URL does not matter.
			if strings.Replace(got, redacted+"@", redacted, 1) != strings.Replace(want, redacted+"@", redacted, 1) {
				t.Errorf("Clean(%q)\n  = %q\nwant %q", text, got, want)
			}
		})
	}
}

func TestBeforeRedacted(t *testing.T) {
	t.Parallel()
	for cleaned, want := range map[string]string{
		"":                              "",
		"a. b":                          "a. b",
		"a. b. c (redacted), d. e":      "a. b.",
		"a. b [(redacted)] (redacted).": "a.",
		"v1.2 of (redacted). b":         "",
	} {
		if got := BeforeRedacted(cleaned); got != want {
			t.Errorf("BeforeRedacted(%q) = %q, want %q", cleaned, got, want)
		}
	}
}

func TestAddKeepsEarlierSecrets(t *testing.T) {
	t.Parallel()
	var s Scrubber
	var text, want []string
	secrets := make([]string, 3)
	for i := range 20 {
		// Each session has new secrets. The caller reuses its slice, so Add must copy the slice.
		secrets[0], secrets[1], secrets[2] = fmt.Sprintf("id-of-%02d", i), fmt.Sprintf("key-of-%02d", i), ""
		s.Add(secrets...)
		s.Add(secrets...)
		text, want = append(text, secrets[0], secrets[1]), append(want, redacted, redacted)
	}
	if got := s.Clean(strings.Join(text, " ")); got != strings.Join(want, " ") {
		t.Errorf("got %q, want no secret", got)
	}
	if got := s.Clean("plain text"); got != "plain text" {
		t.Errorf("got %q, want the text unchanged: the empty secret counts as none", got)
	}
	count := len(s.encoded)
	s.Add("id-of-00", "key-of-00", "")
	if len(s.encoded) != count {
		t.Errorf("%d encodings after adding a secret again, want %d", len(s.encoded), count)
	}
}

func TestCleanSecretWithinSecret(t *testing.T) {
	t.Parallel()
	for _, secrets := range [][]string{{"inner-key", "outer-inner-key-outer"}, {"outer-inner-key-outer", "inner-key"}} {
		var s Scrubber
		s.Add(secrets...)
		if got := s.Clean("a outer-inner-key-outer b inner-key c"); got != "a (redacted) b (redacted) c" {
			t.Errorf("%v added: got %q", secrets, got)
		}
	}
}

func TestCleanOneLine(t *testing.T) {
	t.Parallel()
	var s Scrubber
	s.Add(secretKey)
	tests := map[string]struct{ text, want string }{
		"empty":            {"", ""},
		"lines":            {" a\r\nb\tc\u2028d\u0085e  ", "a b c d e"},
		"terminal command": {"a\x1b[31mb\x00c\x7fd", "a [31mb c d"},
		"text direction":   {"a\u202eb\u200bc", "a b c"},
		"invalid UTF-8":    {"a\xffb\xc3", "a?b?"},
		"around a secret":  {"\xff\n" + secretKey + "\x00\xff", "? (redacted) ?"},
		"at the limit":     {strings.Repeat("版", 1000), strings.Repeat("版", 1000)},
		"over the limit":   {strings.Repeat("版", 1001), strings.Repeat("版", 1000) + " …"},
		"secret at the limit": {
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
				t.Errorf("%q is not valid UTF-8", got)
			}
		})
	}
}

// TestScrubberConcurrently checks that Clean removes the secrets that a goroutine added, while others add more secrets.
func TestScrubberConcurrently(t *testing.T) {
	t.Parallel()
	var (
		s    Scrubber
		wait sync.WaitGroup
	)
	for i := range 8 {
		wait.Go(func() {
			for j := range 20 {
				secret := fmt.Sprintf("secret-%d-of-%d", j, i)
				s.Add("shared-id", secret)
				if got := s.Clean("a " + secret + " b shared-id"); got != "a (redacted) b (redacted)" {
					t.Errorf("got %q, want %q removed", got, secret)
				}
			}
		})
	}
	wait.Wait()
}

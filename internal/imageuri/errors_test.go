package imageuri

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/distribution/reference"
)

// TestParseErrors checks that the error for each invalid URI states the cause.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	const (
		outerSpace     = "starts or ends with whitespace"
		innerSpace     = "contains whitespace"
		upperCase      = "path contains upper-case letters"
		emptyTag       = "tag after the colon is empty"
		badSHA256      = `invalid sha256 digest: use 64 `
		malformed      = "form [registry/][namespace/]repository[:tag][@digest]: "
		digestNotFound = `after "@": use an algorithm`
	)
	tests := map[string]string{
		"": "the URI is empty",

		" ":                         outerSpace,
		"x:1\n":                     outerSpace,
		"x:1\r\n":                   outerSpace,
		"\tx:1":                     outerSpace,
		" https://example.com/x:1":  outerSpace,
		"x:1\u00a0":                 outerSpace, // a no-break space
		"pai/x: 1":                  innerSpace,
		"pai/x:1\ny:2":              innerSpace,
		"pai/x:版本":                  "contains '版'",
		"pai/x：1":                   "contains '：'", // a full-width colon
		"example.com/é/x":           "contains 'é'",
		"x:\xff":                    "contains '\ufffd'",
		"\ufeffx:1":                 `contains '\ufeff'`,
		"https://example.com/pai/x": `starts with "https://"`,
		"docker://x":                `starts with "docker://"`,
		"HTTP://Example.com/Pai/x":  `starts with "HTTP://"`,
		"://x":                      `starts with "://"`,

		"team.v2_x/y:1":         `invalid registry "team.v2_x"`,
		"-.example.com/x":       `invalid registry "-.example.com"`,
		"example.com./x":        `invalid registry "example.com."`,
		"example.com:/x":        `invalid registry "example.com:"`,
		"x:one/y":               `invalid registry "x:one"`,
		"x:1:2/y":               `invalid registry "x:1:2"`,
		"::1/x":                 `invalid registry "::1"`,
		"[fe80::1%eth0]/x":      `invalid registry "[fe80::1%eth0]"`,
		"me:word@example.com/x": `invalid registry "me:word@example.com"`,

		"example.com/Pai/x:1":                    upperCase,
		"example.com/pai/X:1":                    upperCase,
		"Registry/x:1":                           upperCase,
		"LOCALHOST/x:1":                          upperCase,
		"X":                                      upperCase,
		"X@" + sha256:                            upperCase,
		"X:" + strings.Repeat("a", maxTagLength): upperCase,

		"x:":               emptyTag,
		"pai/x:@" + sha256: emptyTag,
		"x:-1":             `invalid tag "-1"`,
		"x:.1":             `invalid tag ".1"`,
		"x:1:2":            `invalid tag "1:2"`,
		"x:1+2":            `invalid tag "1+2"`,
		"pai/x:1/y":        `invalid tag "1/y"`,
		"example.com/pai/x:" + strings.Repeat("a", 129): "tag has 129 characters, but the maximum is 128",

		"x@":                          `invalid digest "" ` + digestNotFound,
		"x@sha256":                    `invalid digest "sha256" ` + digestNotFound,
		"x@pai/y:2":                   `invalid digest "pai/y:2" ` + digestNotFound,
		"x@sha256:":                   badSHA256,
		"x:1@sha256:1234":             badSHA256,
		"x@" + sha256[:len(sha256)-1]: badSHA256,
		"x@" + sha256 + "0":           badSHA256,
		"x@" + strings.ReplaceAll(sha256, "ef", "EF"):       badSHA256,
		"x@" + strings.ReplaceAll(sha256, "ef", "eg"):       badSHA256,
		"x@" + sha256 + "@" + sha256:                        badSHA256,
		"x@sha384:00":                                       "invalid sha384 digest: use 96 ",
		"x@sha512:00":                                       "invalid sha512 digest: use 128 ",
		"x@md5:0123456789abcdef0123456789abcdef":            `unsupported digest algorithm "md5"`,
		"x@SHA256:" + strings.TrimPrefix(sha256, "sha256:"): `unsupported digest algorithm "SHA256"`,
		"x@:00": `unsupported digest algorithm ""`,

		strings.Repeat("a", 256):                    "path has 256 characters, but the maximum is 255",
		"pai/" + strings.Repeat("a", 252) + ":1":    "path has 256 characters, but the maximum is 255",
		"example.com/p/" + strings.Repeat("a", 300): "path has 302 characters, but the maximum is 255",

		// Unlikely mistakes, for which the error states only the expected form.
		":1":                 malformed,
		"/x":                 malformed,
		"@" + sha256:         malformed,
		"pai//x":             malformed,
		"pai/":               malformed,
		"example.com/":       malformed,
		"example.com/pai/:1": malformed,
		"[1234]/x":           malformed,
		"a___b":              malformed,
		"x/y..z":             malformed,
		"-x":                 malformed,
		"x\x00":              malformed,
		"pai/https://x":      `invalid tag "//x"`,
	}
	for uri, want := range tests {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(uri)
			switch {
			case err == nil:
				t.Errorf("got %+v, want an error", got)
			case !strings.Contains(err.Error(), want):
				t.Errorf("got error %q, want one with %q", err, want)
			case want == malformed && !errors.Is(err, reference.ErrReferenceInvalidFormat):
				t.Errorf("error %q does not wrap the library's error", err)
			}
			checkInvariants(t, uri)
		})
	}
}

// TestParseLongPath checks that a path of any length is an error within a second. The library's regular expressions
// take several seconds for this path.
func TestParseLongPath(t *testing.T) {
	t.Parallel()
	uri := "r.example.com/" + strings.Repeat("a", 10<<20)
	start := time.Now()
	_, err := Parse(uri)
	if took := time.Since(start); took > time.Second || err == nil || !strings.Contains(err.Error(), "maximum is 255") {
		t.Errorf("got error %.100v after %v", err, took)
	}
}

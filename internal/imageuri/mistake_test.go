package imageuri

import (
	"errors"
	"strings"
	"testing"

	"github.com/distribution/reference"
)

func TestMistakes(t *testing.T) {
	t.Parallel()
	const (
		around    = "it begins or ends with a blank or a line end"
		within    = "it has a blank or a line end in it"
		capitals  = "there are capital letters in its path, which only a registry (it has a dot or a colon) and a tag may have"
		noTag     = "a colon is there for a tag, but no tag"
		badTag    = `, must be letters, digits and any of "_.-", and not begin with a dot or a hyphen`
		badHost   = ", can't be a registry, which is a host name or an IP address, and perhaps a port"
		noDigest  = `what follows its "@" is no digest, which is an algorithm, a colon and hexadecimal digits`
		badSHA256 = `its digest is malformed: after "sha256:" come 64 hexadecimal digits in lower case`
		algorithm = ", is not one of sha256, sha384 and sha512"
		form      = "it must have the form [registry/][namespace/]repository[:tag][@digest]: invalid reference format"
	)
	tests := map[string]string{
		"": "it is empty",

		" ":                         around,
		"x:1\n":                     around,
		"x:1\r\n":                   around,
		"\tx:1":                     around,
		" https://example.com/x:1":  around,
		"x:1\u00a0":                 around, // a blank that doesn't break
		"pai/x: 1":                  within,
		"pai/x:1\ny:2":              within,
		"pai/x:版本":                  "it has '版' in it, which is no ASCII character",
		"pai/x：1":                   "it has '：' in it, which is no ASCII character", // a colon as wide as a Chinese character
		"example.com/é/x":           "it has 'é' in it, which is no ASCII character",
		"x:\xff":                    "it has '\ufffd' in it, which is no ASCII character",
		"\ufeffx:1":                 `it has '\ufeff' in it, which is no ASCII character`,
		"https://example.com/pai/x": `leave out the "https://" that it begins with`,
		"docker://x":                `leave out the "docker://" that it begins with`,
		"HTTP://Example.com/Pai/x":  `leave out the "HTTP://" that it begins with`,
		"://x":                      `leave out the "://" that it begins with`,

		"team.v2_x/y:1":         `its first part, "team.v2_x"` + badHost,
		"-.example.com/x":       `its first part, "-.example.com"` + badHost,
		"example.com./x":        `its first part, "example.com."` + badHost,
		"example.com:/x":        `its first part, "example.com:"` + badHost,
		"x:one/y":               `its first part, "x:one"` + badHost,
		"x:1:2/y":               `its first part, "x:1:2"` + badHost,
		"::1/x":                 `its first part, "::1"` + badHost,
		"[fe80::1%eth0]/x":      `its first part, "[fe80::1%eth0]"` + badHost,
		"me:word@example.com/x": `its first part, "me:word@example.com"` + badHost,

		"example.com/Pai/x:1":                  capitals,
		"example.com/pai/X:1":                  capitals,
		"Registry/x:1":                         capitals,
		"LOCALHOST/x:1":                        capitals,
		"X":                                    capitals,
		"X@" + sha256:                          capitals,
		"X:" + strings.Repeat("a", longestTag): capitals,

		"x:":               noTag,
		"pai/x:@" + sha256: noTag,
		"x:-1":             `its tag, "-1"` + badTag,
		"x:.1":             `its tag, ".1"` + badTag,
		"x:1:2":            `its tag, "1:2"` + badTag,
		"x:1+2":            `its tag, "1+2"` + badTag,
		"pai/x:1/y":        `its tag, "1/y"` + badTag,
		"example.com/pai/x:" + strings.Repeat("a", 129): "its tag has 129 characters, and may have 128",

		"x@":                          noDigest,
		"x@sha256":                    noDigest,
		"x@pai/y:2":                   noDigest,
		"x@sha256:":                   badSHA256,
		"x:1@sha256:1234":             badSHA256,
		"x@" + sha256[:len(sha256)-1]: badSHA256,
		"x@" + sha256 + "0":           badSHA256,
		"x@" + strings.ReplaceAll(sha256, "ef", "EF"):       badSHA256,
		"x@" + strings.ReplaceAll(sha256, "ef", "eg"):       badSHA256,
		"x@" + sha256 + "@" + sha256:                        badSHA256,
		"x@sha384:00":                                       strings.NewReplacer("256", "384", "64", "96").Replace(badSHA256),
		"x@sha512:00":                                       strings.NewReplacer("256", "512", "64", "128").Replace(badSHA256),
		"x@md5:0123456789abcdef0123456789abcdef":            `the algorithm of its digest, "md5"` + algorithm,
		"x@SHA256:" + strings.TrimPrefix(sha256, "sha256:"): `the algorithm of its digest, "SHA256"` + algorithm,
		"x@:00": `the algorithm of its digest, ""` + algorithm,

		strings.Repeat("a", 256):                    "its path has 256 characters, and may have 255",
		"pai/" + strings.Repeat("a", 252) + ":1":    "its path has 256 characters, and may have 255",
		"example.com/p/" + strings.Repeat("a", 300): "its path has 302 characters, and may have 255",

		// What no one is likely to write.
		":1":                 form,
		"/x":                 form,
		"@" + sha256:         form,
		"pai//x":             form,
		"pai/":               form,
		"example.com/":       form,
		"example.com/pai/:1": form,
		"[1234]/x":           form,
		"a___b":              form,
		"x/y..z":             form,
		"-x":                 form,
		"x\x00":              form,
		"pai/https://x":      `its tag, "//x"` + badTag,
	}
	for uri, want := range tests {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			parsed, err := Parse(uri)
			switch {
			case err == nil:
				t.Errorf("parsed as %+v, want an error", parsed)
			case err.Error() != want:
				t.Errorf("the error is %q, want %q", err, want)
			case want == form && !errors.Is(err, reference.ErrReferenceInvalidFormat):
				t.Error("the library's error is not found in it")
			}
			checkInvariants(t, uri)
		})
	}
}

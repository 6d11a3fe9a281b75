package imageuri

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/distribution/reference"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
)

const (
	maxTagLength  = 128
	maxPathLength = reference.RepositoryNameTotalLengthMax
)

var (
	// tagPattern matches a whole tag.
	tagPattern = regexp.MustCompile(`^(?:` + reference.TagRegexp.String() + `)$`)

	// digestLengths maps each digest algorithm that the library supports to its number of hexadecimal digits.
	digestLengths = map[string]int{"sha256": 64, "sha384": 96, "sha512": 128}
)

// explain returns an error that states the cause of err, because the library often reports only "invalid reference
// format". The order of the checks matters: a URI with the mistake of an early check can also fail a later check.
func explain(uri string, p parts, err error) error {
	scheme, _, hasScheme := strings.Cut(uri, "://")
	fromNonASCII := strings.TrimLeftFunc(uri, func(r rune) bool { return r <= unicode.MaxASCII })
	switch {
	case uri == "":
		return errors.New("the URI is empty")
	case strings.TrimSpace(uri) != uri:
		return errors.New("the URI starts or ends with whitespace")
	case strings.ContainsFunc(uri, unicode.IsSpace):
		return errors.New("the URI contains whitespace")
	case fromNonASCII != "":
		character, _ := utf8.DecodeRuneInString(fromNonASCII)
		return fmt.Errorf("the URI contains %q, which is not an ASCII character", character)
	case hasScheme && !strings.Contains(scheme, "/"):
		return fmt.Errorf("the URI starts with %s: remove it", hcltext.Quote(scheme+"://"))
	case p.registry != "" && !hostPattern.MatchString(p.registry):
		return fmt.Errorf("invalid registry %s: use a host name or an IP address, optionally with a port",
			hcltext.Quote(p.registry))
	case p.hasDigest && !isDigest(p.digest):
		return explainDigest(p.digest)
	case p.hasTag && p.tag == "":
		return errors.New("the tag after the colon is empty")
	case len(p.tag) > maxTagLength:
		return fmt.Errorf("the tag has %d characters, but the maximum is %d", len(p.tag), maxTagLength)
	case p.hasTag && !tagPattern.MatchString(p.tag):
		return fmt.Errorf(`invalid tag %s: use letters, digits, "_", "." and "-", and don't start with "." or "-"`,
			hcltext.Quote(p.tag))
	case errors.Is(err, reference.ErrNameContainsUppercase):
		return errors.New("the path contains upper-case letters, which only a tag or a registry " +
			"(a first part with a dot or a colon) may contain")
	case errors.Is(err, reference.ErrNameTooLong):
		return fmt.Errorf("the path has %d characters, but the maximum is %d", len(p.path), maxPathLength)
	}
	return fmt.Errorf("the URI does not have the form [registry/][namespace/]repository[:tag][@digest]: %w", err)
}

// isDigest reports whether the library accepts the digest. The library parses digests only within a reference.
func isDigest(digest string) bool {
	_, err := reference.Parse(placeholderHost + "x@" + digest)
	return err == nil
}

func explainDigest(digest string) error {
	algorithm, _, ok := strings.Cut(digest, ":")
	if !ok || strings.Contains(algorithm, "/") {
		return fmt.Errorf(`invalid digest %s after "@": use an algorithm, a colon and hexadecimal digits`,
			hcltext.Quote(digest))
	}
	length, ok := digestLengths[algorithm]
	if !ok {
		return fmt.Errorf("unsupported digest algorithm %s: use sha256, sha384 or sha512", hcltext.Quote(algorithm))
	}
	return fmt.Errorf("invalid %s digest: use %d lower-case hexadecimal digits after %q", algorithm, length, algorithm+":")
}

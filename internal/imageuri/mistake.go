package imageuri

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/distribution/reference"
)

const (
	longestTag  = 128
	longestPath = reference.RepositoryNameTotalLengthMax
)

var (
	// tagForm is the library's own.
	tagForm = regexp.MustCompile(`^(?:` + reference.TagRegexp.String() + `)$`)

	// digestLengths are the numbers of hexadecimal digits by the algorithms that the library knows.
	digestLengths = map[string]int{"sha256": 64, "sha384": 96, "sha512": 128}
)

// explain says what is wrong with a URI. The library mostly says "invalid reference format", so the likely mistakes are
// looked for here, in the order in which one hides another.
func explain(uri string, p pieces, err error) error {
	scheme, _, hasScheme := strings.Cut(uri, "://")
	foreign := strings.TrimLeftFunc(uri, func(r rune) bool { return r <= unicode.MaxASCII })
	switch {
	case uri == "":
		return errors.New("it is empty")
	case strings.TrimSpace(uri) != uri:
		return errors.New("it begins or ends with a blank or a line end")
	case strings.ContainsFunc(uri, unicode.IsSpace):
		return errors.New("it has a blank or a line end in it")
	case foreign != "":
		character, _ := utf8.DecodeRuneInString(foreign)
		return fmt.Errorf("it has %q in it, which is no ASCII character", character)
	case hasScheme && !strings.Contains(scheme, "/"):
		return fmt.Errorf("leave out the %q that it begins with", scheme+"://")
	case p.registry != "" && !hostForm.MatchString(p.registry):
		return fmt.Errorf("its first part, %q, can't be a registry, which is a host name or an IP address, and perhaps a port",
			p.registry)
	case p.hasDigest && !isDigest(p.digest):
		return explainDigest(p.digest)
	case p.hasTag && p.tag == "":
		return errors.New("a colon is there for a tag, but no tag")
	case len(p.tag) > longestTag:
		return fmt.Errorf("its tag has %d characters, and may have %d", len(p.tag), longestTag)
	case p.hasTag && !tagForm.MatchString(p.tag):
		return fmt.Errorf("its tag, %q, must be letters, digits and any of \"_.-\", and not begin with a dot or a hyphen", p.tag)
	case errors.Is(err, reference.ErrNameContainsUppercase):
		return errors.New("there are capital letters in its path, which only a registry (it has a dot or a colon) and a tag may have")
	case errors.Is(err, reference.ErrNameTooLong):
		return fmt.Errorf("its path has %d characters, and may have %d", len(p.path), longestPath)
	}
	return fmt.Errorf("it must have the form [registry/][namespace/]repository[:tag][@digest]: %w", err)
}

// isDigest asks the library, of which a digest alone can't be had.
func isDigest(text string) bool {
	_, err := reference.Parse(standIn + "x@" + text)
	return err == nil
}

func explainDigest(digest string) error {
	algorithm, _, ok := strings.Cut(digest, ":")
	if !ok || strings.Contains(algorithm, "/") {
		return errors.New(`what follows its "@" is no digest, which is an algorithm, a colon and hexadecimal digits`)
	}
	length, ok := digestLengths[algorithm]
	if !ok {
		return fmt.Errorf("the algorithm of its digest, %q, is not one of sha256, sha384 and sha512", algorithm)
	}
	return fmt.Errorf("its digest is malformed: after %q come %d hexadecimal digits in lower case", algorithm+":", length)
}

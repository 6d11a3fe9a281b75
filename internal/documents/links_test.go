package documents

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// registryPage matches the files under docs/ that the Terraform Registry publishes.
var registryPage = regexp.MustCompile(`^docs/(index|(data-sources|functions|guides)/[\w-]+)\.md$`)

// TestLinks checks that each relative link points to an existing file and heading, and that every other link is an
// https URL. A page that the registry publishes may link only to other such pages.
func TestLinks(t *testing.T) {
	t.Parallel()
	documents := readRepository(t)
	anchorsByPath := make(map[string][]string)
	for _, document := range documents {
		if !strings.HasSuffix(document.Path, ".tmpl") {
			anchorsByPath[document.Path] = anchors(document)
		}
	}
	for _, document := range documents {
		for _, link := range document.Links {
			if err := checkLink(document.PublishedPath(), link.Target, anchorsByPath); err != nil {
				t.Errorf("%s: link to %s: %v", document.At(link.Line), link.Target, err)
			}
		}
	}
}

// checkLink returns an error if the link in the document at the path from is broken.
func checkLink(from, link string, anchorsByPath map[string][]string) error {
	parsed, err := url.Parse(link)
	if err != nil {
		return err
	}
	if parsed.Scheme != "" || parsed.Host != "" {
		if parsed.Scheme != "https" || !strings.Contains(parsed.Host, ".") {
			return errors.New("not an https URL")
		}
		return nil
	}
	target := from
	if parsed.Path != "" {
		target = path.Join(path.Dir(from), parsed.Path)
		if strings.HasPrefix(parsed.Path, "/") {
			return errors.New("absolute path: use a relative one")
		}
		if _, err := os.Stat(path.Join("../..", target)); err != nil {
			return err
		}
		if registryPage.MatchString(from) && !registryPage.MatchString(target) {
			return fmt.Errorf("not a page of the registry, but %s is one", from)
		}
	}
	if parsed.Fragment == "" {
		return nil
	}
	targetAnchors, ok := anchorsByPath[target]
	if !ok {
		return errors.New("anchor in a file that is not a document")
	}
	if !slices.Contains(targetAnchors, parsed.Fragment) {
		return fmt.Errorf("no such anchor: %s has %v", target, targetAnchors)
	}
	return nil
}

// anchors returns the anchors of a document, including the anchors that GitHub and registries generate for headings.
func anchors(document Document) []string {
	names := slices.Clone(document.Anchors)
	seen := make(map[string]int)
	for _, heading := range document.Headings {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r):
				return unicode.ToLower(r)
			}
			return -1
		}, heading.Text)
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s-%d", name, seen[name]-1)
		}
		names = append(names, name)
	}
	return names
}

func TestCheckLink(t *testing.T) {
	t.Parallel()
	document, err := parse("README.md", []byte("# A `b_c`, d!\n\n## Twice\n\n## Twice\n\n<a id=\"own\"></a>\n\n"+
		"[x\n`w`][y] ![z](#own) <https://example.com/>\n\n[y]: docs/index.md\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(document.Links) != 3 || document.Links[0].Text != "x w" {
		t.Errorf("got links %v, want 3, and the text of the first on one line", document.Links)
	}
	anchorsByPath := map[string][]string{"README.md": anchors(document), "docs/index.md": {"schema"}}
	valid := []string{"#a-b_c-d", "#twice", "#twice-1", "#own", "docs/index.md#schema", "docs", "LICENSE"}
	for _, link := range document.Links {
		valid = append(valid, link.Target)
	}
	for _, link := range valid {
		if err := checkLink("README.md", link, anchorsByPath); err != nil {
			t.Errorf("valid link %s: %v", link, err)
		}
	}
	for from, links := range map[string][]string{
		"README.md": {
			"#twice-2", "#A-b_c-d", "docs/inde.md", "docs/index.md#shema", "LICENSE#x", "/docs/index.md",
			"http://example.com/", "https://localhost/",
		},
		"docs/index.md":                {"../README.md", "reliability.md", "guides/none.md"},
		"docs/guides/pin-or-follow.md": {"index.md", "../../examples/ram-policy.json"},
	} {
		for _, link := range links {
			if checkLink(from, link, anchorsByPath) == nil {
				t.Errorf("broken link from %s to %s: got no error", from, link)
			}
		}
	}
}

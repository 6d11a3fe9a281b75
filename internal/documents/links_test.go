package documents

import (
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

// page is what the Terraform Registry shows of docs/: these and no other files.
var page = regexp.MustCompile(`^docs/(index|(data-sources|functions|guides)/[\w-]+)\.md$`)

// TestLinks: a link inside the repository leads to a file that is there, and to a heading that it has; a link to elsewhere is
// whole. A registry knows only its own pages, and takes .md off a link between them, so such links work there and in a checkout.
func TestLinks(t *testing.T) {
	t.Parallel()
	documents := read(t)
	targets := make(map[string][]string) // by place: the anchors
	for _, document := range documents {
		if !strings.HasSuffix(document.Path, ".tmpl") {
			targets[document.Path] = anchors(document)
		}
	}
	links := 0
	for _, document := range documents {
		for _, link := range document.Links {
			links++
			if err := follow(document.Place(), link.To, targets); err != nil {
				t.Errorf("%s: %s %v", document.At(link.Line), link.To, err)
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links are found", links)
	}
}

// follow says where a link from a document at a place doesn't lead anywhere.
func follow(from, to string, targets map[string][]string) error {
	parsed, err := url.Parse(to)
	if err != nil {
		return err
	}
	if parsed.Scheme != "" || parsed.Host != "" {
		if parsed.Scheme != "https" || !strings.Contains(parsed.Host, ".") {
			return fmt.Errorf("is no address of the web by https")
		}
		return nil
	}
	target := from
	if parsed.Path != "" {
		target = path.Join(path.Dir(from), parsed.Path)
		if strings.HasPrefix(parsed.Path, "/") {
			return fmt.Errorf("begins at a root that isn't the same everywhere: say where it is from here")
		}
		if _, err := os.Stat(path.Join("../..", target)); err != nil {
			return fmt.Errorf("is not there")
		}
		if page.MatchString(from) && !page.MatchString(target) {
			return fmt.Errorf("is no page of a registry, and %s is one", from)
		}
	}
	if parsed.Fragment == "" {
		return nil
	}
	known, is := targets[target]
	if !is {
		return fmt.Errorf("names a heading of what isn't a document")
	}
	if !slices.Contains(known, parsed.Fragment) {
		return fmt.Errorf("names no heading of %s, which has %v", target, known)
	}
	return nil
}

// anchors are what a link to a document may name after its #: its headings as GitHub and registries spell them, and what it
// names itself.
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

// TestFollow: a link that leads nowhere is found out.
func TestFollow(t *testing.T) {
	t.Parallel()
	document, err := parse("README.md", []byte("# A `b_c`, d!\n\n## Twice\n\n## Twice\n\n<a id=\"own\"></a>\n\n[x][y] ![z](#own) <https://example.com/>\n\n[y]: docs/index.md\n"))
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string][]string{"README.md": anchors(document), "docs/index.md": {"schema"}}
	if len(document.Links) != 3 {
		t.Errorf("found %v", document.Links)
	}
	for _, link := range document.Links {
		if err := follow("README.md", link.To, targets); err != nil {
			t.Errorf("%s %v", link.To, err)
		}
	}
	for _, good := range []string{"#a-b_c-d", "#twice", "#twice-1", "#own", "docs/index.md#schema", "docs", "LICENSE"} {
		if err := follow("README.md", good, targets); err != nil {
			t.Errorf("%s %v", good, err)
		}
	}
	for from, bad := range map[string][]string{
		"README.md":          {"#twice-2", "#A-b_c-d", "docs/inde.md", "docs/index.md#shema", "LICENSE#x", "/docs/index.md", "http://example.com/", "https://localhost/"},
		"docs/index.md":      {"../README.md", "reliability.md", "guides/none.md"},
		"docs/guides/pin.md": {"index.md", "../../examples/ram-policy.json"},
	} {
		for _, to := range bad {
			if follow(from, to, targets) == nil {
				t.Errorf("from %s to %s", from, to)
			}
		}
	}
}

package documents

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestHeadings checks that each document starts with its only title, and that no heading level is skipped.
func TestHeadings(t *testing.T) {
	t.Parallel()
	for _, document := range readRepository(t) {
		if strings.HasPrefix(document.Path, ".github/") {
			continue // GitHub adds a title to these
		}
		level := 0
		for _, heading := range document.Headings {
			switch {
			case level == 0 && heading.Level != 1:
				t.Errorf("%s: the first heading has level %d, want 1", document.At(heading.Line), heading.Level)
			case level > 0 && heading.Level == 1:
				t.Errorf("%s: a second title", document.At(heading.Line))
			case heading.Level > level+1:
				t.Errorf("%s: heading of level %d below level %d", document.At(heading.Line), heading.Level, level)
			}
			level = heading.Level
		}
		if level == 0 {
			t.Errorf("%s: no title", document.Path)
		}
	}
}

// TestFrontMatter checks the front matter of the pages that registries publish. `make docs-check` checks the names and
// sizes of the pages with `tfplugindocs validate`.
func TestFrontMatter(t *testing.T) {
	t.Parallel()
	pages := 0
	for _, document := range readRepository(t) {
		if !registryPage.MatchString(document.Path) {
			continue
		}
		pages++
		var front struct {
			PageTitle   string  `yaml:"page_title"`
			Subcategory *string // "" shows the page at the top
			Description string
		}
		decoder := yaml.NewDecoder(strings.NewReader(document.FrontMatter))
		decoder.KnownFields(true) // a registry ignores a misspelled field
		if err := decoder.Decode(&front); err != nil {
			t.Errorf("%s: %v", document.Path, err)
			continue
		}
		if front.PageTitle == "" || len(front.PageTitle) > 100 {
			t.Errorf("%s: page_title %q: want 1 to 100 characters", document.Path, front.PageTitle)
		}
		if d := strings.TrimSpace(front.Description); d == "" || len(d) > 170 || strings.ContainsAny(d, "`[]\n") {
			t.Errorf("%s: description %q: want one paragraph of plain text, up to 170 characters", document.Path, d)
		}
		// Registries sort the guides by page_title.
		if title := document.title(); strings.HasPrefix(document.Path, "docs/guides/") && front.PageTitle != "Guide: "+title {
			t.Errorf("%s: page_title %q, want %q", document.Path, front.PageTitle, "Guide: "+title)
		}
		if isIndex := document.Path == "docs/index.md"; isIndex != (front.Subcategory == nil) {
			t.Errorf("%s: want a subcategory on every page but the index", document.Path)
		} else if !isIndex && *front.Subcategory != "" {
			t.Errorf("%s: got subcategory %q, want an empty one", document.Path, *front.Subcategory)
		}
	}
	if pages == 0 {
		t.Error("no pages")
	}
}

// TestGuidesAreLinkedByTitle checks that the text of each link to a guide is the guide's title, in upper or lower case.
// It checks only pages that the registry publishes, and no links to a heading in a guide.
func TestGuidesAreLinkedByTitle(t *testing.T) {
	t.Parallel()
	documents := readRepository(t)
	titles := make(map[string]string)
	for _, document := range documents {
		if strings.HasPrefix(document.Path, "docs/guides/") {
			titles[document.Path] = document.title()
		}
	}
	links := 0
	for _, document := range documents {
		if !registryPage.MatchString(document.PublishedPath()) {
			continue
		}
		for _, link := range document.Links {
			title, ok := titles[path.Join(path.Dir(document.PublishedPath()), link.Target)]
			if !ok {
				continue
			}
			links++
			if !strings.EqualFold(link.Text, title) {
				t.Errorf("%s: link to %s has the text %q, want %q", document.At(link.Line), link.Target, link.Text, title)
			}
		}
	}
	if links == 0 {
		t.Error("no links to guides")
	}
}

// title returns the text of the first heading, or "" if there is none.
func (d Document) title() string {
	if len(d.Headings) == 0 {
		return ""
	}
	return d.Headings[0].Text
}

// TestGuidesAreListed checks that the list of guides on the provider's page and the one in README link to every guide
// exactly once, with its title as the text.
func TestGuidesAreListed(t *testing.T) {
	t.Parallel()
	documents := readRepository(t)
	for page, heading := range map[string]string{"docs/index.md": "Guides", "README.md": "Documentation"} {
		texts := make(map[string][]string) // of links, by target
		for _, document := range documents {
			if document.Path == page {
				for _, link := range document.linksBelow(heading) {
					target := path.Join(path.Dir(page), link.Target)
					texts[target] = append(texts[target], link.Text)
				}
			}
		}
		guides := 0
		for _, document := range documents {
			if !strings.HasPrefix(document.Path, "docs/guides/") {
				continue
			}
			guides++
			if got, want := texts[document.Path], []string{document.title()}; !slices.Equal(got, want) {
				t.Errorf("%s: links to %s below the heading %q have the texts %q, want %q", page, document.Path, heading, got, want)
			}
		}
		if guides == 0 {
			t.Error("no guides")
		}
	}
}

// linksBelow returns the links between the heading and the next one.
func (d Document) linksBelow(heading string) []Link {
	var links []Link
	for _, link := range d.Links {
		section := ""
		for _, h := range d.Headings {
			if h.Line < link.Line {
				section = h.Text
			}
		}
		if section == heading {
			links = append(links, link)
		}
	}
	return links
}

// TestProviderPageIsShort checks that the provider's page has at most 1,300 words before the schema.
func TestProviderPageIsShort(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/index.md")
	if err != nil {
		t.Fatal(err)
	}
	text, _, ok := strings.Cut(string(page), "\n## Schema\n")
	if words := len(strings.Fields(text)); !ok || words > 1300 {
		t.Errorf("docs/index.md has %d words before the schema (%t), want at most 1300", words, ok)
	}
}

// TestDataSourcePagesAreShort checks that no page of a data source has more than 900 words or five examples. Guides
// contain what doesn't fit.
func TestDataSourcePagesAreShort(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../docs/data-sources/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d pages: %v", len(paths), err)
	}
	for _, file := range paths {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if words := len(strings.Fields(string(page))); words > 900 {
			t.Errorf("%s has %d words, want at most 900", file, words)
		}
		if examples := strings.Count(string(page), "\n```terraform\n"); examples < 1 || examples > 5 {
			t.Errorf("%s has %d examples, want 1 to 5", file, examples)
		}
	}
}

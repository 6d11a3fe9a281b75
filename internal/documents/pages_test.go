package documents

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestHeadings: a document has one title, which comes first, and no level is left out below it.
func TestHeadings(t *testing.T) {
	t.Parallel()
	for _, document := range read(t) {
		if strings.HasPrefix(document.Path, ".github/") {
			continue // a form to fill in, which GitHub puts under a title of its own
		}
		level := 0
		for _, heading := range document.Headings {
			switch {
			case level == 0 && heading.Level != 1:
				t.Errorf("%s: the first heading is no title", document.At(heading.Line))
			case level > 0 && heading.Level == 1:
				t.Errorf("%s: a second title", document.At(heading.Line))
			case heading.Level > level+1:
				t.Errorf("%s: a heading of level %d below one of level %d", document.At(heading.Line), heading.Level, level)
			}
			level = heading.Level
		}
		if level == 0 {
			t.Errorf("%s has no title", document.Path)
		}
	}
}

// TestPages: what a registry reads of a page before the text. What it stores, 500,000 bytes a page and 2,000 pages, and the names of
// folders and files are checked by `make docs-check`, which runs `tfplugindocs validate`.
func TestPages(t *testing.T) {
	t.Parallel()
	pages := 0
	for _, document := range read(t) {
		if !page.MatchString(document.Path) {
			continue
		}
		pages++
		var front struct {
			PageTitle   string  `yaml:"page_title"`
			Subcategory *string // "" is the one that shows a page at the top
			Description string
		}
		decoder := yaml.NewDecoder(strings.NewReader(document.Front))
		decoder.KnownFields(true) // a registry passes over a field that it doesn't know, with what was meant by it
		if err := decoder.Decode(&front); err != nil {
			t.Errorf("%s: %v", document.Path, err)
			continue
		}
		if front.PageTitle == "" || len(front.PageTitle) > 100 {
			t.Errorf("%s: page_title %q has to fit a line", document.Path, front.PageTitle)
		}
		if words := strings.TrimSpace(front.Description); words == "" || strings.ContainsAny(words, "`[]\n") {
			t.Errorf("%s: the description is one paragraph of plain text: %q", document.Path, words)
		}
		if isIndex := document.Path == "docs/index.md"; isIndex != (front.Subcategory == nil) {
			t.Errorf("%s: the provider's page has no subcategory, and every other has one", document.Path)
		} else if !isIndex && *front.Subcategory != "" {
			t.Errorf("%s: so few pages need no subcategory %q", document.Path, *front.Subcategory)
		}
	}
	if pages < 10 {
		t.Errorf("only %d pages are found", pages)
	}
}

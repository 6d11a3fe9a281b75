// Package documents reads the repository's Markdown, so that tests can hold what stands in it: its code, its links, its headings.
package documents

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Document is a Markdown file, or a template of one.
type Document struct {
	Path     string // from the repository's root, with slashes
	Front    string // the YAML before the text, without its lines of dashes
	Blocks   []Block
	Headings []Heading
	Links    []Link
	Anchors  []string // what a link may name after a #, but for the headings
}

// Block is a block of code.
type Block struct {
	Line     int    // of its first line of code, from 1
	Language string // as the fence names it; empty where it names none, or where the block is only indented
	Code     string
	Mark     string // the comment directly before it, without the arrows
}

// Heading has its level, from 1, and its words.
type Heading struct {
	Line  int
	Level int
	Text  string
}

// Link is where a link or an image leads.
type Link struct {
	Line int
	To   string
}

// skipped are folders that hold no documents of ours: what is built, and what a test reads.
var skipped = []string{".git", ".cache", "bin", "dist", "testdata", "node_modules"}

// Read gives all documents of a repository: every file that ends in .md, or in .md.tmpl, from which one is made.
func Read(repository fs.FS) ([]Document, error) {
	var found []Document
	err := fs.WalkDir(repository, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(skipped, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".md") && !strings.HasSuffix(file, ".md.tmpl") {
			return nil
		}
		content, err := fs.ReadFile(repository, file)
		if err != nil {
			return err
		}
		document, err := parse(file, content)
		if err != nil {
			return err
		}
		found = append(found, document)
		return nil
	})
	return found, err
}

// parse reads one document.
func parse(name string, content []byte) (Document, error) {
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	document := Document{Path: name}
	start := 0
	if bytes.HasPrefix(content, []byte("---\n")) {
		front, _, closed := bytes.Cut(content[4:], []byte("\n---\n"))
		if !closed {
			return Document{}, fmt.Errorf("%s: its front matter has no end", name)
		}
		document.Front = string(front)
		start = 4 + len(front) + 5
	}
	body := content[start:]
	reader := reading{document: &document, source: body, above: bytes.Count(content[:start], []byte("\n"))}
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(body))
	err := ast.Walk(tree, reader.visit)
	return document, err
}

// made are the pages that are made from a template elsewhere than in templates/.
var made = map[string]string{"tools/bench/page.md.tmpl": "docs/performance/README.md"}

// Place is where the document stands for its readers: a template's is that of the page that is made from it.
func (d Document) Place() string {
	if page, is := strings.CutSuffix(d.Path, ".tmpl"); is && strings.HasPrefix(page, "templates/") {
		return path.Join("docs", strings.TrimPrefix(page, "templates/"))
	}
	if page, is := made[d.Path]; is {
		return page
	}
	return d.Path
}

// At names a place in the document, for a message.
func (d Document) At(line int) string {
	return fmt.Sprintf("%s:%d", d.Path, line)
}

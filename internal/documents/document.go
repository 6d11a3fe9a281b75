// Package documents parses the repository's Markdown files, so that tests can check their code, links and headings.
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
	Path        string // relative to the repository, with slashes
	FrontMatter string // YAML, without the --- lines before and after it
	Blocks      []Block
	Headings    []Heading
	Links       []Link
	Anchors     []string // IDs and names of HTML anchors, without those of headings
}

// Heading is a heading. Level is counted from 1, and Text has no markup.
type Heading struct {
	Line  int
	Level int
	Text  string
}

// Link is a link or an image. Text has no markup, and is "" for a URL in angle brackets.
type Link struct {
	Line   int
	Target string
	Text   string
}

// skippedFolders hold build results and test data.
var skippedFolders = []string{".git", ".cache", "bin", "dist", "testdata", "node_modules"}

// Read returns all documents of a repository. Documents are files whose names end in .md or .md.tmpl.
func Read(repository fs.FS) ([]Document, error) {
	var documents []Document
	err := fs.WalkDir(repository, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(skippedFolders, entry.Name()) {
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
		documents = append(documents, document)
		return nil
	})
	return documents, err
}

// parse parses one document.
func parse(file string, content []byte) (Document, error) {
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	document := Document{Path: file}
	start := 0
	if bytes.HasPrefix(content, []byte("---\n")) {
		front, _, ok := bytes.Cut(content[4:], []byte("\n---\n"))
		if !ok {
			return Document{}, fmt.Errorf("parse %s: front matter has no end", file)
		}
		document.FrontMatter = string(front)
		start = 4 + len(front) + 5
	}
	body := content[start:]
	p := parser{document: &document, source: body, linesBefore: bytes.Count(content[:start], []byte("\n"))}
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(body))
	err := ast.Walk(tree, p.visit)
	return document, err
}

// generatedPages maps templates outside templates/ to the pages generated from them.
var generatedPages = map[string]string{"tools/bench/page.md.tmpl": "docs/performance/README.md"}

// PublishedPath returns the path that the document's relative links are resolved against. For a template, it is the
// path of the generated page.
func (d Document) PublishedPath() string {
	if page, ok := strings.CutSuffix(d.Path, ".tmpl"); ok && strings.HasPrefix(page, "templates/") {
		return path.Join("docs", strings.TrimPrefix(page, "templates/"))
	}
	if page, ok := generatedPages[d.Path]; ok {
		return page
	}
	return d.Path
}

// At returns the path and the line number in the form path:line.
func (d Document) At(line int) string {
	return fmt.Sprintf("%s:%d", d.Path, line)
}

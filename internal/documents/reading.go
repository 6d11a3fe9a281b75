package documents

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// reading takes from a parsed document what is asked of it.
type reading struct {
	document *Document
	source   []byte
	above    int    // lines before the source
	comment  string // what stood directly before, where that was a comment
	line     int    // of the last block that was met, for what has no place of its own
}

var (
	wholeComment = regexp.MustCompile(`(?s)^<!--(.*)-->$`)
	htmlAnchor   = regexp.MustCompile(`<a\s+(?:id|name)="([^"]+)"`)
)

// visit is called for each node of the tree, before and after those below it.
func (r *reading) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	if node.Type() == ast.TypeBlock {
		if lines := node.Lines(); lines != nil && lines.Len() > 0 {
			r.line = r.lineOf(lines.At(0).Start)
		}
	}
	switch node := node.(type) {
	case *ast.FencedCodeBlock:
		r.block(node, string(node.Language(r.source)))
	case *ast.CodeBlock:
		r.block(node, "")
	case *ast.HTMLBlock:
		html := string(node.Lines().Value(r.source))
		if node.HasClosure() {
			html += string(node.ClosureLine.Value(r.source))
		}
		r.anchors(html)
		if found := wholeComment.FindStringSubmatch(strings.TrimSpace(html)); found != nil {
			r.comment = strings.TrimSpace(found[1])
			return ast.WalkContinue, nil
		}
	case *ast.RawHTML:
		r.anchors(string(node.Segments.Value(r.source)))
	case *ast.Heading:
		r.document.Headings = append(r.document.Headings, Heading{Line: r.line, Level: node.Level, Text: r.words(node)})
	case *ast.Link:
		r.document.Links = append(r.document.Links, Link{Line: r.line, To: string(node.Destination)})
	case *ast.Image:
		r.document.Links = append(r.document.Links, Link{Line: r.line, To: string(node.Destination)})
	case *ast.AutoLink:
		r.document.Links = append(r.document.Links, Link{Line: r.line, To: string(node.URL(r.source))})
	}
	if node.Type() == ast.TypeBlock {
		r.comment = ""
	}
	return ast.WalkContinue, nil
}

// block takes a block of code, and the comment before it as its mark.
func (r *reading) block(node ast.Node, language string) {
	r.document.Blocks = append(r.document.Blocks, Block{
		Line: r.line, Language: language, Code: string(node.Lines().Value(r.source)), Mark: r.comment,
	})
}

func (r *reading) anchors(html string) {
	for _, found := range htmlAnchor.FindAllStringSubmatch(html, -1) {
		r.document.Anchors = append(r.document.Anchors, found[1])
	}
}

// words are the text below a node, without its marks.
func (r *reading) words(node ast.Node) string {
	var words strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			words.Write(child.Segment.Value(r.source))
		case *ast.String:
			words.Write(child.Value)
		default:
			words.WriteString(r.words(child))
		}
	}
	return words.String()
}

func (r *reading) lineOf(offset int) int {
	return r.above + bytes.Count(r.source[:offset], []byte("\n")) + 1
}

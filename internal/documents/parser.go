package documents

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// parser collects the blocks, links and headings of one document from its syntax tree.
type parser struct {
	document    *Document
	source      []byte
	linesBefore int    // number of lines of front matter before the source
	comment     string // content of the last visited block if it was an HTML comment; otherwise ""
	line        int    // line number of the last visited block, because inline nodes have no line number
}

var (
	htmlComment = regexp.MustCompile(`(?s)^<!--(.*)-->$`)
	htmlAnchor  = regexp.MustCompile(`<a\s+(?:id|name)="([^"]+)"`)
)

// visit implements ast.Walker.
func (p *parser) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	if node.Type() == ast.TypeBlock {
		if lines := node.Lines(); lines != nil && lines.Len() > 0 {
			p.line = p.lineAt(lines.At(0).Start)
		}
	}
	switch node := node.(type) {
	case *ast.FencedCodeBlock:
		p.addBlock(node, string(node.Language(p.source)))
	case *ast.CodeBlock:
		p.addBlock(node, "")
	case *ast.HTMLBlock:
		html := string(node.Lines().Value(p.source))
		if node.HasClosure() {
			html += string(node.ClosureLine.Value(p.source))
		}
		p.addAnchors(html)
		if match := htmlComment.FindStringSubmatch(strings.TrimSpace(html)); match != nil {
			p.comment = strings.TrimSpace(match[1])
			return ast.WalkContinue, nil
		}
	case *ast.RawHTML:
		p.addAnchors(string(node.Segments.Value(p.source)))
	case *ast.Heading:
		heading := Heading{Line: p.line, Level: node.Level, Text: p.plainText(node)}
		p.document.Headings = append(p.document.Headings, heading)
	case *ast.Link:
		p.addLink(node, node.Destination)
	case *ast.Image:
		p.addLink(node, node.Destination)
	case *ast.AutoLink:
		p.addLink(node, node.URL(p.source))
	}
	if node.Type() == ast.TypeBlock {
		p.comment = ""
	}
	return ast.WalkContinue, nil
}

func (p *parser) addBlock(node ast.Node, language string) {
	p.document.Blocks = append(p.document.Blocks, Block{
		Line: p.line, Language: language, Code: string(node.Lines().Value(p.source)), Comment: p.comment,
	})
}

func (p *parser) addLink(node ast.Node, target []byte) {
	link := Link{Line: p.line, Target: string(target), Text: p.plainText(node)}
	p.document.Links = append(p.document.Links, link)
}

func (p *parser) addAnchors(html string) {
	for _, match := range htmlAnchor.FindAllStringSubmatch(html, -1) {
		p.document.Anchors = append(p.document.Anchors, match[1])
	}
}

// plainText returns the text below a node without markup.
func (p *parser) plainText(node ast.Node) string {
	var result strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			result.Write(child.Segment.Value(p.source))
			if child.SoftLineBreak() {
				result.WriteByte(' ')
			}
		case *ast.String:
			result.Write(child.Value)
		default:
			result.WriteString(p.plainText(child))
		}
	}
	return result.String()
}

func (p *parser) lineAt(offset int) int {
	return p.linesBefore + bytes.Count(p.source[:offset], []byte("\n")) + 1
}

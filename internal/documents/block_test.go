package documents

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// readRepository returns the documents of this repository.
func readRepository(t *testing.T) []Document {
	t.Helper()
	documents, err := Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) == 0 {
		t.Fatal("no documents")
	}
	return documents
}

// TestCodeBlocks checks that every code block has a fence and a language, and that JSON and YAML are valid.
// TestAccDocuments plans the HCL blocks.
func TestCodeBlocks(t *testing.T) {
	t.Parallel()
	for _, document := range readRepository(t) {
		content, err := os.ReadFile("../../" + document.Path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("<pre")) {
			t.Errorf("%s: code in HTML: use a fence", document.Path)
		}
		for _, block := range document.Blocks {
			for _, problem := range block.Problems() {
				t.Errorf("%s: %s", document.At(block.Line), problem)
			}
			var err error
			var value any
			switch block.Language {
			case "json":
				err = json.Unmarshal([]byte(block.Code), &value)
			case "yaml":
				err = yaml.Unmarshal([]byte(block.Code), &value)
			}
			if err != nil {
				t.Errorf("%s: %v", document.At(block.Line), err)
			}
		}
	}
}

// TestBlockProblems checks that Problems finds each problem, and that Block.Line is right.
func TestBlockProblems(t *testing.T) {
	t.Parallel()
	const (
		configuration = "data \"pai_images\" \"x\" {}\n"
		argument      = "```hcl\nname = \"x\"\n```\n"
		noLanguage    = "without a language"
		hidden        = "HCL in a block of language text"
		noEffect      = "has no effect"
	)
	for name, test := range map[string]struct{ document, want string }{
		"HCL":                     {document: "```hcl\n" + configuration + "```\n"},
		"not planned":             {document: "<!-- not planned: one argument -->\n" + argument},
		"not planned, empty line": {document: "<!-- not planned: one argument -->\n\n" + argument},
		"other comment":           {document: "<!-- signature -->\n```text\nf()\n```\n"},
		"output of a plan":        {document: "```text\n<= data \"pai_images\" \"x\" {\n```\n"},
		"no language":             {document: "```\n" + configuration + "```\n", want: noLanguage},
		"indented":                {document: "Text.\n\n    " + configuration, want: noLanguage},
		"in a list":               {document: "1. Text:\n\n   ```\n   " + configuration + "   ```\n", want: noLanguage},
		"in a quotation":          {document: "> ```text\n> " + configuration + "> ```\n", want: hidden},
		"indented HCL in text":    {document: "```text\nSo:\n  " + configuration + "```\n", want: hidden},
		"tildes":                  {document: "~~~text\n" + configuration + "~~~\n", want: hidden},
		"unsupported language":    {document: "```hlc\n" + configuration + "```\n", want: "unsupported language hlc"},
		"no reason":               {document: "<!-- not planned: -->\n" + argument, want: noEffect},
		"other comment, HCL":      {document: "<!-- skip: no -->\n" + argument, want: noEffect},
		"not planned, not HCL": {
			document: "<!-- not planned: shell -->\n```sh\nterraform plan\n```\n", want: "not HCL: remove it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content := "---\npage_title: x\n---\n\n" + test.document
			document, err := parse("x.md", []byte(content))
			if err != nil || len(document.Blocks) != 1 {
				t.Fatalf("got %d blocks, error %v; want one", len(document.Blocks), err)
			}
			block := document.Blocks[0]
			problems := strings.Join(block.Problems(), "; ")
			if test.want == "" && problems != "" || !strings.Contains(problems, test.want) {
				t.Errorf("got problems %q, want %q", problems, test.want)
			}
			line := strings.Split(content, "\n")[block.Line-1]
			if firstLine, _, _ := strings.Cut(block.Code, "\n"); !strings.Contains(line, firstLine) {
				t.Errorf("line %d is %q, want %q", block.Line, line, firstLine)
			}
		})
	}
}

package documents

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// read gives the documents of this repository.
func read(t *testing.T) []Document {
	t.Helper()
	found, err := Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 30 {
		t.Fatalf("only %d documents are found", len(found))
	}
	return found
}

// TestBlocks: code says its language, so that what is HCL is known to be, and data can be read. HCL itself is planned by
// TestAccDocuments in internal/provider/acctest.
func TestBlocks(t *testing.T) {
	t.Parallel()
	blocks := 0
	for _, document := range read(t) {
		if content, err := os.ReadFile("../../" + document.Path); err != nil || bytes.Contains(content, []byte("<pre")) {
			t.Errorf("%s has code in HTML, which nothing here reads: fence it (%v)", document.Path, err)
		}
		for _, block := range document.Blocks {
			blocks++
			for _, fault := range block.Faults() {
				t.Errorf("%s: %s", document.At(block.Line), fault)
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
	if blocks < 60 {
		t.Errorf("only %d blocks are found", blocks)
	}
}

// TestFaults: what is wrong with a block is found, wherever in a document it stands.
func TestFaults(t *testing.T) {
	t.Parallel()
	const configuration = "data \"pai_images\" \"x\" {}\n"
	for name, test := range map[string]struct{ document, wants string }{
		"planned":           {document: "```hcl\n" + configuration + "```\n"},
		"marked":            {document: "<!-- not planned: one argument -->\n```hcl\nname = \"x\"\n```\n"},
		"marked, and apart": {document: "<!-- not planned: one argument -->\n\n```hcl\nname = \"x\"\n```\n"},
		"comment":           {document: "<!-- signature -->\n```text\nf()\n```\n"},
		"output":            {document: "```text\n  # data.pai_images.x will be read\n<= data \"pai_images\" \"x\" {\n```\n"},
		"no language":       {document: "```\n" + configuration + "```\n", wants: "doesn't say its language"},
		"indented":          {document: "Text.\n\n    " + configuration, wants: "doesn't say its language"},
		"in a list":         {document: "1. Text:\n\n   ```\n   " + configuration + "   ```\n", wants: "doesn't say its language"},
		"in a quotation":    {document: "> ```text\n> " + configuration + "> ```\n", wants: "called text"},
		"HCL set in":        {document: "```text\nSo:\n  " + configuration + "```\n", wants: "called text"},
		"tildes":            {document: "~~~text\n" + configuration + "~~~\n", wants: "called text"},
		"other language":    {document: "```hlc\n" + configuration + "```\n", wants: "hlc is not one of"},
		"mark of no reason": {document: "<!-- not planned: -->\n```hcl\nname = \"x\"\n```\n", wants: "marks nothing"},
		"other mark":        {document: "<!-- skip: no -->\n```hcl\nname = \"x\"\n```\n", wants: "marks nothing"},
		"mark of no HCL":    {document: "<!-- not planned: it is a shell's -->\n```sh\nterraform plan\n```\n", wants: "only HCL is planned"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, err := parse("x.md", []byte("---\npage_title: x\n---\n\n"+test.document))
			if err != nil || len(document.Blocks) != 1 {
				t.Fatalf("%d blocks, %v", len(document.Blocks), err)
			}
			block := document.Blocks[0]
			if faults := strings.Join(block.Faults(), "; "); test.wants == "" && faults != "" || !strings.Contains(faults, test.wants) {
				t.Errorf("%q, wanted %q", faults, test.wants)
			}
			if line := strings.Split("---\npage_title: x\n---\n\n"+test.document, "\n")[block.Line-1]; !strings.Contains(line, strings.SplitN(block.Code, "\n", 2)[0]) {
				t.Errorf("line %d is %q", block.Line, line)
			}
		})
	}
}

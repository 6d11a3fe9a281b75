package acctest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/documents"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccDocuments plans every block of HCL in every document, unless it is an example, word for word: examples and guides are
// planned by tests of their own. What a block doesn't say is supplied: where the provider comes from, and who signs in.
func TestAccDocuments(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	all, err := documents.Read(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	planned := exampleTexts(t)
	examples := len(planned)
	formatted := t.TempDir()
	knowsFunctions := !cliIsOlder(t, functionsSince) // what doesn't can't even format their calls
	blocks := 0
	for _, document := range all {
		for _, block := range document.Blocks {
			if !block.IsHCL() {
				continue
			}
			blocks++
			where := document.At(block.Line)
			if !block.CallsFunctions() || knowsFunctions {
				writeFile(t, filepath.Join(formatted, fmt.Sprintf("%s.%d.tf", strings.ReplaceAll(document.Path, "/", "."), block.Line)), block.Code)
			}
			if key := strings.TrimSpace(block.Code); !planned[key] {
				planned[key] = true
				t.Run(where, func(t *testing.T) {
					t.Parallel()
					planBlock(t, block)
				})
			}
		}
	}
	if blocks < 50 || len(planned) == examples {
		t.Errorf("%d blocks, of which %d are no example", blocks, len(planned)-examples)
	}
	if output, err := runCLI(t, formatted, nil, "fmt", "-check", "-diff", "-no-color"); err != nil {
		t.Errorf("terraform fmt would change a block: the file's name is the document's, with the line\n%s", output)
	}
}

// planBlock plans a block, which must work if it isn't marked, and not if it is: a mark that isn't needed hides the next mistake.
func planBlock(t *testing.T, block documents.Block) {
	t.Helper()
	if block.CallsFunctions() {
		needsFunctions(t)
	}
	sandbox := providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "main.tf"), block.Code)
	if !strings.Contains(block.Code, "required_providers") {
		writeFile(t, filepath.Join(folder, "versions.tf"), requiredProviders)
	}
	var output string
	var err error
	for _, command := range [][]string{{"init", "-no-color", "-input=false"}, {"validate", "-no-color"}, {"plan", "-no-color", "-input=false"}} {
		if output, err = runCLI(t, folder, sandbox.Environ(), command...); err != nil {
			break
		}
	}
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Fatal(err)
	case block.NotPlannedReason() == "" && err != nil:
		t.Errorf("the block can't be planned; mend it, or say before it why not: <!-- not planned: REASON -->\n%s", output)
	case block.NotPlannedReason() == "" && strings.Contains(output, "Warning"):
		t.Errorf("the plan warns: %s", output)
	case block.NotPlannedReason() != "" && err == nil:
		t.Errorf("it is marked as not planned (%s), and can be", block.NotPlannedReason())
	}
}

// exampleTexts are the examples' files, each planned by TestAccExamples or by a guide's test.
func exampleTexts(t *testing.T) map[string]bool {
	t.Helper()
	texts := make(map[string]bool)
	examples := os.DirFS(filepath.Join(root, "examples"))
	err := fs.WalkDir(examples, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".tf") && !strings.HasSuffix(file, ".tftest.hcl") {
			return err
		}
		content, err := fs.ReadFile(examples, file)
		texts[strings.TrimSpace(string(content))] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestAccFirstBlocks: what the provider's page and README show first works when it is pasted into an empty folder, with nothing
// else than the environment that the sandbox prints.
func TestAccFirstBlocks(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	all, err := documents.Read(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, document := range all {
		if document.Path != "docs/index.md" && document.Path != "README.md" {
			continue
		}
		seen++
		t.Run(document.Path, func(t *testing.T) {
			t.Parallel()
			first := document.Blocks[0]
			before := 0
			for _, heading := range document.Headings {
				if heading.Line < first.Line {
					before++
				}
			}
			if !first.IsHCL() || before > 2 { // the title, and the one that says that it is an example
				t.Errorf("it doesn't open with a configuration, but with %d headings and %s", before, first.Language)
			}
			wantOutput(t, first.Code, "required_providers", `provider "pai"`, `data "pai_image`)
			sandbox := providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
			folder := t.TempDir()
			writeFile(t, filepath.Join(folder, "main.tf"), first.Code)
			mustRunCLI(t, folder, sandbox, "init", "-no-color")
			wantOutput(t, mustRunCLI(t, folder, sandbox, "plan", "-no-color"), "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.")
			if len(sandbox.Requests()) == 0 {
				t.Error("nothing was looked up")
			}
		})
	}
	if seen != 2 {
		t.Errorf("%d of the two documents are there", seen)
	}
}

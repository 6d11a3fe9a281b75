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

// TestAccDocuments checks the format of every HCL block in the documents, and plans it with the sandbox's credentials.
// If a block has no required_providers block, the test adds one. It doesn't plan blocks that repeat a file under
// examples, because TestAccExamples and TestAccGuides plan these files.
func TestAccDocuments(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	all, err := documents.Read(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	seen := readExamples(t)
	examples := len(seen)
	formatted := t.TempDir()
	functions := !mustReadCLIVersion(t).before(functionsSince)
	for _, document := range all {
		for _, block := range document.Blocks {
			if !block.IsHCL() {
				continue
			}
			if !block.CallsFunctions() || functions { // the CLI's fmt can parse calls only if it supports functions
				name := fmt.Sprintf("%s.%d.tf", strings.ReplaceAll(document.Path, "/", "."), block.Line)
				writeFile(t, filepath.Join(formatted, name), block.Code)
			}
			if key := strings.TrimSpace(block.Code); !seen[key] {
				seen[key] = true
				t.Run(document.At(block.Line), func(t *testing.T) {
					t.Parallel()
					planBlock(t, block)
				})
			}
		}
	}
	if len(seen) == examples {
		t.Error("no document has an HCL block of its own")
	}
	if output, err := runCLI(t, formatted, nil, "fmt", "-check", "-diff", "-no-color"); err != nil {
		t.Errorf("blocks are not formatted (file names are document and line): %s\n%s", err, output)
	}
}

// planBlock plans a block, and fails the test if the plan prints an error or a warning. The plan of a block that is
// marked as not planned must fail. Otherwise the mark is not needed, and could hide a later mistake.
func planBlock(t *testing.T, block documents.Block) {
	t.Helper()
	if block.CallsFunctions() {
		needsFunctions(t)
	}
	sandbox := providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
	folder := t.TempDir()
	writeConfiguration(t, folder, block.Code)
	var output string
	var err error
	for _, command := range [][]string{
		{"init", "-no-color", "-input=false"}, {"validate", "-no-color"}, {"plan", "-no-color", "-input=false"},
	} {
		if output, err = runCLI(t, folder, sandbox.RegionalEnviron(), command...); err != nil {
			break
		}
	}
	var exit *exec.ExitError
	reason := block.NotPlannedReason()
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Fatal(err)
	case reason == "" && err != nil:
		t.Errorf("plan failed; fix the block, or write the reason before it: <!-- not planned: REASON -->\n%s", output)
	case reason == "" && strings.Contains(output, "Warning"):
		t.Errorf("plan printed a warning:\n%s", output)
	case reason != "" && err == nil:
		t.Errorf("plan succeeded, but the block is marked as not planned (%s): remove the comment", reason)
	}
}

// writeConfiguration writes main.tf, and a file with a required_providers block if main.tf has none.
func writeConfiguration(t *testing.T, folder, configuration string) {
	t.Helper()
	writeFile(t, filepath.Join(folder, "main.tf"), configuration)
	if !strings.Contains(configuration, "required_providers") {
		writeFile(t, filepath.Join(folder, "versions.tf"), requiredProviders)
	}
}

// readExamples returns a set of the configurations and tests under examples, with whitespace trimmed.
func readExamples(t *testing.T) map[string]bool {
	t.Helper()
	contents := make(map[string]bool)
	examples := os.DirFS(filepath.Join(root, "examples"))
	err := fs.WalkDir(examples, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".tf") && !strings.HasSuffix(file, ".tftest.hcl") {
			return err
		}
		content, err := fs.ReadFile(examples, file)
		contents[strings.TrimSpace(string(content))] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// TestAccFirstBlocks plans the first code block of README and of the provider's page, each in an empty folder and only
// with the sandbox's variables. At most two headings may precede the block in its document.
func TestAccFirstBlocks(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	all, err := documents.Read(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	byPath := make(map[string]documents.Document)
	for _, document := range all {
		byPath[document.Path] = document
	}
	for _, path := range []string{"docs/index.md", "README.md"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			document := byPath[path]
			if len(document.Blocks) == 0 {
				t.Fatal("no blocks")
			}
			first := document.Blocks[0]
			before := 0
			for _, heading := range document.Headings {
				if heading.Line < first.Line {
					before++
				}
			}
			if !first.IsHCL() || before > 2 { // the title and the example's heading
				t.Errorf("first block is %q after %d headings, want HCL after at most 2", first.Language, before)
			}
			wantOutput(t, first.Code, "required_providers", `provider "pai"`, `data "pai_image`)
			sandbox := providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
			folder := t.TempDir()
			writeFile(t, filepath.Join(folder, "main.tf"), first.Code)
			mustRunCLI(t, folder, sandbox, "init", "-no-color")
			wantOutput(t, mustRunCLI(t, folder, sandbox, "plan", "-no-color"),
				"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.")
			if len(sandbox.Requests()) == 0 {
				t.Error("plan sent no request")
			}
		})
	}
}

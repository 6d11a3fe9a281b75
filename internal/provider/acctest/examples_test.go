package acctest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccExamples plans every example as it stands. Guides have tests of their own.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	examples := 0
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(file string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && entry.Name() == "guides" {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".tf" {
			return err
		}
		examples++
		t.Run(strings.TrimPrefix(file, root+"/examples/"), func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
			folder := t.TempDir()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(content), "provider::") {
				needsFunctions(t)
			}
			writeFile(t, filepath.Join(folder, "main.tf"), string(content))
			if !strings.Contains(string(content), "required_providers") {
				writeFile(t, filepath.Join(folder, "versions.tf"), requiredProviders)
			}
			mustRunCLI(t, folder, sandbox, "init", "-no-color")
			output := mustRunCLI(t, folder, sandbox, "plan", "-no-color")
			if strings.Contains(output, "Warning") {
				t.Errorf("plan warns: %s", output)
			}
			if strings.Contains(string(content), "data \"pai_") && len(sandbox.Requests()) == 0 {
				t.Error("nothing was looked up")
			}
		})
		return nil
	})
	if err != nil || examples < 5 {
		t.Errorf("%d examples, %v", examples, err)
	}
}

// TestExamplesSetEveryArgument checks that the examples of pai_image set every argument.
func TestExamplesSetEveryArgument(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root + "/examples/data-sources/pai_image/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(content)
	}
	for _, attribute := range newTerraform(t).Schemas.DataSourceSchemas["pai_image"].Block.Attributes {
		if name := attribute.Name; attribute.Optional && name != "timeouts" && !regexp.MustCompile(`(?m)^  `+name+` += `).MatchString(shown.String()) {
			t.Errorf("no example sets %s", name)
		}
	}
}

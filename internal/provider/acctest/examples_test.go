package acctest

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccExamples plans every example, except those of the guides, which TestAccGuides checks.
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
			planExample(t, file)
		})
		return nil
	})
	if err != nil || examples == 0 {
		t.Errorf("found %d examples: %v", examples, err)
	}
}

// planExample plans a file, and checks that the plan prints no warning. If the file has a data source, the plan must
// send a request.
func planExample(t *testing.T, file string) {
	t.Helper()
	configuration := readFile(t, file)
	if strings.Contains(configuration, "provider::") {
		needsFunctions(t)
	}
	// Lists of images without a valid creation time have a warning.
	catalogue := paisandbox.InRegion(paisandbox.Catalogue(), paisandbox.DefaultRegion)
	catalogue = slices.DeleteFunc(catalogue, func(image paisandbox.Image) bool {
		_, ok := pai.ParseTime(image.GmtCreateTime.Or(""))
		return !ok
	})
	sandbox := providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion, Catalogue: catalogue})
	folder := t.TempDir()
	writeConfiguration(t, folder, configuration)
	mustRunCLI(t, folder, sandbox, "init", "-no-color")
	output, err := runCLI(t, folder, environAnyRegion(sandbox), "plan", "-no-color")
	if err != nil || strings.Contains(output, "Warning") {
		t.Errorf("plan failed or printed a warning: %v\n%s", err, output)
	}
	if strings.Contains(configuration, "data \"pai_") && len(sandbox.Requests()) == 0 {
		t.Error("plan sent no request")
	}
}

// TestExamplesSetEveryArgument checks that the examples of each data source set each of its arguments, except timeouts.
// It skips pai_images, most of whose arguments are also arguments of pai_image.
func TestExamplesSetEveryArgument(t *testing.T) {
	t.Parallel()
	for dataSource, schema := range newTerraform(t).Schemas.DataSourceSchemas {
		if dataSource == "pai_images" {
			continue
		}
		files, err := filepath.Glob(root + "/examples/data-sources/" + dataSource + "/*.tf")
		if err != nil {
			t.Fatal(err)
		}
		var examples strings.Builder
		for _, file := range files {
			examples.WriteString(readFile(t, file))
		}
		for _, attribute := range schema.Block.Attributes {
			name := attribute.Name
			if !attribute.Optional || name == "timeouts" {
				continue
			}
			if !regexp.MustCompile(`(?m)^  ` + name + ` += `).MatchString(examples.String()) {
				t.Errorf("no example of %s sets %s", dataSource, name)
			}
		}
	}
}

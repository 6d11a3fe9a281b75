package acctest

import (
	"io/fs"
	"maps"
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
	catalogue := slices.DeleteFunc(paisandbox.Catalogue(), func(image paisandbox.Image) bool {
		_, ok := pai.ParseTime(image.GmtCreateTime.Or(""))
		return !ok
	})
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: catalogue})
	folder := t.TempDir()
	writeConfiguration(t, folder, configuration)
	mustRunCLI(t, folder, sandbox, "init", "-no-color")
	output, err := runCLI(t, folder, sandbox.RegionalEnviron(), "plan", "-no-color")
	if err != nil || strings.Contains(output, "Warning") {
		t.Errorf("plan failed or printed a warning: %v\n%s", err, output)
	}
	if strings.Contains(configuration, "data \"pai_") && len(sandbox.Requests()) == 0 {
		t.Error("plan sent no request")
	}
}

// guideFilters plans each file of the guide on its own, as each is an example of one filter.
func guideFilters(t *testing.T) {
	t.Helper()
	checkPyTorchRepositories(t, readGuidePage(t, "filters"))
	files, err := filepath.Glob(root + "/examples/guides/filters/*.tf")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			planExample(t, file)
		})
	}
}

// checkPyTorchRepositories checks that the guide's table of repositories with PyTorch lists those of the sandbox's
// images for training jobs, and that the tag in each row is that of such an image in the row's first repository.
func checkPyTorchRepositories(t *testing.T, page *guidePage) {
	t.Helper()
	tags := make(map[string][]string) // by repository
	for _, image := range paisandbox.Catalogue() {
		labels := image.Labels.Or(nil)
		if slices.Contains(labels, paisandbox.L("system.official", "true")) &&
			slices.Contains(labels, paisandbox.L("system.supported.dlc", "true")) &&
			slices.ContainsFunc(labels, func(l paisandbox.Label) bool { return l.Key == "system.framework.PyTorch" }) {
			repository, tag, _ := strings.Cut(image.Name.Or(""), ":")
			tags[repository] = append(tags[repository], tag)
		}
	}
	_, table, _ := strings.Cut(page.content, "### Repositories with PyTorch\n")
	table, _, _ = strings.Cut(table, "\n#")
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[a-z].*?) \\|.*\\| `(.+)` \\|$").FindAllStringSubmatch(table, -1) {
		repositories := strings.Split(strings.ReplaceAll(row[1], "`", ""), ", ")
		listed = append(listed, repositories...)
		if !slices.Contains(tags[repositories[0]], row[2]) {
			t.Errorf("no image for training jobs with PyTorch is named %s:%s", repositories[0], row[2])
		}
	}
	slices.Sort(listed)
	if want := slices.Sorted(maps.Keys(tags)); !slices.Equal(listed, want) {
		t.Errorf("the table lists the repositories %q, want %q", listed, want)
	}
}

// TestExamplesSetEveryArgument checks that the examples and guides set each argument of each data source, except
// timeouts. It skips pai_images, most of whose arguments are also arguments of pai_image.
func TestExamplesSetEveryArgument(t *testing.T) {
	t.Parallel()
	for dataSource, schema := range newTerraform(t).Schemas.DataSourceSchemas {
		if dataSource == "pai_images" {
			continue
		}
		block := regexp.MustCompile(`(?ms)^data "` + dataSource + `" ".*?^}`)
		var blocks strings.Builder
		for example := range readExamples(t) {
			for _, match := range block.FindAllString(example, -1) {
				blocks.WriteString(match + "\n")
			}
		}
		for _, attribute := range schema.Block.Attributes {
			name := attribute.Name
			if !attribute.Optional || name == "timeouts" {
				continue
			}
			if !regexp.MustCompile(`(?m)^  ` + name + ` += `).MatchString(blocks.String()) {
				t.Errorf("no example of %s sets %s", dataSource, name)
			}
		}
	}
}

// TestPagesDescribeEveryAttribute checks that the page of each data source has one line for each attribute of its
// schema, and that its results name the arguments that are also attributes of the item. The templates group the lines,
// so a new attribute is missing until a group names it.
func TestPagesDescribeEveryAttribute(t *testing.T) {
	t.Parallel()
	for dataSource, schema := range newTerraform(t).Schemas.DataSourceSchemas {
		page := readFile(t, root+"/docs/data-sources/"+strings.TrimPrefix(dataSource, "pai_")+".md")
		_, results, _ := strings.Cut(page, "\n### Read-Only\n")
		for _, attribute := range schema.Block.Attributes {
			if got := strings.Count(page, "\n- `"+attribute.Name+"` ("); got != 1 {
				t.Errorf("page of %s has %d lines for %s, want 1", dataSource, got, attribute.Name)
			}
			computed := attribute.Optional && attribute.Computed && attribute.Name != "region"
			if computed && !strings.Contains(results, "`"+attribute.Name+"`") {
				t.Errorf("results of %s don't name the argument %s, which is computed if omitted", dataSource, attribute.Name)
			}
		}
	}
}

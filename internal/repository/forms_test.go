package repository

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// form is an issue form, with all that the ones here use: what isn't known is an error, as it is to GitHub.
type form struct {
	Name, Description string
	Labels            []string
	Body              []struct {
		Type, ID   string
		Attributes struct {
			Label, Description, Placeholder, Value, Render string
			Options                                        []struct {
				Label    string
				Required bool
			}
		}
		Validations struct{ Required bool }
	}
}

// TestIssueForms: the forms are such as GitHub takes, and that for faults asks for all that a first answer would ask for.
func TestIssueForms(t *testing.T) {
	t.Parallel()
	const chooser = ".github/ISSUE_TEMPLATE/config.yml"
	var config struct {
		Blank *bool `yaml:"blank_issues_enabled"`
	}
	strictYAML(t, chooser, &config)
	if config.Blank == nil || *config.Blank {
		t.Errorf("%s lets issues begin blank", chooser)
	}
	required := make(map[string][]string) // by form
	for _, file := range glob(t, ".github/ISSUE_TEMPLATE/*") {
		if file == chooser {
			continue
		}
		var form form
		strictYAML(t, file, &form)
		if form.Name == "" || form.Description == "" || len(form.Labels) == 0 {
			t.Errorf("%s lacks a name, a description or a label: %q, %q, %q", file, form.Name, form.Description, form.Labels)
		}
		seen := make(map[string]bool)
		for _, field := range form.Body {
			about := field.Attributes
			switch field.Type {
			case "markdown":
				if about.Value == "" {
					t.Errorf("%s has a text that says nothing", file)
				}
				continue
			case "input", "textarea":
			case "checkboxes":
				field.Validations.Required = len(about.Options) > 0 && about.Options[0].Required
			default:
				t.Errorf("%s has a %q, which is none of those that are used here", file, field.Type)
			}
			if field.ID == "" || seen[field.ID] || about.Label == "" {
				t.Errorf("%s: the %s %q has no id of its own, or no label", file, field.Type, field.ID)
			}
			seen[field.ID] = true
			if about.Render == "hcl" && about.Placeholder != "" {
				t.Errorf("%s: %q has HCL in it that nothing would plan", file, field.ID)
			}
			if field.Validations.Required {
				required[filepath.Base(file)] = append(required[filepath.Base(file)], field.ID)
			}
		}
		for _, link := range regexp.MustCompile(`\.\./blob/HEAD/([^)\s]+)`).FindAllStringSubmatch(read(t, file), -1) {
			if _, err := os.Stat(link[1]); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
		variables := regexp.MustCompile(`TF_LOG_PROVIDER\w*`)
		for _, variable := range variables.FindAllString(read(t, file), -1) {
			if !slices.Contains(variables.FindAllString(read(t, "docs/index.md"), -1), variable) {
				t.Errorf("%s names %s, of which docs/index.md says nothing", file, variable)
			}
		}
	}
	for _, asked := range []string{"provider", "cli", "region", "configuration", "expected", "happened", "log", "secrets"} {
		if !slices.Contains(required["bug.yml"], asked) {
			t.Errorf("bug.yml does not require %s, but %v", asked, required["bug.yml"])
		}
	}
	if len(required) < 2 {
		t.Errorf("only the forms %v ask for anything", required)
	}
}

// TestPullRequestTemplate: what it asks to run is there.
func TestPullRequestTemplate(t *testing.T) {
	t.Parallel()
	const file = ".github/PULL_REQUEST_TEMPLATE.md"
	if checkTargets(t, file, regexp.MustCompile("`make ([^ `]+)"), read(t, file)) == 0 {
		t.Errorf("%s names no make target", file)
	}
}

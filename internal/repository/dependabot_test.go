package repository

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDependabot: every Go module is looked after but the two that pin the lowest engines on purpose, and every tool by its name, for
// its module calls it indirect. So are the actions.
func TestDependabot(t *testing.T) {
	t.Parallel()
	var config struct {
		Version int
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directories []string
			Schedule    struct{ Interval string }
			Allow       []struct {
				Name string `yaml:"dependency-name"`
				Type string `yaml:"dependency-type"`
			}
		}
	}
	parseYAML(t, ".github/dependabot.yml", &config)
	looked := make(map[string][]string) // by ecosystem: folders
	for _, update := range config.Updates {
		looked[update.Ecosystem] = append(looked[update.Ecosystem], update.Directories...)
		if update.Schedule.Interval == "" {
			t.Errorf("%s of %v has no schedule", update.Ecosystem, update.Directories)
		}
		if update.Ecosystem != "gomod" {
			continue
		}
		var tools, allowed []string
		for _, folder := range update.Directories {
			tools = append(tools, parseModule(t, "."+folder).tools()...)
		}
		for _, allow := range update.Allow {
			allowed = append(allowed, allow.Name)
			if allow.Type != "all" {
				t.Errorf("%s is allowed as %q: a tool is indirect", allow.Name, allow.Type)
			}
		}
		sameElements(t, "the tools allowed", allowed, tools)
	}
	if config.Version != 2 || len(looked) != 2 {
		t.Errorf("version %d looks after %v", config.Version, looked)
	}

	var modules []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Name() == "go.mod" && !strings.HasSuffix(filepath.Dir(file), "-lowest"):
			modules = append(modules, folder(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sameElements(t, "the folders of modules", looked["gomod"], modules)
	actions := []string{"/"} // which stands for .github/workflows
	for _, file := range glob(t, ".github/actions/*/action.yml") {
		actions = append(actions, folder(file))
	}
	sameElements(t, "the folders of actions", looked["github-actions"], actions)
}

// folder is where a file stands, as Dependabot writes it.
func folder(file string) string {
	return filepath.ToSlash(filepath.Join("/", filepath.Dir(file)))
}

func sameElements(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("%s are %q, and should be %q", what, got, want)
	}
}

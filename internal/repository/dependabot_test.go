package repository

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDependabot checks that Dependabot updates every module and every action. It must not update the modules
// tools/*-lowest, because they pin the lowest supported CLIs. The configuration must name the module of each tool,
// because go.mod lists it as indirect.
func TestDependabot(t *testing.T) {
	t.Parallel()
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directories []string
			Allow       []struct {
				Name string `yaml:"dependency-name"`
				Type string `yaml:"dependency-type"`
			}
		}
	}
	parseYAML(t, ".github/dependabot.yml", &config)
	directories := make(map[string][]string) // by ecosystem
	for _, update := range config.Updates {
		directories[update.Ecosystem] = append(directories[update.Ecosystem], update.Directories...)
		if update.Ecosystem != "gomod" {
			continue
		}
		var tools, allowed []string
		for _, directory := range update.Directories {
			tools = append(tools, parseModule(t, "."+directory).tools()...)
		}
		for _, allow := range update.Allow {
			allowed = append(allowed, allow.Name)
			if allow.Type != "all" {
				t.Errorf("%s: got dependency-type %q, want all: a tool is an indirect dependency", allow.Name, allow.Type)
			}
		}
		compareSets(t, "allowed tools", allowed, tools)
	}

	var modules []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Name() == "go.mod" && !strings.HasSuffix(filepath.Dir(file), "-lowest"):
			modules = append(modules, dependabotDirectory(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	compareSets(t, "directories of modules", directories["gomod"], modules)
	actions := []string{"/"} // .github/workflows
	for _, file := range glob(t, ".github/actions/*/action.yml") {
		actions = append(actions, dependabotDirectory(file))
	}
	compareSets(t, "directories of actions", directories["github-actions"], actions)
}

// dependabotDirectory returns the folder of a file in the form that Dependabot's configuration uses.
func dependabotDirectory(file string) string {
	return filepath.ToSlash(filepath.Join("/", filepath.Dir(file)))
}

func compareSets(t *testing.T, name string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if want = slices.Compact(want); !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
}

package repository

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestHooks: each hook of pre-commit is a make target that is there, is fetched from nowhere, and looks at files that there are. All
// tests run before a push.
func TestHooks(t *testing.T) {
	t.Parallel()
	const file = ".pre-commit-config.yaml"
	var config struct {
		Minimum string   `yaml:"minimum_pre_commit_version"`
		Types   []string `yaml:"default_install_hook_types"`
		Stages  []string `yaml:"default_stages"`
		Repos   []struct {
			Repo  string
			Hooks []struct {
				ID, Name, Entry, Language, Files string
				PassFilenames                    *bool `yaml:"pass_filenames"`
				AlwaysRun                        bool  `yaml:"always_run"`
				Stages                           []string
			}
		}
	}
	strictYAML(t, file, &config)
	there := filesHere(t)
	tested := false
	for _, repository := range config.Repos {
		if repository.Repo != "local" {
			t.Errorf("%s fetches hooks from %s", file, repository.Repo)
		}
		for _, hook := range repository.Hooks {
			if hook.Language != "system" || hook.PassFilenames == nil || *hook.PassFilenames || hook.Name == "" {
				t.Errorf("%s: %s is more than a target that is made", file, hook.ID)
			}
			if checkTargets(t, file, regexp.MustCompile(`^make (\S+)$`), hook.Entry) != 1 {
				t.Errorf("%s: %s runs %q, which is no make target", file, hook.ID, hook.Entry)
			}
			looks := regexp.MustCompile(hook.Files)
			if hook.AlwaysRun == (hook.Files != "") || !slices.ContainsFunc(there, looks.MatchString) {
				t.Errorf("%s: %s looks at %q, which is no file", file, hook.ID, hook.Files)
			}
			tested = tested || hook.Entry == "make test" && hook.AlwaysRun && slices.Equal(hook.Stages, []string{"pre-push"})
			for _, stage := range slices.Concat(hook.Stages, config.Stages) {
				if !slices.Contains(config.Types, stage) {
					t.Errorf("%s: nothing installs the stage %s of %s", file, stage, hook.ID)
				}
			}
		}
	}
	if !tested {
		t.Errorf("%s: nothing tests before a push", file)
	}
}

// filesHere are the files of the repository, but for what is built.
func filesHere(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains([]string{".git", ".cache", "bin", "dist"}, file) {
			return fs.SkipDir
		}
		files = append(files, filepath.ToSlash(file))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

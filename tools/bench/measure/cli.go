package measure

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/build"
)

// CLI is a Terraform or an OpenTofu.
type CLI struct {
	path    string
	Command string // terraform or tofu
	Version string // as it names itself: Terraform v1.11.4
}

// FindCLI asks a program which CLI it is.
func FindCLI(ctx context.Context, path string) (CLI, error) {
	said, err := run(ctx, "", environment(""), path, "version")
	if err != nil {
		return CLI{}, err
	}
	version, _, _ := strings.Cut(said, "\n")
	command, known := map[string]string{"Terraform": "terraform", "OpenTofu": "tofu"}[strings.Fields(version + " ?")[0]]
	if !known {
		return CLI{}, fmt.Errorf("%s is neither Terraform nor OpenTofu: it calls itself %q", path, version)
	}
	return CLI{path: path, Command: command, Version: version}, nil
}

// environment is all that a CLI gets: nothing of the caller's own but the way to programs.
func environment(home string, more ...string) []string {
	return slices.Concat([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
	}, more)
}

// address is that of every provider in a bench, ours or the floor: nobody's, whatever the provider's own is.
const address = "bench.local/pai/pai"

// workplace is a folder with a configuration, and a provider from a mirror in it. `init` is done.
type workplace struct {
	cli         CLI
	folder      string
	environment []string
}

// workplace makes one. The configuration stands below the block that names the provider.
func (b *Bench) workplace(ctx context.Context, cli CLI, name, provider, configuration string, env []string) (*workplace, error) {
	folder, err := os.MkdirTemp(b.Work, name+"-")
	if err != nil {
		return nil, err
	}
	plugins := filepath.Join(folder, "plugins")
	target := filepath.Join(plugins, filepath.FromSlash(address), build.Version, runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(target, 0o750); err != nil {
		return nil, err
	}
	if err := os.Link(provider, filepath.Join(target, "terraform-provider-pai_v"+build.Version)); err != nil {
		return nil, err
	}
	settings := filepath.Join(folder, "terraformrc")
	for file, text := range map[string]string{
		settings: fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", plugins),
		filepath.Join(folder, "main.tf"): fmt.Sprintf(
			"terraform {\n  required_providers {\n    pai = {\n      source = %q\n    }\n  }\n}\n", address) + configuration,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	w := &workplace{cli: cli, folder: folder, environment: environment(folder, append(env, "TF_CLI_CONFIG_FILE="+settings)...)}
	_, err = run(ctx, folder, w.environment, cli.path, "init", "-input=false", "-no-color")
	return w, err
}

// plan runs a whole plan, and gives the seconds that it took. What it prints must show that it did what is measured.
func (w *workplace) plan(ctx context.Context, shows *regexp.Regexp, more ...string) (float64, error) {
	begun := time.Now()
	said, err := run(ctx, w.folder, slices.Concat(w.environment, more), w.cli.path, "plan", "-input=false", "-no-color")
	took := time.Since(begun).Seconds()
	if err == nil && !shows.MatchString(said) {
		err = fmt.Errorf("%s plan does not show %s:\n%s", w.cli.Command, shows, said)
	}
	return took, err
}

package measure

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// run runs a program and gives what it printed; in an error that is all of it.
func run(ctx context.Context, folder string, environment []string, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // running programs is what this is for
	command.Dir, command.Env = folder, environment
	interruptible(command)
	var printed, complained bytes.Buffer
	command.Stdout, command.Stderr = &printed, &complained
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(program), strings.Join(arguments, " "), err, printed.String(), complained.String())
	}
	return printed.String(), nil
}

// interruptible ends a command as Ctrl-C does: a CLI that is killed leaves its provider behind.
func interruptible(command *exec.Cmd) {
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
}

// goCommand runs Go in a folder, with nothing of the caller's Go settings, and without a C compiler: as releases are built.
func goCommand(ctx context.Context, folder string, arguments ...string) (string, error) {
	environment := append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	return run(ctx, folder, environment, "go", arguments...)
}

// programs are the providers that are measured, all built alike.
type programs struct {
	ours, floor, empty string
}

var releaseFlags = []string{"build", "-trimpath", "-ldflags", "-s -w"}

// Build builds the providers.
func (b *Bench) Build(ctx context.Context) error {
	b.Say("Building the provider, the floor and the empty provider")
	b.programs = programs{
		ours: filepath.Join(b.Work, "ours"), floor: filepath.Join(b.Work, "floor"), empty: filepath.Join(b.Work, "empty"),
	}
	bench := filepath.Join(b.Root, "tools", "bench")
	for _, program := range []struct{ binary, folder, from string }{
		{b.programs.ours, b.Root, "."},
		{b.programs.floor, bench, "./floor"},
		{b.programs.empty, bench, "./empty"},
	} {
		if _, err := goCommand(ctx, program.folder, slices.Concat(releaseFlags, []string{"-o", program.binary, program.from})...); err != nil {
			return err
		}
	}
	return nil
}

// Root is the checkout in whose tools/bench this runs.
func Root(ctx context.Context) (string, error) {
	folder, err := goCommand(ctx, "", "list", "-m", "-f", "{{.Dir}}", "terraform.local/pai/terraform-provider-pai")
	return strings.TrimSpace(folder), err
}

// Revision is the commit that is measured, and whether there are changes beside it.
func (b *Bench) Revision(ctx context.Context) (string, error) {
	// The checkout may belong to another user, as in many CI containers.
	said, err := run(ctx, b.Root, os.Environ(), "git", "-c", "safe.directory="+b.Root, "describe", "--always", "--dirty", "--exclude", "*")
	return strings.Replace(strings.TrimSpace(said), "-dirty", " with changes", 1), err
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// maxDuration limits the time of a run.
const maxDuration = 5 * time.Minute

// settings are the flags.
type settings struct{ region, folder string }

// run runs the program and returns its exit code.
func run(ctx context.Context, args []string, env signin.Env, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("live", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.region, "region", "", "`region` to check; by default, that of the environment or the profile")
	flags.StringVar(&s.folder, "out", "dist/live", "`folder` for report.md and catalogue.json")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "live: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	}
	ctx, cancel := context.WithTimeout(ctx, maxDuration)
	defer cancel()
	if err := check(ctx, s, env, stdout, stderr); err != nil {
		_, _ = fmt.Fprintf(stderr, "live: %v\n", err)
		return exitError
	}
	return exitOK
}

// check signs in, runs the probes, prints the report and writes the files. It writes no file if ctx ends before.
func check(ctx context.Context, s settings, env signin.Env, stdout, stderr io.Writer) error {
	session, warnings, err := signIn(s.region, env)
	if err != nil {
		return err
	}
	for _, warning := range warnings {
		_, _ = fmt.Fprintf(stderr, "live: warning: %s: %s\n", warning.Summary, warning.Detail)
	}
	if err := session.collect(ctx); err != nil {
		return fmt.Errorf("list the official images: %w", err)
	}
	rows, err := session.runProbes(ctx)
	if err != nil {
		return err
	}
	catalogue, err := encodeCatalogue(session.published())
	if err != nil {
		return err
	}
	report := formatReport(rows, session)
	if err := os.MkdirAll(s.folder, 0o750); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"report.md": []byte(report), "catalogue.json": catalogue} {
		if err := os.WriteFile(filepath.Join(s.folder, name), content, 0o600); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(stdout, "%s\nThe report and the catalogue are in %s.\n", report, s.folder)
	return err
}

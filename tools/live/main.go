// Command live compares the image API of PAI with what the provider assumes about it. It runs with any account, sends
// at most 60 requests, and changes nothing.
//
// It prints a table of the facts that the vendor doesn't document: what the provider assumes, and what the program saw.
// It writes the table to report.md, and the official images of the region to catalogue.json, for the sandbox. The
// report contains only counts, error codes and fixed texts: no IDs, no names, no account numbers and no keys.
//
// The exit code is 0 if the report was written, 1 on an error, and 2 if the command line is invalid.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	env := signin.Env{Getenv: os.Getenv, Home: signin.HomeDir()}
	code := run(ctx, os.Args[1:], env, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Command paisandbox serves the image API of PAI (AIWorkSpace) from memory, to try the provider without an account.
//
// It prints the environment variables that the provider needs as export lines for a shell, and serves until it receives
// SIGINT or SIGTERM. The exit code is 0 on success, 1 on an error, and 2 if the command line is invalid.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

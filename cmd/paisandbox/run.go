package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

type settings struct {
	addr, region, catalogue string
	dump, tls               bool
}

// run runs the program until ctx ends and returns its exit code. Except for a dump of the catalogue, the output on
// stdout is a valid shell script.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("paisandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.addr, "addr", paisandbox.DefaultAddr, "`address` to listen on; port 0 selects a free port")
	flags.StringVar(&s.region, "region", paisandbox.DefaultRegion,
		"serve the built-in images of this `region`; \"\" serves those of all regions")
	flags.StringVar(&s.catalogue, "catalogue", "",
		"serve the content of this JSON `file`, {\"Images\":[...],\"Workspaces\":[...]}, and reload it when it changes")
	flags.BoolVar(&s.dump, "dump-catalogue", false,
		"print the built-in images and workspaces as a catalogue file and exit")
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS with a certificate created at startup")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "paisandbox: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	}

	command := serve
	if s.dump {
		command = dump
	}
	if err := command(ctx, s, stdout, stderr); err != nil {
		_, _ = fmt.Fprintf(stderr, "paisandbox: %v\n", err)
		return exitError
	}
	return exitOK
}

func dump(_ context.Context, s settings, stdout, _ io.Writer) error {
	file := paisandbox.CatalogueFile{Images: paisandbox.Catalogue(), Workspaces: paisandbox.Workspaces()}
	if s.region != "" {
		file.Images = paisandbox.InRegion(file.Images, s.region)
	}
	return paisandbox.WriteCatalogue(stdout, file)
}

func serve(ctx context.Context, s settings, stdout, stderr io.Writer) (err error) {
	options := paisandbox.Options{Addr: s.addr, TLS: s.tls, Region: s.region}
	var file *catalogueFile
	if s.catalogue != "" {
		file = &catalogueFile{path: s.catalogue, stderr: stderr}
		catalogue, err := file.load()
		if err != nil {
			return err
		}
		options.Catalogue, options.Workspaces = catalogue.Images, catalogue.Workspaces
	}
	sandbox, err := paisandbox.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sandbox.Close()) }()
	if file != nil {
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Call(file.reload)})
	}

	var certificate string
	if s.tls {
		if certificate, err = writeCertificate(sandbox.CertificatePEM()); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.Remove(certificate)) }()
	}
	if _, err := io.WriteString(stdout, startMessage(sandbox, certificate)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// writeCertificate writes the certificate to a temporary file and returns its path.
func writeCertificate(pem []byte) (path string, err error) {
	f, err := os.CreateTemp("", "paisandbox-*.pem")
	if err != nil {
		return "", err
	}
	_, err = f.Write(pem)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// startMessage returns the output for the start: comments, and an export line for each environment variable.
// certificate is the path of the certificate file, or "" without TLS.
func startMessage(sandbox *paisandbox.Sandbox, certificate string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The sandbox serves %d images and %d workspaces at %s. Stop it with Ctrl-C.\n",
		len(sandbox.Images()), len(sandbox.Workspaces()), sandbox.URL())
	if certificate != "" {
		fmt.Fprintf(&b, "# Its certificate, to add to the trusted certificates of a program: %s\n", certificate)
	}
	b.WriteString("# Set these variables in the shell that runs terraform:\n")
	for _, variable := range sandbox.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(&b, "export %s=%s\n", name, shellQuote(value))
	}
	return b.String()
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+-]+$`)

func shellQuote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

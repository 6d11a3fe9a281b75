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
	"syscall"

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
		"serve the images of this `region` if the host name of a request contains no region")
	flags.StringVar(&s.catalogue, "catalogue", "",
		"serve the content of this JSON `file`, {\"Images\":[...],\"Workspaces\":[...]}, and reload it when it changes")
	flags.BoolVar(&s.dump, "dump-catalogue", false,
		"print the built-in images of all regions and the workspaces as a catalogue file and exit")
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS with a certificate created at startup")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "paisandbox: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	case s.region == "":
		_, _ = fmt.Fprintf(stderr, "paisandbox: -region is empty: set a region, such as %s\n", paisandbox.DefaultRegion)
		return exitUsage
	}

	var err error
	if s.dump {
		file := paisandbox.CatalogueFile{Images: paisandbox.Catalogue(), Workspaces: paisandbox.Workspaces()}
		err = paisandbox.WriteCatalogue(stdout, file)
	} else {
		err = serve(ctx, s, stdout, stderr)
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "paisandbox: %v\n", err)
		return exitError
	}
	return exitOK
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
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w: set another port with -addr, such as %s", err, paisandbox.DefaultAddr)
	case err != nil:
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
	if _, err := io.WriteString(stdout, startMessage(sandbox, s.region, certificate)); err != nil {
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

// startMessage returns the output for the start: comments, and an export line for each environment variable. region is
// the default region. certificate is the path of the certificate file, or "" without TLS.
func startMessage(sandbox *paisandbox.Sandbox, region, certificate string) string {
	var b strings.Builder
	images := sandbox.Images()
	fmt.Fprintf(&b, "# The sandbox serves %d images, %d of them in %s, and %d workspaces. Stop it with Ctrl-C.\n",
		len(images), len(paisandbox.InRegion(images, region)), region, len(sandbox.Workspaces()))
	fmt.Fprintf(&b, "# Without a region in the host name, it serves %s: %s\n", region, sandbox.URL())
	if certificate != "" {
		fmt.Fprintf(&b, "# Its certificate, to add to the trusted certificates of a program: %s\n", certificate)
	}
	b.WriteString("# Set these variables in the shell that runs terraform:\n")
	for _, variable := range sandbox.RegionalEnviron() {
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

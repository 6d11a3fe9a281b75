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

// Exit codes, as usual: 2 is for a command line that makes no sense.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

type settings struct {
	addr, region, catalogue string
	dump, tls               bool
}

// run is the program, ended by ctx. What it prints on stdout can be given to a shell's eval.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("paisandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.addr, "addr", paisandbox.DefaultAddr, "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&s.region, "region", paisandbox.DefaultRegion, "`region` whose built-in images are listed; \"\" for those of all regions")
	flags.StringVar(&s.catalogue, "catalogue", "", "JSON `file` with the images, {\"Images\":[...]}; read again when it changes")
	flags.BoolVar(&s.dump, "dump-catalogue", false, "print the built-in images as such a file and exit")
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS with a certificate made at start")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "paisandbox: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	}

	work := serve
	if s.dump {
		work = dump
	}
	if err := work(ctx, s, stdout, stderr); err != nil {
		_, _ = fmt.Fprintf(stderr, "paisandbox: %v\n", err)
		return exitError
	}
	return exitOK
}

func dump(_ context.Context, s settings, stdout, _ io.Writer) error {
	images := paisandbox.Catalogue()
	if s.region != "" {
		images = paisandbox.InRegion(images, s.region)
	}
	return paisandbox.WriteCatalogue(stdout, images)
}

func serve(ctx context.Context, s settings, stdout, stderr io.Writer) (err error) {
	options := paisandbox.Options{Addr: s.addr, TLS: s.tls, Region: s.region}
	var file *catalogueFile
	if s.catalogue != "" {
		file = &catalogueFile{path: s.catalogue, stderr: stderr}
		if options.Catalogue, err = file.load(); err != nil {
			return err
		}
	}
	sandbox, err := paisandbox.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sandbox.Close()) }()
	if file != nil {
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Change(file.refresh)})
	}

	var trust string
	if s.tls {
		if trust, err = writeCertificate(sandbox.CertificatePEM()); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.Remove(trust)) }()
	}
	if _, err := io.WriteString(stdout, greeting(sandbox, trust)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// writeCertificate leaves the certificate where another program can be told to trust it.
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

func greeting(sandbox *paisandbox.Sandbox, trust string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# AIWorkSpace's image API, in memory, with %d images: %s\n", len(sandbox.Images()), sandbox.URL())
	if trust != "" {
		fmt.Fprintf(&b, "# Its certificate, for a program that can be told to trust it: %s\n", trust)
	}
	b.WriteString("# It ends on Ctrl-C. Meanwhile, in the shell that runs terraform:\n")
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

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// catalogueFile is looked at before each request is answered, rather than from time to time: whoever has changed the
// file sees the change in the very next answer.
type catalogueFile struct {
	path   string
	stderr io.Writer

	mu      sync.Mutex
	seen    []byte
	problem string
}

// load reads the file for the first time, when there is no older catalogue to fall back on.
func (f *catalogueFile) load() ([]paisandbox.Image, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	images, err := paisandbox.ReadCatalogue(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	f.seen = data
	return images, nil
}

// refresh reads the file again where it has changed. A broken one changes nothing and is complained about once.
func (f *catalogueFile) refresh(s *paisandbox.Sandbox) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := os.ReadFile(f.path)
	if err != nil {
		f.complain(err)
		return
	}
	if bytes.Equal(data, f.seen) {
		f.problem = ""
		return
	}
	images, err := paisandbox.ReadCatalogue(bytes.NewReader(data))
	if err != nil {
		f.complain(fmt.Errorf("%s: %w", f.path, err))
		return
	}
	f.seen, f.problem = data, ""
	s.SetImages(images)
	_, _ = fmt.Fprintf(f.stderr, "paisandbox: %s has changed: %d images\n", f.path, len(images))
}

func (f *catalogueFile) complain(err error) {
	if problem := err.Error(); problem != f.problem {
		f.problem = problem
		_, _ = fmt.Fprintf(f.stderr, "paisandbox: the catalogue stays as it was: %v\n", err)
	}
}

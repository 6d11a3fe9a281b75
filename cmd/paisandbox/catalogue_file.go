package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// catalogueFile is a file whose images the program serves. The program checks the file before each request, so the
// first response after a change shows the new images.
type catalogueFile struct {
	path   string
	stderr io.Writer

	mu        sync.Mutex
	content   []byte // content when the file was last loaded
	lastError string // last printed error; "" if the file has become valid since
}

// load reads the file at startup. Unlike an error of a later reload, an error of load ends the program.
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
	f.content = data
	return images, nil
}

// reload replaces the sandbox's images if the file has changed. If the file is invalid or can't be read, the images
// stay the same, and reload prints the error once.
func (f *catalogueFile) reload(s *paisandbox.Sandbox) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := os.ReadFile(f.path)
	if err != nil {
		f.reportError(err)
		return
	}
	if bytes.Equal(data, f.content) {
		f.lastError = ""
		return
	}
	images, err := paisandbox.ReadCatalogue(bytes.NewReader(data))
	if err != nil {
		f.reportError(fmt.Errorf("%s: %w", f.path, err))
		return
	}
	f.content, f.lastError = data, ""
	s.SetImages(images)
	_, _ = fmt.Fprintf(f.stderr, "paisandbox: reloaded %s: %d images\n", f.path, len(images))
}

func (f *catalogueFile) reportError(err error) {
	if message := err.Error(); message != f.lastError {
		f.lastError = message
		_, _ = fmt.Fprintf(f.stderr, "paisandbox: reload the catalogue: %v; still serving the previous images\n", err)
	}
}

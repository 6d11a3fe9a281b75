package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// catalogueFile is a file whose images and workspaces the program serves. The program checks the file before each
// request, so the first response after a change shows the new content.
type catalogueFile struct {
	path   string
	stderr io.Writer

	mu        sync.Mutex
	content   []byte // content when the file was last loaded
	lastError string // last printed error; "" if the file has become valid since
}

// load reads the file at startup. Unlike an error of a later reload, an error of load ends the program.
func (f *catalogueFile) load() (paisandbox.CatalogueFile, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := os.ReadFile(f.path)
	if err != nil {
		return paisandbox.CatalogueFile{}, err
	}
	catalogue, err := paisandbox.ReadCatalogue(bytes.NewReader(data))
	if err != nil {
		return paisandbox.CatalogueFile{}, fmt.Errorf("%s: %w", f.path, err)
	}
	f.content = data
	return catalogue, nil
}

// reload replaces the sandbox's images and workspaces if the file has changed. If the file is invalid or can't be read,
// they stay the same, and reload prints the error once.
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
	catalogue, err := paisandbox.ReadCatalogue(bytes.NewReader(data))
	if err != nil {
		f.reportError(fmt.Errorf("%s: %w", f.path, err))
		return
	}
	f.content, f.lastError = data, ""
	s.SetImages(catalogue.Images)
	s.SetWorkspaces(catalogue.Workspaces)
	_, _ = fmt.Fprintf(f.stderr, "paisandbox: reloaded %s: %d images, %d workspaces\n",
		f.path, len(catalogue.Images), len(catalogue.Workspaces))
}

func (f *catalogueFile) reportError(err error) {
	if message := err.Error(); message != f.lastError {
		f.lastError = message
		_, _ = fmt.Fprintf(f.stderr, "paisandbox: reload the catalogue: %v; still serving the previous content\n", err)
	}
}

package paisandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// CatalogueFile is the content of a catalogue file.
type CatalogueFile struct {
	Images     []Image     `json:"Images"`
	Workspaces []Workspace `json:"Workspaces"`
}

// ReadCatalogue reads images and workspaces in the formats of ListImages and ListWorkspaces,
// {"Images":[...],"Workspaces":[...]}. It ignores other members, so it can read a saved ListImages response. If the
// file has no "Workspaces", ReadCatalogue returns the built-in ones. It returns an error if two images or two
// workspaces have the same ID.
func ReadCatalogue(r io.Reader) (CatalogueFile, error) {
	var file CatalogueFile
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(&file); err != nil {
		return CatalogueFile{}, fmt.Errorf("not a catalogue: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return CatalogueFile{}, errors.New("not a catalogue: unexpected data after the first JSON value")
	}
	if file.Images == nil {
		return CatalogueFile{}, errors.New(`not a catalogue: missing "Images"`)
	}
	if file.Workspaces == nil {
		file.Workspaces = Workspaces()
	}
	if err := errors.Join(
		checkUnique("ImageId", file.Images, func(i Image) Field[string] { return i.ImageID }),
		checkUnique("WorkspaceId", file.Workspaces, func(w Workspace) Field[string] { return w.WorkspaceID }),
	); err != nil {
		return CatalogueFile{}, fmt.Errorf("not a catalogue: %w", err)
	}
	return file, nil
}

// checkUnique returns an error if two items have the same ID. Items may lack an ID.
func checkUnique[T any](name string, items []T, idOf func(T) Field[string]) error {
	seen := map[string]bool{}
	for _, item := range items {
		if id, ok := idOf(item).Get(); ok {
			if seen[id] {
				return fmt.Errorf("duplicate %s %q", name, id)
			}
			seen[id] = true
		}
	}
	return nil
}

// WriteCatalogue writes a file in the format that ReadCatalogue reads.
func WriteCatalogue(w io.Writer, file CatalogueFile) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(file)
}

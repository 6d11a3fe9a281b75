package paisandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ReadCatalogue reads images in the format of a ListImages response, {"Images":[...]}. It ignores other members, so it
// can read a response saved from the API. It returns an error if two images have the same ID.
func ReadCatalogue(r io.Reader) ([]Image, error) {
	var file struct {
		Images *[]Image `json:"Images"`
	}
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("not a catalogue: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a catalogue: unexpected data after the first JSON value")
	}
	if file.Images == nil {
		return nil, errors.New(`not a catalogue: missing "Images"`)
	}
	seen := map[string]bool{}
	for _, i := range *file.Images {
		id, ok := i.ImageID.Get()
		if ok && seen[id] {
			return nil, fmt.Errorf("not a catalogue: duplicate ImageId %q", id)
		}
		seen[id] = true
	}
	return *file.Images, nil
}

// WriteCatalogue writes images in the format that ReadCatalogue reads.
func WriteCatalogue(w io.Writer, images []Image) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Images []Image `json:"Images"`
	}{images})
}

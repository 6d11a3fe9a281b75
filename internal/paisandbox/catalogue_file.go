package paisandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ReadCatalogue reads images in the shape of ListImages' answer, {"Images":[...]}. What else the answer holds is
// passed over, so that an answer saved from the service is a catalogue.
func ReadCatalogue(r io.Reader) ([]Image, error) {
	var file struct {
		Images *[]Image `json:"Images"`
	}
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("not a catalogue: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a catalogue: there is more after the first JSON value")
	}
	if file.Images == nil {
		return nil, errors.New(`not a catalogue: it has no "Images"`)
	}
	known := map[string]bool{}
	for _, i := range *file.Images {
		id, ok := i.ImageID.Get()
		if ok && known[id] {
			return nil, fmt.Errorf("not a catalogue: the ImageId %q is there twice", id)
		}
		known[id] = true
	}
	return *file.Images, nil
}

// WriteCatalogue writes images as ReadCatalogue reads them.
func WriteCatalogue(w io.Writer, images []Image) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Images []Image `json:"Images"`
	}{images})
}
